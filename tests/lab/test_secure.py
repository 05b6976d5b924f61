"""With TLS and passwords everywhere, what is set up wrongly is named in one line, at once, and nothing secret is shown."""
from labkit.layout import ETCD_USER
from labtest import LabTest


class Secure(LabTest):
    def complaint(self, *changes: tuple[str, str]) -> str:
        with self.configuration(self.own_configuration(*changes)) as config:
            said = self.refuses(config)
        self.assertNotIn(ETCD_USER[1], said)
        return said

    def test_wrong_password(self):
        self.assertRegex(self.complaint((f"password: '{ETCD_USER[1]}'", 'password: wrong')), '(?i)password|auth|credential')

    def test_wrong_user(self):
        self.assertRegex(self.complaint((f'username: {ETCD_USER[0]}', 'username: nobody')), '(?i)password|auth|credential|user')

    def test_no_password(self):
        self.complaint((f'  username: {ETCD_USER[0]}\n', ''), (f"  password: '{ETCD_USER[1]}'\n", ''))

    def test_unknown_authority(self):
        with self.configuration('') as empty:
            self.complaint((f'  cacert: {self.lab.certificates.ca}', f'  cacert: {empty}'))
        self.assertRegex(self.complaint((f'  protocol: https\n  cacert: {self.lab.certificates.ca}\n', '  protocol: https\n')),
                         '(?i)certificate|cacert')

    def test_no_certificate(self):
        certificates = self.lab.certificates
        self.assertRegex(self.complaint((f'  cert: {certificates.client}\n  key: {certificates.client_key}\n', '')),
                         '(?i)certificate')

    def test_http_to_a_port_with_tls(self):
        self.complaint(('  protocol: https\n', ''))
