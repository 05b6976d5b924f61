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

    def test_no_quorum(self):
        """No token without quorum, so that Patroni has to be asked; the v2 API needs none to read."""
        node = 'restapi:\n  connect_address: 127.0.2.5:8008\n  certfile: is one\n'
        for name in 'etcd1', 'etcd3':
            self.lab.freeze(name)
            self.addCleanup(self.lab.thaw, name)
        text = self.own_configuration()
        with self.configuration(text + node) as config:
            done = self.lab.client(self.pgha, '--timeout', '3', '-c', config, 'list')
            self.assertEqual(done.returncode, 5, done.stderr)
            source = 'the Patroni at https://127.0.2.5:8008' if 'etcd3:' in text else 'https://127.0.2.3:2379'
            self.assertTrue(done.stdout.startswith(f'UNVERIFIED, possibly old: the state that {source} has\n'), done.stdout)
            self.assertIn('| pg2 ', done.stdout)
            self.assertIn('unverified and possibly old', done.stderr)
            self.refuses(config, '--timeout', '3', 'reload', 'pg-cluster', '--force')
