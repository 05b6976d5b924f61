#!/usr/bin/env python3
"""TLS that is wrong in every way, and secrets: what is said, how soon, and who gets to see what."""
import base64
import contextlib
import json
import os
import resource
import signal
import subprocess
import threading
import time
import unittest

from faultkit import PROGRAM, FaultCase, RawServer, Server, Silent, etcd3
from kit.etcd import Etcd
from kit.tls import PASSWORD, Certificates
from servers import KEYS
from terminal import Terminal
from test_signals import COMMANDS

SECRET = 'hocus.pocus'
AT_ONCE = 0.5


def setUpModule():
    global certificates
    certificates = Certificates()
    certificates.path('ca.pem')
    unittest.addModuleCleanup(certificates.stop)


def context(certificate='good', verify_client=None):
    return certificates.server_context({'certificate': certificate, 'verify_client': verify_client})


class Secure(FaultCase):
    def cluster(self, api_url, ctl=''):
        keys = {**KEYS, '/service/batman/members/pg1': json.dumps({
            'conn_url': 'postgres://10.0.1.1:5432/postgres', 'api_url': api_url, 'state': 'running', 'role': 'primary',
            'version': '4.1.5', 'timeline': 1, 'xlog_location': 1})}
        etcd = self.server(lambda request: etcd3(request, keys))
        ctl = ''.join(f'  {key}: {value}\n' for key, value in {
            'authentication': f'{{username: admin, password: {SECRET}}}', **(ctl or {})}.items())
        return self.config(etcd.place, more=f'ctl:\n{ctl}')

    def member(self, certificate='good', verify_client=None, status=202):
        return self.server(lambda request: (status, b'reload scheduled'), context(certificate, verify_client))

    def reload(self, member, *options, scheme='https', **ctl):
        config = self.cluster(f'{scheme}://{member.place}/patroni', ctl)
        words = [*options, 'reload', 'batman', '--force']
        return self.run_program(config, *words)


class MemberTls(Secure):
    def check(self, member, *texts, scheme='https', status=3, **ctl):
        ctl = {'cacert': certificates.path('ca.pem'), **ctl}
        result = self.reload(member, scheme=scheme, **{key: value for key, value in ctl.items() if value})
        self.within(AT_ONCE, result, status, *texts, what=texts[0])
        self.assertEqual((len(result.out.splitlines()), result.err), (6, ''), 'the table and one line')
        self.assertNotIn(SECRET, result.out + result.err)
        if scheme == 'https':
            self.assertEqual(getattr(member, 'requests', []), [], 'nothing goes to somebody who is not trusted')

    def test_certificates_of_the_server(self):
        for certificate, text in (('expired', ' has expired on 20'), ('self-signed', ' is self-signed'),
                                  ('unknown-ca', ' is signed by an unknown certificate authority'),
                                  ('localhost', ' is for another name')):
            self.check(self.member(certificate), text)

    def test_no_authority(self):
        self.check(self.member(), 'unknown certificate authority', 'no ctl.cacert', cacert=None)

    def test_client_certificate(self):
        path = certificates.path
        member = self.member(verify_client='required')
        self.check(member, 'wants a client certificate')
        self.check(member, 'does not match', certfile=path('client.pem'), keyfile=path('stranger.key'))
        self.check(member, 'does not know the certificate authority', certfile=path('stranger.pem'),
                   keyfile=path('stranger.key'))
        self.check(member, 'has expired', certfile=path('client-expired.pem'), keyfile=path('client.key'))
        encrypted = {'certfile': path('client.pem'), 'keyfile': path('client-encrypted.key')}
        self.check(member, 'is encrypted and its password is not given', **encrypted)
        self.check(member, 'is encrypted and its password is wrong', keyfile_password='wrong', **encrypted)
        result = self.reload(member, cacert=path('ca.pem'), keyfile_password=PASSWORD, **encrypted)
        self.within(AT_ONCE, result, 0, 'Reload request received')

    def test_https_to_a_plain_port(self):
        self.check(Server(lambda request: (202, b'')), 'does not speak TLS')

    def test_http_to_a_tls_port(self):
        for verify_client in (None, 'required'):
            self.check(self.member(verify_client=verify_client), 'wants TLS, and was asked without', scheme='http')

    def test_insecure(self):
        """Verification is off with -k, as its help says, with a client certificate as well; "false" is false."""
        path = certificates.path
        for certificate in ('unknown-ca', 'localhost', 'expired'):
            for ctl in ({}, {'certfile': path('client.pem'), 'keyfile': path('client.key')}):
                result = self.reload(self.member(certificate), '-k', **ctl)
                self.within(AT_ONCE, result, 0, 'Reload request received')
        self.check(self.member('unknown-ca'), 'unknown certificate authority', insecure="'false'")
        self.within(AT_ONCE, self.reload(self.member('unknown-ca'), insecure="'on'"), 0, 'Reload request received')


