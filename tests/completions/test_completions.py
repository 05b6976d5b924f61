#!/usr/bin/python3
"""Complete command lines in real shells at a terminal: test_completions.py COMPLETIONS_DIR PGHA"""
import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import pexpect

SOURCE, PGHA = map(os.path.abspath, sys.argv[1:3])
DATA = {'pgha.bash': 'bash-completion/completions/pgha', 'pgha.zsh': 'zsh/vendor-completions/_pgha',
        'pgha.fish': 'fish/vendor_completions.d/pgha.fish'}
KEYS = {'/service/batman/members/alice': '{}', '/service/batman/members/bob': '{}', '/service/gotham/initialize': '1'}


def free_port() -> int:
    with socket.create_server(('127.0.0.1', 0)) as server:
        return server.getsockname()[1]


class Completions(unittest.TestCase):
    """One etcd with two clusters, and a shell for each test."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp(prefix='pgha-completions-')
        cls.data = os.path.join(cls.directory, 'share')
        for name, place in DATA.items():
            os.makedirs(os.path.dirname(os.path.join(cls.data, place)), exist_ok=True)
            shutil.copy(os.path.join(SOURCE, name), os.path.join(cls.data, place))
        os.makedirs(os.path.join(cls.directory, 'bin'))
        os.symlink(PGHA, os.path.join(cls.directory, 'bin', 'pgha'))
        os.symlink(PGHA, os.path.join(cls.directory, 'bin', 'patronictl'))
        client, peer = (f'http://127.0.0.1:{free_port()}' for _ in range(2))
        cls.etcd = subprocess.Popen(
            ['etcd', '--data-dir', os.path.join(cls.directory, 'etcd'), '--listen-client-urls', client,
             '--advertise-client-urls', client, '--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer,
             '--initial-cluster', f'default={peer}', '--unsafe-no-fsync', '--logger', 'zap'],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.client = client
        deadline = time.monotonic() + 30
        for key, value in KEYS.items():
            cls.put(key, value, deadline)
        with open(os.path.join(cls.directory, 'patroni.yml'), 'w') as file:
            json.dump({'scope': 'batman', 'etcd3': {'host': client.removeprefix('http://')}}, file)

    @classmethod
    def put(cls, key, value, deadline):
        body = json.dumps({name: base64.b64encode(text.encode()).decode()
                           for name, text in (('key', key), ('value', value))}).encode()
        while True:
            try:
                urllib.request.urlopen(cls.client + '/v3/kv/put', body, 5).read()
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    @classmethod
    def tearDownClass(cls):
        cls.etcd.kill()
        cls.etcd.wait()
        shutil.rmtree(cls.directory)

    def start(self, *argv, config='patroni.yml'):
        env = {'PATH': os.path.join(self.directory, 'bin') + ':/usr/bin:/bin', 'HOME': self.directory, 'TERM': 'vt100',
               'LANG': 'C.UTF-8', 'XDG_DATA_DIRS': self.data,
               'fpath_dir': os.path.join(self.data, 'zsh/vendor-completions'),
               'PATRONICTL_CONFIG_FILE': os.path.join(self.directory, config)}
        shell = pexpect.spawn(argv[0], list(argv[1:]), env=env, cwd=self.directory, encoding='utf-8', timeout=60,
                              dimensions=(50, 160))
        self.addCleanup(shell.close, True)
        return shell

    def bash(self):
        shell = self.start('/bin/bash', '--norc', '-i')
        shell.sendline("PS1='READY> '; bind 'set enable-bracketed-paste off' 'set show-all-if-ambiguous on'; "
                       '. /usr/share/bash-completion/bash_completion; echo BE"GUN"')
        shell.expect('BEGUN')
        return shell

    def zsh(self):
        shell = self.start('/bin/zsh', '-f', '-i')
        shell.sendline("PS1='READY> '; bindkey -e; unsetopt zle_bracketed_paste; fpath=($fpath_dir $fpath); "
                       'autoload -U compinit; compinit -u -D; setopt no_list_beep; echo BE"GUN"')
        shell.expect('BEGUN', timeout=300)  # compinit reads a thousand files
        return shell

    def fish(self):
        shell = self.start('/usr/bin/fish', '--private')
        shell.sendline('function fish_prompt; echo "READY> "; end; echo BE"GUN"')
        shell.expect('BEGUN')
        return shell

    def check(self, shell):
        """Each line is typed and completed; then "echo" goes in front of it, and the shell prints what it became."""
        for typed, rest in (
                ('pgha switcho', 'ver'),
                ('pgha list --form', 'at'),
                ('pgha list --format=js', 'on'),
                ('pgha list -f ya', 'ml'),
                ('pgha --color=al', 'ways'),
                ('pgha --color nev', 'er'),
                ('pgha list got', 'ham'),
                ('pgha reload batman ali', 'ce'),
                ('pgha failover --candidate bo', 'b'),
                ('pgha edit-config --apply patr', 'oni.yml'),
                ('patronictl topol', 'ogy'),
                ('patronictl reload batman bo', 'b'),
        ):
            with self.subTest(typed=typed):
                self.assertTrue(self.complete(shell, typed, rest).startswith(typed + rest))

    @staticmethod
    def complete(shell, typed, rest):
        """Returns what a line becomes. Names from the store have 300 ms to come, so a busy machine gets another try."""
        for _ in range(5):
            shell.expect('READY> ')
            shell.send(typed + '\t')
            shell.expect([re.escape(rest), pexpect.TIMEOUT], timeout=3)
            shell.send('\x01echo GOT \r')
            shell.expect(r'\n(?:[^\n]*\x07)?[^\nG]*GOT ([^\r\n]*)\r\n')
            if shell.match[1].startswith(typed + rest):
                break
        return shell.match[1]

    def test_bash(self):
        self.check(self.bash())

    def test_zsh(self):
        self.check(self.zsh())

    def test_fish(self):
        self.check(self.fish())

    def check_own(self, shell, evaluate):
        """The script that the program prints is evaluated, as people do in their start files."""
        for program in 'pgha', 'patronictl':
            shell.sendline(evaluate % (program.upper(), program))
        for typed, rest in (
                ('patronictl switcho', 'ver'),
                ('patronictl list --form', 'at'),
                ('patronictl list -f ya', 'ml'),
                ('pgha list --format=js', 'on'),
                ('pgha list got', 'ham'),
                ('pgha reload batman ali', 'ce'),
                (f'pgha -d etcd3://{self.client.removeprefix("http://")} reload batman ali', 'ce'),
                ('pgha query --file patr', 'oni.yml'),
        ):
            with self.subTest(typed=typed):
                self.assertTrue(self.complete(shell, typed, rest).startswith(typed + rest))

    def test_own_bash(self):
        self.check_own(self.bash(), 'eval "$(_%s_COMPLETE=bash_source %s)"')

    def test_own_zsh(self):
        self.check_own(self.zsh(), 'eval "$(_%s_COMPLETE=zsh_source %s)"')

    def test_own_fish(self):
        self.check_own(self.fish(), 'env _%s_COMPLETE=fish_source %s | source')

    def test_dead_store(self):
        """A store that does not answer costs 300 ms, and nothing is printed."""
        with socket.create_server(('127.0.0.1', 0)) as silent:
            url = f'etcd3://127.0.0.1:{silent.getsockname()[1]}'
            began = time.monotonic()
            done = subprocess.run([PGHA, 'complete', '--', 'pgha', '-d', url, 'list', ''], capture_output=True, timeout=20)
            self.assertLess(time.monotonic() - began, 2)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b':\n', b''))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
