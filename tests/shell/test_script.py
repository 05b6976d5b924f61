#!/usr/bin/env python3
"""Lines from something that is no terminal: test_script.py PROGRAM [TEST…]."""
import os
import signal
import subprocess
import sys
import time
import unittest

from session import Proxy, World


class Script(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.world = World(PROGRAM)
        cls.addClassCleanup(cls.world.stop)

    def script(self, text: str, *arguments: str, config: str | None = None, **environment: str):
        return subprocess.run([PROGRAM, '-c', config or self.world.config, 'shell', *arguments], input=text, text=True,
                              capture_output=True, timeout=20, env=self.world.environment(**environment),
                              cwd=self.world.home)

    def test_runs_lines(self) -> None:
        done = self.script('# a comment\n\nlist -f tsv\nuse beta\nlist --format "tsv"  # and another\n'
                           'pgha list -f tsv alpha')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        clusters = [line.split('\t')[0] for line in done.stdout.splitlines()]
        self.assertEqual(clusters, ['Cluster', 'alpha', 'alpha', 'Cluster', 'beta', 'beta', 'Cluster', 'alpha', 'alpha'])

    def test_shows_no_prompt_and_keeps_no_history(self) -> None:
        self.assertEqual(self.script('!echo a\n').stdout, 'a\n')
        self.assertFalse(os.path.exists(self.world.state))

    def test_stops_at_the_first_failure(self) -> None:
        done = self.script('!echo a\nlist nowhere\n!echo b\n')
        self.assertEqual((done.returncode, done.stdout), (1, 'a\n'))
        self.assertIn('There is no cluster nowhere', done.stderr)
        self.assertTrue(done.stderr.endswith('Stopped at line 2\n'))

    def test_keeps_going(self) -> None:
        done = self.script('!echo a\nfrobnicate\nlist nowhere\n!echo b', '--keep-going')
        self.assertEqual((done.returncode, done.stdout), (2, 'a\nb\n'))
        self.assertIn("No such command 'frobnicate'", done.stderr)
        self.assertIn('There is no cluster nowhere', done.stderr)

    def test_has_the_status_of_what_failed(self) -> None:
        refused = self.world.configure(1)
        for line, status in (('!exit 7', 7), ('!kill -TERM $$', 143), ('list --nothing', 2), ('help nothing', 2),
                             ('use a b', 2), ('list | cat', 2), ("list 'alpha", 2), ('shell', 1), ('exit', 0)):
            with self.subTest(line=line):
                self.assertEqual(self.script(line).returncode, status)
        self.assertEqual(self.script('list', config=refused).returncode, 5)

    def test_a_script_that_cannot_be_read(self) -> None:
        folder = os.open(self.world.home, os.O_RDONLY)
        self.addCleanup(os.close, folder)
        done = subprocess.run([PROGRAM, '-c', self.world.config, 'shell'], stdin=folder, capture_output=True, text=True,
                              timeout=20, check=False, env=self.world.environment())
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (1, '', 'Error: cannot read the script: Is a directory\n'))

    def test_no_line_leaves_anything_in_memory(self) -> None:
        rss = os.path.join(self.world.home, 'rss')
        measure = f"!grep VmRSS /proc/$PPID/status >>'{rss}'\n"
        for line, count in (('list | cat', 20000), ("list 'a';", 20000), ('frobnicate', 20000), ('', 20000),
                            ('# a comment', 20000), ('use', 20000), ('use a b', 20000), ("use ''", 20000),
                            ('help', 20000), ('help use', 20000), ('list --nothing', 20000), ('use beta', 500),
                            ('use nowhere', 500), ('list nowhere', 500), ('list', 500), ('!exit 3', 100)):
            with self.subTest(line=line), open(os.devnull, 'w', encoding='utf-8') as out:
                lines = f'{line}\n' * (count // 10)
                done = subprocess.run([PROGRAM, '-c', self.world.config, 'shell', '--keep-going'], text=True, check=False,
                                      input=lines + measure + lines * 9 + measure, stdout=out, stderr=out, timeout=120,
                                      env=self.world.environment(), cwd=self.world.home)
                self.assertIn(done.returncode, (0, 1, 2, 3))
                with open(rss, encoding='ascii') as file:
                    sizes = [int(size.split()[1]) for size in file]
                os.unlink(rss)
                self.assertEqual(len(sizes), 2)
                self.assertLess(sizes[1] - sizes[0], 256, line)  # kB

    def test_lines_that_are_no_text(self) -> None:
        done = subprocess.run([PROGRAM, '-c', self.world.config, 'shell', '--keep-going'], check=False, timeout=60,
                              input=b'list \xff\xfe\nlist a\0b\n!echo a\n' + b'x' * 10_000_000 + b'\n!echo b\n',
                              capture_output=True, env=self.world.environment(TERM=''), cwd=self.world.home)
        self.assertEqual((done.returncode, done.stdout), (1, b'a\nb\n'))

    def test_leaves(self) -> None:
        for word in ('exit', 'quit'):
            self.assertEqual(self.script(f'!echo a\n{word}\n!echo b\n').stdout, 'a\n')
        done = self.script('list nowhere\nexit\n!echo b\n', '--keep-going')
        self.assertEqual((done.returncode, done.stdout), (1, ''))

    def test_commands_do_not_read_the_script(self) -> None:
        done = self.script('!cat\nremove alpha\nalpha\nYes I am aware\npg1\n')
        self.assertEqual(done.returncode, 1)
        self.assertIn('Aborted!', done.stderr)
        self.assertTrue(done.stderr.endswith('Stopped at line 2\n'))

    def test_goes_on_behind_the_end_of_a_line(self) -> None:
        done = self.script('list \\\n -f tsv\nlist "nowhere\nelse"\n')
        self.assertEqual(done.stdout.count('alpha'), 2)
        self.assertIn('Stopped at line 4', done.stderr)

    def test_connects_once(self) -> None:
        proxy = Proxy(self.world.etcd.port)
        self.addCleanup(proxy.stop)
        done = self.script('list\nlist\nlist beta\nhistory\n', config=self.world.configure(proxy.port))
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertEqual((proxy.connections, proxy.requests), (1, [b'/v3/kv/range'] * 4))

    def test_authenticates_once(self) -> None:
        world = World(PROGRAM)
        self.addCleanup(world.stop)
        for path, fields in (('user/add', {'name': 'root', 'password': 'x'}), ('role/add', {'name': 'root'}),
                             ('user/grant', {'user': 'root', 'role': 'root'}), ('enable', {})):
            world.etcd.post(f'/v3/auth/{path}', fields)
        proxy = Proxy(world.etcd.port)
        self.addCleanup(proxy.stop)
        config = world.configure(proxy.port)
        with open(config, 'a', encoding='utf-8') as file:
            file.write('  username: root\n  password: x\n')
        done = self.script('list\nlist\nhistory beta\n', config=config)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertEqual(proxy.connections, 1)
        self.assertEqual(proxy.requests, [b'/v3/auth/authenticate', *[b'/v3/kv/range'] * 3])

    def test_changes_of_the_configuration_count(self) -> None:
        changing = self.world.configure(self.world.etcd.port, 'beta')
        done = self.script(f'list -f tsv\n!sed -i "s/host:.*/host: 127.0.0.1:1/" {changing}\nlist -f tsv\n',
                           config=changing)
        self.assertEqual((done.returncode, done.stdout.count('beta')), (5, 2))

    def test_ends_on_ctrl_c(self) -> None:
        for line in ('list -W\n!echo never\n', ''):
            with subprocess.Popen([PROGRAM, '-c', self.world.config, 'shell', '--keep-going'], text=True,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  env=self.world.environment()) as child:
                child.stdin.write(line)
                child.stdin.flush()
                time.sleep(0.5)
                child.send_signal(signal.SIGTERM if line else signal.SIGINT)
                out, _ = child.communicate(timeout=10)
                self.assertNotIn('never', out)
                self.assertEqual(child.returncode, -signal.SIGTERM if line else 1)

    def test_patronictl_has_no_shell(self) -> None:
        link = os.path.join(os.path.dirname(PROGRAM), 'patronictl')
        done = subprocess.run([link, '-c', self.world.config, 'shell'], input='list\n', text=True, capture_output=True,
                              timeout=20, env=self.world.environment())
        self.assertEqual((done.returncode, done.stdout), (2, ''))
        self.assertIn("No such command 'shell'", done.stderr)


if __name__ == '__main__':
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