class EtcdTls(Secure):
    """
    etcd itself, wrongly set up in every way: one line says at once which, whether it is asked by its v3 or its v2 API, and
    by either name of the program.
    """

    etcds = {}

    @classmethod
    def tearDownClass(cls):
        for etcd in cls.etcds.values():
            etcd.stop()

    @classmethod
    def etcd(cls, certificate='good', wants=False, *options):
        """Where an etcd with this certificate listens; one that *wants* a certificate of clients, or not."""
        key = certificate, wants, *options
        if key not in cls.etcds:
            cert, private = certificates.server_files({'certificate': certificate})
            words = ['--cert-file', cert, '--key-file', private, *options]
            if wants:
                words += ['--client-cert-auth', '--trusted-ca-file', certificates.path('ca.pem')]
            cls.etcds[key] = Etcd(words, certificates.client_context())
        return f'127.0.0.1:{cls.etcds[key].port}'

    def check(self, place, *texts, sections=('etcd3', 'etcd'), **settings):
        settings = {'protocol': 'https', 'cacert': certificates.path('ca.pem'), **settings}
        more = ''.join(f'  {key}: {value}\n' for key, value in settings.items() if value)
        for section in sections:
            result = self.run_program(self.config(place, section=section, more=more), 'list')
            self.within(AT_ONCE, result, 1, *texts, what=f'{section} {texts[0]}')
            self.assertEqual((result.out, len(result.err.splitlines())), ('', 1), result)
            self.assertTrue(result.err.startswith('Error: '), result)

    def test_which_certificate_file_and_section(self):
        ca = certificates.path('ca.pem')
        for section in 'etcd3', 'etcd':
            for certificate, text in (('expired', ' has expired on 20'), ('unknown-ca', ' unknown certificate authority'),
                                      ('self-signed', ' is self-signed'), ('localhost', ' is for another name')):
                self.check(self.etcd(certificate), text, f'{section}.cacert: {ca}', sections=[section])
            self.check(self.etcd(), 'unknown certificate authority', f'{section}.cacert: none', sections=[section],
                       cacert=None)

    def test_authority_that_is_none(self):
        key = certificates.path('ca.key')
        self.check(self.etcd(), f'{key} holds no certificate', cacert=key)
        self.check(self.etcd(), '/nowhere.pem: No such file or directory', cacert='/nowhere.pem')

    def test_client_certificate(self):
        path, place = certificates.path, self.etcd(wants=True)
        self.check(place, 'There is no cluster', cert=path('client.pem'), key=path('client.key'))
        self.check(place, 'wants a client certificate')
        self.check(place, f'{path("client.pem")} holds no key', cert=path('client.pem'))
        self.check(place, 'the key', 'does not match the certificate', cert=path('client.pem'), key=path('stranger.key'))
        self.check(place, ' client certificate', cert=path('stranger.pem'), key=path('stranger.key'))
        self.check(place, ' client certificate', cert=path('client-expired.pem'), key=path('client.key'))
        self.check(place, 'is encrypted and its password is not given', cert=path('client.pem'),
                   key=path('client-encrypted.key'))

    def test_http_to_a_tls_port(self):
        for wants in False, True:
            self.check(self.etcd(wants=wants), 'wants TLS, and was asked without', protocol='http')

    def test_https_to_a_plain_port(self):
        etcd = Etcd()
        self.addCleanup(etcd.stop)
        self.check(f'127.0.0.1:{etcd.port}', 'does not speak TLS')

    def test_password_that_is_a_number(self):
        """It is text as pgha; patronictl, which never ends here, says what to do."""
        words = {'etcd3': ('POST', '/v3/auth/authenticate'), 'etcd': ('GET', '/v2/keys/service/batman/')}
        for section, request in words.items():
            etcd = self.server()
            config = self.config(etcd.place, section=section, more='  username: alice\n  password: 0123\n')
            self.run_program(config, 'list')
            self.assertEqual(etcd.requests[0][0], request[0])
            sent = etcd.requests[0][3] + etcd.requests[0][2].get('Authorization', '')
            self.assertIn('"0123"' if section == 'etcd3' else base64.b64encode(b'alice:0123').decode(), sent)
            patronictl = os.path.join(os.path.dirname(PROGRAM), 'patronictl')
            done = subprocess.run([patronictl, '-c', config, 'list'], env=self.environment(), capture_output=True,
                                  text=True, timeout=5)
            self.assertEqual((done.returncode, done.stdout), (1, ''))
            self.assertEqual(done.stderr, f'Error: password in section {section} is not text: put it in quotes\n')


