"""Where TLS or passwords are at fault, nothing is written behind the members' backs, and the error says which file or section."""
import contextlib
import os
import unittest.mock

from acting import FAILED, REFUSED, ActingTest
from labkit.layout import REST_USER, SCOPE


class Secure(ActingTest):
    def setUp(self) -> None:
        super().setUp()
        self.lab.store.login()  # tokens end

    def commands(self) -> dict[str, tuple[str, ...]]:
        """Return every command that asks members, by the subject of the test that it makes."""
        leader, (candidate, _) = self.roles()
        return {'switchover': ('switchover', '--candidate', candidate, '--force'),
                'failover': ('failover', '--candidate', candidate, '--force'),
                'restart': ('restart', SCOPE, leader, '--force'),
                'reload': ('reload', SCOPE, leader, '--force'),
                'reinit': ('reinit', SCOPE, candidate, '--force'),
                'pause': ('pause',),
                'demote-cluster': ('demote-cluster', '--host', '127.0.2.9', '--force')}

    def check_refused(self, config: str, words: str) -> None:
        """Let every command fail for a fault in a file, which is named, without a change anywhere."""
        before = self.lab.key('config'), self.lab.primary(), {name: self.started(name) for name in ('pg1', 'pg2', 'pg3')}
        for name, command in self.commands().items():
            with self.subTest(command=name):
                done = self.act('-c', config, *command, status=REFUSED)
                self.assertRegex(done.stdout + done.stderr, words)
                self.assertNotIn(REST_USER[1], done.stdout + done.stderr)
                self.assertIn(config if 'authentication' in words else 'ctl.cacert', done.stdout + done.stderr)
        self.assertFalse(self.value('failover'))
        self.assertEqual((self.lab.key('config'), self.lab.primary(),
                          {name: self.started(name) for name in ('pg1', 'pg2', 'pg3')}), before)

    def test_wrong_rest_password(self):
        with self.configuration(self.own_configuration((f"'{REST_USER[1]}'", 'wrong'))) as config:
            self.check_refused(config, r'ctl\.authentication')

    def test_wrong_authority(self):
        with self.configuration(open(self.foreign_authority()).read()) as authority:
            with self.configuration(self.own_configuration(
                    (f'ctl:\n  cacert: {self.lab.certificates.ca}', f'ctl:\n  cacert: {authority}'))) as config:
                self.check_refused(config, r'ctl\.cacert')

    @staticmethod
    def foreign_authority() -> str:
        """Return a certificate authority that has nothing to do with the lab."""
        return next(path for path in ('/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt')
                    if os.path.exists(path))

    @contextlib.contextmanager
    def reader(self):
        """Have a configuration with a user of etcd who may only read."""
        self.lab.store.add_reader('reader', 'reader: pass word')
        with self.configuration(self.own_configuration(
                ('username: patroni\n', 'username: reader\n'), ("'etcd: pass word'", "'reader: pass word'"))) as config:
            yield config

    def test_store_refuses(self):
        with self.reader() as config:
            before = self.lab.keys()
            leader, (candidate, _) = self.roles()
            for command, answers in ((('edit-config', '--force', '-s', 'ttl=11'), ''),
                                     (('remove', SCOPE), f'{SCOPE}\nYes I am aware\n{leader}\n')):
                with self.subTest(command=command):
                    done = self.act('-c', config, *command, input=answers, status=FAILED)
                    self.assertRegex(done.stderr, 'Error: etcd refuses the credentials of section etcd.*(permission denied|reader may only read)')
            self.assertEqual(set(self.lab.keys()), set(before))
            self.assertEqual(self.lab.key('config'), before['config'])
            with self.gone(leader):
                done = self.act('-c', config, 'switchover', '--candidate', candidate, '--force', status=FAILED)
                self.assertRegex(done.stderr, 'Error: etcd refuses the credentials of section etcd.*(permission denied|reader may only read)')
                self.assertFalse(self.value('failover'))

    def test_passwords_are_what_the_file_says(self):
        """YAML takes some for numbers or booleans; the members get them in quotes."""
        current = REST_USER[1]
        name = 'pg1'
        line = f"  authentication:\n    username: {REST_USER[0]}\n    password: '%s'"
        try:
            for typed in '0123', 'yes', '1.50', 'ünïcode', '':
                with self.subTest(password=typed):
                    self.member_file(name, line % current, line % typed)
                    self.lab.reread(name)
                    current = typed
                    self.wait(lambda: self.accepts(name, typed), 'the new password')
                    with self.configuration(self.own_configuration((f"'{REST_USER[1]}'", typed))) as config:
                        self.act('-c', config, 'reload', SCOPE, name, '--force')
                    with self.configuration(self.own_configuration((f"'{REST_USER[1]}'", 'x' + typed))) as config:
                        self.act('-c', config, 'reload', SCOPE, name, '--force', status=REFUSED)
        finally:
            self.member_file(name, line % current, line % REST_USER[1])
            self.lab.reread(name)
            self.wait(lambda: self.accepts(name, REST_USER[1]), 'the old password')

    def accepts(self, name: str, password: str) -> bool:
        """Whether a member lets in whoever has this password."""
        with unittest.mock.patch('labkit.lab.REST_USER', (REST_USER[0], password)):
            return self.lab.rest(name, 'DELETE', '/restart')[0] == 404

    def test_etcd_passwords_are_what_the_file_says(self):
        for typed in '0123', 'yes', '1.50', 'ünïcode':
            with self.subTest(password=typed):
                self.lab.store.add_reader('reader-' + str(ord(typed[0])), typed)
                with self.configuration(self.own_configuration(
                        ('username: patroni\n', f'username: reader-{ord(typed[0])}\n'), ("'etcd: pass word'", typed))) as config:
                    self.act('-c', config, 'list')