class Secrets(Secure):
    def assert_hidden(self, text):
        self.assertNotIn(SECRET, text)
        self.assertNotIn('YWRtaW46aG9jdXMucG9jdXM', text)  # admin: and it, as HTTP has it

    def test_debug_and_errors(self):
        for status in (202, 401, 403, 500):
            member = self.server(lambda request, status=status: (status, b'x'))
            result = self.reload(member, '--debug', scheme='http')
            self.assert_hidden(result.out + result.err)
            self.assertIn('Authorization: <redacted>', result.err)
            self.assertRegex(result.err, r'DEBUG - POST http://\S+/reload .*: %d, 1 bytes in 0\.\d+ s' % status)
            self.assertIn('Authorization', member.requests[0][2])
        result = self.reload(self.with_end(Silent()), '--debug', '--timeout', '0.2', scheme='http')
        self.assert_hidden(result.out + result.err)

    def test_passwords_in_addresses(self):
        result = self.run_program(self.config('127.0.0.1:1'), '-d', f'etcd3://admin:{SECRET}@127.0.0.1:1', '--debug', 'list')
        self.assert_hidden(result.out + result.err)
        config = self.cluster(f'http://admin:{SECRET}@127.0.0.1:1/patroni')
        for words in (['--debug', 'reload', 'batman', '--force'], ['--debug', 'version', 'batman']):
            self.assert_hidden(str(self.run_program(config, *words)))

    def test_broken_configuration(self):
        path = os.path.join(self.directory, 'broken.yml')
        for text in (f'ctl:\n  authentication:\n    password: "{SECRET}\n', f'etcd3:\n  password: [{SECRET}\n',
                     f'etcd3:\n  host: [h]\n  password: {SECRET}\n', f'etcd3:\n  url: "http://u:{SECRET}@[::1"\n',
                     f'ctl:\n  authentication: {SECRET}\n', f'etcd3: {SECRET}\nscope: batman\n'):
            with open(path, 'w') as file:
                file.write(text)
            result = self.run_program(path, '--debug', 'list', 'batman')
            self.assertNotEqual(result.status, 0)
            self.assert_hidden(result.out + result.err)

    def test_no_core(self):
        """A crash leaves no file with the memory."""
        def dumps(words, ready):
            process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env=self.environment(), cwd=self.directory, preexec_fn=lambda: resource.setrlimit(
                                           resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2))
            self.assertTrue(ready(process), words)
            process.send_signal(signal.SIGSEGV)
            _, status = os.waitpid(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            return os.WCOREDUMP(status)

        asked, end = threading.Event(), threading.Event()
        self.addCleanup(end.set)

        def hang(_, request):
            asked.set()
            end.wait(20)

        if not dumps(['sleep', '30'], lambda process: True):
            self.skipTest('nothing leaves one here')
        config = self.config(self.with_end(RawServer(hang)).place)
        self.assertFalse(dumps(self.words(config, ['list'], timeout=20), lambda process: asked.wait(20)))

    def test_redirects_are_not_followed(self):
        other = self.server(lambda request: (202, b''))

        def redirect(connection, request):
            connection.sendall(f'HTTP/1.1 307 x\r\nLocation: http://{other.place}/reload\r\n'
                               'Content-Length: 0\r\n\r\n'.encode())

        for words in (['reload', 'batman', '--force'], ['version', 'batman'], ['restart', 'batman', '--force']):
            config = self.cluster(f'http://{self.with_end(RawServer(redirect)).place}/patroni')
            self.run_program(config, *words)
            self.assertEqual(other.requests, [], words)

    def test_redirects_of_the_store_are_not_followed(self):
        other = self.server()

        def redirect(connection, request):
            path = request.split(b' ')[1].decode()
            connection.sendall(f'HTTP/1.1 307 x\r\nLocation: http://{other.place}{path}\r\n'
                               'Content-Length: 0\r\n\r\n'.encode())

        for section in 'etcd3', 'etcd':
            config = self.config(self.with_end(RawServer(redirect)).place, section=section,
                                 more=f'  username: admin\n  password: {SECRET}\n')
            for words in (['list'], ['edit-config', '--force', '-s', 'ttl=40']):
                result = self.run_program(config, '--debug', *words)
                self.within(AT_ONCE, result, 1, what=f'{section} {words[0]}')
                self.assert_hidden(result.out + result.err)
                self.assertEqual(other.requests, [])

    def test_nothing_secret_before_the_certificate_is_known(self):
        """A token for etcd is not asked for at somebody else's, and a password for a member not sent there."""
        for certificate in ('unknown-ca', 'localhost', 'expired'):
            etcd = self.server(etcd3, context(certificate))
            more = f'  protocol: https\n  username: admin\n  password: {SECRET}\n  cacert: {certificates.path("ca.pem")}\n'
            self.assertEqual(self.run_program(self.config(etcd.place, more=more), 'list').status, 1)
            self.assertEqual(etcd.requests, [])

    def test_bombs(self):
        path = os.path.join(self.directory, 'bomb.yml')
        laughs = 'a0: &a0 [x]\n' + ''.join(f'a{i}: &a{i} [{", ".join([f"*a{i - 1}"] * 9)}]\n' for i in range(1, 12))
        for text, message in ((laughs, 'more than'), ('a: ' + '[' * 100000, 'nested too deep'),
                              ('a: ' + '{a: ' * 100000, 'nested too deep')):
            with open(path, 'w') as file:
                file.write(text)
            self.within(1, self.run_program(path, 'list', 'batman'), 1, message, what=message)
        deep = '[' * 100000 + ']' * 100000
        for key in ('config', 'members/pg1', 'sync', 'history', 'failover', 'status'):
            keys = {**KEYS, f'/service/batman/{key}': deep}
            config = self.config(self.server(lambda request, keys=keys: etcd3(request, keys)).place)
            for words in (['list'], ['show-config'], ['history']):
                result = self.run_program(config, *words)
                self.assertIn(result.status, (0, 1), result)
                self.assertLess(result.seconds, 2)


class EveryCommand(FaultCase):
    """Passwords from everywhere, each another one: no command tells them to anybody but whom they are for."""

    # Where each is put. The names stand in the secrets, so that a failure says which of them has got out.
    PLACES = ('etcd', 'ctl', 'restapi', 'key', 'option', 'env_etcd', 'env_ctl', 'env_url', 'libpq', 'typed', 'token', 'member')

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secrets = {place: f'{SECRET}.{place}' for place in cls.PLACES}
        listed = subprocess.run([PROGRAM, 'dump-commands'], capture_output=True, text=True, check=True).stdout
        cls.commands = sorted({command['name'] for command in json.loads(listed)['commands']} - {'shell'})

    def world(self, refusing):
        """An etcd with users and two members; all of them may refuse the credentials."""
        def say(request):
            if refusing:
                return 401, b'no'
            return (501, b'no') if request[0] == 'PATCH' else (200, b'done')  # no demotion to wait for

        members = [self.server(say) for _ in range(2)]
        keys = {**KEYS}
        for number, member in enumerate(members):
            keys[f'/service/batman/members/pg{number + 1}'] = json.dumps({
                'conn_url': f'postgres://u:{self.secrets["member"]}@127.0.0.1:1/postgres',
                'api_url': f'http://u:{self.secrets["member"]}@{member.place}/patroni', 'timeline': 1, 'state': 'running',
                'role': 'replica' if number else 'primary', 'version': '4.1.5', 'xlog_location': 1,
                'scheduled_restart': {'schedule': '2099-01-01T00:00:00+00:00'}})
        keys['/service/batman/failover'] = '{"leader":"pg1","member":"pg2","scheduled_at":"2099-01-01T00:00:00+00:00"}'

        def answer(request):
            if request[1] == '/v3/auth/authenticate':
                self.asked.append(json.loads(request[3])['password'])
                return 200, {'token': self.secrets['token']}
            if refusing and len(self.asked) > 1:
                return 401, {'error': 'etcdserver: permission denied', 'code': 7}
            return etcd3(request, keys)

        return self.server(answer)

    def reporter(self, name):
        """A program that notes its own words and those of whoever has started it."""
        path = os.path.join(self.directory, name)
        with open(path, 'w') as file:
            file.write('#!/bin/sh\ncat /proc/$$/cmdline /proc/$PPID/cmdline >> "$HOME/seen"\n'
                       'case $1 in *.yaml) echo "ttl: 77" >> "$1";; esac\n')
        os.chmod(path, 0o755)
        return path

    def seen(self):
        with contextlib.suppress(FileNotFoundError), open(os.path.join(self.directory, 'seen')) as file:
            return file.read().replace('\0', ' ')
        return ''

    def call(self, program, given, words):
        """All that is to be seen of a run: what it prints, and what ps shows of it and of those that it starts."""
        terminal = Terminal([program, *given, *(['--debug'] if program == PROGRAM else []), *words], cwd=self.directory, columns=200, env=self.environment(
            TERM='xterm', PGPASSWORD=self.secrets['libpq'], EDITOR=self.reporter('editor'), PAGER=self.reporter('pager'),
            PATRONI_LOGLEVEL='DEBUG', **self.variables))
        try:
            ps = ''
            with contextlib.suppress(OSError), open(f'/proc/{terminal.process.pid}/cmdline') as cmdline:
                # Until it has begun to work, nobody can keep its words from being seen.
                with contextlib.suppress(AssertionError):
                    terminal.wait_for('DEBUG', timeout=2)
                ps = cmdline.read().replace('\0', ' ')
            if 'query' in words:
                terminal.wait_for('Password: ')
            terminal.type({'query': self.secrets['typed'] + '\n', 'edit-config': 'y\n',
                           'remove': 'batman\nYes I am aware\npg1\n'}.get(words[0], ''))
            terminal.finish()
            time.sleep(0.02)
            return terminal.shown + ps + self.seen()
        finally:
            terminal.stop()

    def check(self, given):
        for name in self.commands:
            words = [word for word in COMMANDS[name] if word not in ('-w', '-W', '0.2', '--wait')]
            if name == 'switchover':
                words.append('--force')
            for program in PROGRAM, os.path.join(os.path.dirname(PROGRAM), 'patronictl'):
                shown = self.call(program, given, words)
                self.assertNotIn(SECRET, shown, f'{program} {name}')
                self.assertNotIn(base64.b64encode(SECRET.encode()).decode()[:12], shown, f'{program} {name}')

    def test_what_is_seen(self):
        for refusing in False, True:
            self.asked, self.variables = [], {}
            etcd = self.world(refusing)
            more = (f'  username: root\n  password: {self.secrets["etcd"]}\n'
                    f'ctl:\n  authentication: {{username: a, password: {self.secrets["ctl"]}}}\n'
                    f'  certfile: {certificates.path("client.pem")}\n  keyfile_password: {self.secrets["key"]}\n'
                    f'restapi:\n  authentication: {{username: a, password: {self.secrets["restapi"]}}}\n')
            config = self.config(etcd.place, more=more)
            self.check(['-c', config])
            self.assertIn(self.secrets['etcd'], self.asked)
            self.assertRegex(self.seen(), '(?s)/editor .*/pager ')
            self.check(['-c', config, '-d', f'etcd3://root:{self.secrets["option"]}@{etcd.place}'])
            self.variables = {'PATRONI_ETCD3_PASSWORD': self.secrets['env_etcd'], 'PATRONI_ETCD3_HOST': etcd.place,
                              'PATRONI_ETCD3_USERNAME': 'root', 'PATRONI_SCOPE': 'batman',
                              'PATRONI_CTL_USERNAME': 'a', 'PATRONI_CTL_PASSWORD': self.secrets['env_ctl']}
            self.check([])
            self.assertIn(self.secrets['env_etcd'], self.asked)
            self.variables = {'DCS_URL': f'etcd3://root:{self.secrets["env_url"]}@{etcd.place}', 'PATRONI_SCOPE': 'batman'}
            self.check([])

    def test_history_of_the_shell(self):
        self.asked = []
        config = self.config(self.world(False).place, more=f'  username: root\n  password: {self.secrets["etcd"]}\n')
        url = f'-d etcd3://root:{self.secrets["option"]}@127.0.0.1:1 list'
        terminal = Terminal(self.words(config, ['--debug', 'shell']), cwd=self.directory, columns=200,
                            env=self.environment(TERM='xterm', PGPASSWORD=self.secrets['libpq']))
        self.addCleanup(terminal.stop)
        terminal.wait_for('> ')
        for line, end in ((url, 'Error'), ('list batman', '| pg1 '), ('history', 'New Leader')):
            before = len(terminal.shown)
            terminal.type(line + '\n')
            # A Ctrl-D before the next prompt would not reach the line editor.
            terminal.wait_until(lambda shown: end in shown[before:] and '> ' in shown[before:].rpartition(end)[2],
                                f'{end} and a prompt')
        terminal.type('\x04')
        terminal.finish()
        self.assertNotIn(SECRET, terminal.shown.replace(url, ''))  # the line itself is echoed
        with open(os.path.join(self.directory, '.local/state/pgha/history')) as file:
            self.assertEqual(file.read(), 'list batman\nhistory\n')


class Words(FaultCase):
    """The password of an address on the command line: what ps shows while the program works, and what messages show."""

    def forms(self, address):
        return ['-d', address], ['-d' + address], ['--dcs', address], ['--dcs-url', address], ['--dcs-url=' + address]

    def test_ps(self):
        asked, read = threading.Event(), threading.Event()

        def answer(request):
            asked.set()
            read.wait(20)
            return etcd3(request, KEYS)

        place = self.server(answer).place
        for program in PROGRAM, os.path.join(os.path.dirname(PROGRAM), 'patronictl'):
            for scheme in 'etcd3://', 'etcd://', '//', '':
                for given in self.forms(f'{scheme}bob:{SECRET}:x@y@{place}'):
                    asked.clear()
                    read.clear()
                    process = subprocess.Popen([program, *given, 'list', 'batman'], stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL, env=self.environment(), cwd=self.directory)
                    try:
                        self.assertTrue(asked.wait(20), given)
                        with open(f'/proc/{process.pid}/cmdline') as file:
                            words = file.read()
                    finally:
                        read.set()
                        process.kill()
                        process.wait()
                    self.assertNotIn(SECRET, words)
                    self.assertIn(f'bob:{"*" * len(SECRET + ":x@y")}@{place}', words)

    def run_both(self, words):
        for program in PROGRAM, os.path.join(os.path.dirname(PROGRAM), 'patronictl'):
            result = subprocess.run([program, *(['--debug'] if program == PROGRAM else []), *words],
                                    capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60,
                                    env=self.environment(PATRONI_LOGLEVEL='DEBUG', PGHA_TIMEOUT='0.2'))
            self.assertNotIn(SECRET, result.stdout + result.stderr, words)

    def test_messages_about_addresses(self):
        for address in (f'bob:{SECRET}@nohost.invalid', f'//bob:{SECRET}#x@h:1', f'etcd3://bob:{SECRET}#x@h',
                        f'etcd3://bob:x/{SECRET}?y@h', f'etcd3://bob:{SECRET}@h:port', f'mongo://bob:{SECRET}@h',
                        f'etcd3:bob:{SECRET}@h', f'etcd3://bob:{SECRET}@[::1', f"bob:'{SECRET}\\@h"):
            for words in ['-d', address, 'list'], [address, 'list'], ['list', '-x' + address], ['reload', address]:
                self.run_both(words)
            if 'nohost' not in address:
                result = subprocess.run([PROGRAM, 'list'], capture_output=True, text=True,
                                        env=self.environment(DCS_URL=address), timeout=60)
                self.assertEqual(result.returncode, 1, result)
                self.assertNotIn(SECRET, result.stdout + result.stderr)

    def test_messages_about_words(self):
        """Wherever an address stands, where it belongs and where it does not."""
        for address in f'etcd3://bob:{SECRET}#x@h', f'bob:x/{SECRET}?y@h':
            for words in (*(form + ['list'] for form in self.forms(address)), [address], ['list', '-d', address],
                          ['list', '--dcs-url=' + address], ['list', 'x', address], ['--dcs-ur=' + address, 'list'],
                          ['-x' + address, 'list'], ['--timeout', address, 'list'], ['list', '--format', address],
                          ['query', '-d', 'postgres://' + address, '-c', 'select 1']):
                self.run_both(words)


if __name__ == '__main__':
    unittest.main()
