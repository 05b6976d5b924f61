#!/usr/bin/env python3
"""Sessions at a terminal: test_shell.py PROGRAM gnu|libedit [TEST…]."""
import os
import re
import signal
import stat
import sys
import time
import unittest

import pexpect

from session import Proxy, Session, World, member

BOUND = 0.05  # seconds that a key may wait
MOVES = r'(?:\x07|\r|\x1b\[\d+G)*'  # libedit sounds the bell and goes where the cursor is


class Shell(unittest.TestCase):
    def setUp(self) -> None:
        self.world = World(PROGRAM)
        self.addCleanup(self.world.stop)

    def assert_within(self, bound: float, measure) -> None:
        """Let a busy machine have another go or two: what waits for the store waits each time."""
        times = [measure()]
        while times[-1] > bound and len(times) < 3:
            times.append(measure())
        self.assertLess(min(times), bound, times)

    def slowest_key(self, shell) -> float:
        """Type for as long as a question takes that is asked, left without an answer, and asked again."""
        worst, end = 0.0, time.monotonic() + 8
        while time.monotonic() < end:
            worst = max(worst, shell.echo_time('list -f tsv'), self.after(shell, ' \t'))
            shell.type('\x15')
            time.sleep(0.1)
        return worst

    def after(self, shell, keys: str) -> float:
        """Return the time that a key takes which is typed behind others."""
        start = shell.clock()
        shell.type(keys + 'Z')
        shell.child.expect('Z')
        return shell.clock() - start

    def test_runs_commands(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        self.assertIn('| pg2 ', shell.run('list'))
        self.assertIn('| pg2 ', shell.run("li's't alpha # all of them"))
        self.assertIn('| pg2 ', shell.run('pgha list'))
        shell.type('\x04')
        self.assertEqual(shell.end(), 0)

    def test_keeps_one_process_and_its_connections(self) -> None:
        proxy = Proxy(self.world.etcd.port)
        self.addCleanup(proxy.stop)
        shell = self.world.shell(config=self.world.configure(proxy.port))
        shell.prompt()
        time.sleep(1)  # the prompt looks for all clusters, too
        shell.run('list')
        self.assertEqual(proxy.connections, 2)  # the other one is the prompt's
        before = len(proxy.requests)
        shell.run('list')
        self.assertEqual(proxy.connections, 2)
        self.assertEqual(proxy.requests[before:], [b'/v3/kv/range'] * 2)  # the list's, and the prompt's after it
        with open(f'/proc/{shell.child.pid}/task/{shell.child.pid}/children', encoding='ascii') as file:
            self.assertEqual(file.read(), '')

    def test_prompt_shows_the_state(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        self.world.put('config', '{"pause": true}')
        shell.prompt('alpha leader=pg1 paused> ')
        self.world.put('members/pg2', member('pg2', state='start failed'))
        shell.prompt('alpha leader=pg1 paused degraded> ')
        self.world.put('config', '{}')
        self.world.delete('leader')
        shell.prompt('alpha no leader> ')
        shell.type('list al')  # and a line that is typed stays
        self.world.put('leader', 'pg2')
        shell.prompt('alpha leader=pg2 degraded> list al')
        shell.type('pha\r')
        self.assertIn('| pg2 ', shell.prompt('alpha leader=pg2 degraded> '))

    def test_prompt_is_current_after_a_command(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        self.world.put('leader', 'pg2')
        shell.run('', 'alpha leader=pg2')

    def test_colour_where_there_is_colour(self) -> None:
        red = re.escape('\x1b[1;31m')
        self.world.delete('leader')
        self.world.shell().see(red + ' no leader')
        for environment in ({'NO_COLOR': '1'}, {'TERM': 'dumb'}):
            shell = self.world.shell(**environment)
            shell.see('alpha no leader> ')
            self.assertNotIn('\x1b[3', shell.child.before)
        self.assertNotIn('\x1b', shell.child.before)
        shell.type('list\r')
        shell.see('alpha no leader> ')
        self.assertNotIn('\x1b', shell.child.before)

    def test_narrow_terminal(self) -> None:
        shell = self.world.shell(columns=30)
        shell.prompt('alpha> ')
        self.world.put('config', '{"pause": true}')
        shell.prompt('alpha paused> ')
        shell.type('x' * 60)
        shell.type('\x03')
        shell.prompt('alpha paused> ')
        shell.child.setwinsize(30, 100)
        shell.run('', 'alpha leader=pg1 paused> ')

    def test_window_changes_its_size(self) -> None:
        """No key is typed: the prompt follows, and the line that is edited stays."""
        shell = self.world.shell(columns=100)
        shell.prompt()
        shell.type('list al')
        shell.see('list al')
        shell.child.setwinsize(30, 30)
        shell.prompt('alpha> list al', timeout=2)
        shell.child.setwinsize(30, 100)
        shell.prompt('alpha leader=pg1> list al', timeout=2)
        shell.type('pha -f tsv\r')
        self.assertIn('pg2\t', shell.prompt())

    def test_dead_store_delays_no_key(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        self.world.pause_etcd()
        self.assert_within(BOUND, lambda: self.slowest_key(shell))
        shell.run('', 'alpha state unknown> ')
        self.world.resume_etcd()
        shell.prompt()

    def test_dead_store_at_the_start_delays_no_key(self) -> None:
        self.world.pause_etcd()
        start = time.monotonic()
        shell = self.world.shell()
        shell.prompt('alpha> ')
        self.assertLess(time.monotonic() - start, 1)
        self.assert_within(BOUND, lambda: shell.echo_time('list -f tsv'))
        shell.prompt('alpha state unknown> ')

    def test_tab_completes(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        time.sleep(0.5)  # the names of the clusters are on their way
        for typed, shown in (('topo', 'logy '), ('list --exten', 'ded '), ('list -f js', 'on '), ('list be', 'ta '),
                             ('list --format=ya', 'ml'), ('restart alpha pg1 p', 'g2 '), ('use be', 'ta '),
                             ('help histo', 'ry '), ('qui', 't '), ('query -m pg', None),
                             ("list 'be", "ta' " if EDITOR == 'gnu' else 'beta '),  # the other replaces the word
                             ('restart beta node1 no', 'de2 '), ('edit-config --apply pat', 'roni-')):
            with self.subTest(typed=typed):
                shell.type(typed + '\t')
                if shown is None:
                    shell.see('pg\x07')
                    shell.type('\t')
                    shell.see(r'pg1\s+pg2')
                else:
                    shell.see(re.escape(typed) + MOVES + re.escape(shown))
                shell.type('\x03')
                shell.see(re.escape('^C'))
                shell.prompt()

    def test_tab_with_a_dead_store(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        self.world.pause_etcd()
        shell.type('restart alpha pg1 p\t')  # from what the prompt has learned
        shell.see('pg1 p' + MOVES + 'g2 ')
        self.assert_within(BOUND, lambda: self.after(shell, '\x15restart alpha pg1 p\t'))
        self.assert_within(BOUND, lambda: self.after(shell, '\x15restart beta n\t'))
        self.assert_within(BOUND, lambda: self.after(shell, '\x15list b\t'))

    def test_history(self) -> None:
        secrets = ('query -c "ALTER ROLE x PASSWORD \'hidden\'"', '-d etcd3://u:hidden@127.0.0.1:1 list',
                   'query -d "host=127.0.0.1 password=hidden" -c x', ' list hidden', '!PGPASSWORD=hidden true')
        shell = self.world.shell()
        shell.prompt()
        for line in ('help use', *secrets, 'list beta'):
            shell.run(line)
        shell.type('\x1b[A')
        shell.child.expect_exact('list beta')
        shell.type('\x1b[A')  # the lines with secrets are not even there to be seen
        shell.child.expect_exact('help use')
        shell.type('\x03\x04')
        self.assertEqual(shell.end(), 0)
        self.assertEqual(self.world.history(), 'help use\nlist beta\n')
        place = os.path.join(self.world.state, 'pgha')
        self.assertEqual(stat.S_IMODE(os.stat(place).st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(place, 'history')).st_mode), 0o600)
        again = self.world.shell()
        again.prompt()
        again.type('\x1b[A')
        again.child.expect_exact('list beta')
        other = self.world.shell(arguments=('--no-history',))
        other.prompt()
        other.run('!echo nothing kept')
        again.run('\x15!echo again')
        self.assertEqual(self.world.history(), 'help use\nlist beta\n!echo again\n')

    def test_help(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        page = shell.run('help')
        for word in ('switchover', 'use [CLUSTER]', '!COMMAND', 'exit'):
            self.assertIn(word, page)
        self.assertIn('Usage: pgha topology', shell.run('help topology'))
        self.assertIn('Usage: use [CLUSTER]', shell.run('help use'))
        self.assertIn("No such command 'nothing'", shell.run('help nothing'))

    def test_use(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        shell.run('use beta', 'beta leader=node1> ')
        self.assertIn('node2', shell.run('list', 'beta leader=node1> '))
        shell.run('use nowhere', 'nowhere no such cluster> ')
        self.assertIn('There is no cluster nowhere', shell.run('list', 'nowhere no such cluster> '))
        self.assertIn('no name of a cluster', shell.run("use ''", 'nowhere no such cluster> '))
        shell.run('use')
        none = self.world.shell(config=self.world.configure(self.world.etcd.port, None))
        none.prompt('pgha> ')
        none.run('use beta', 'beta leader=node1> ')
        none.run('use', 'pgha> ')

    def test_system_shell(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        self.assertIn('a b\n', shell.run("!echo 'a b' | cat; false"))
        shell.type('!sleep 30\r')
        time.sleep(0.3)
        shell.type('\x03')
        shell.prompt(timeout=2)
        shell.type('!echo ready; read answer; echo got=$answer\r')
        shell.see('[\r\n]ready')
        shell.type('something\r')
        shell.see('got=something')
        shell.prompt()

    def test_ctrl_c_cancels_the_line(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        shell.type('remove alpha')
        shell.see('remove alpha')
        shell.type('\x03')
        shell.see(re.escape('^C'))
        shell.prompt()
        shell.type("list 'al")
        shell.type('\r')
        shell.see('\n(?:\x1b[^>]*)?> ')
        shell.type('\x03')
        shell.prompt()
        shell.type('\x12his\x03')  # in the middle of a search
        shell.prompt()
        self.assertIn('| pg2 ', shell.run('list'))

    def test_ctrl_z_suspends(self) -> None:
        child = pexpect.spawn('/bin/bash', ['--norc', '--noediting', '-i'], env=self.world.environment(PS1='bash: '),
                              encoding='utf-8', cwd=self.world.home, dimensions=(30, 120))
        self.world.processes.append(child)
        shell = Session(child)
        shell.see('bash: ')
        shell.type(f'{PROGRAM} -c {self.world.config} shell\r')
        shell.prompt()
        shell.type('list al')
        shell.see('list al')
        shell.type('\x1a')
        shell.see('bash: ')
        self.assertIn(' icanon', shell.run('stty -a', 'bash: '))
        shell.type('fg\r')
        shell.see('list al')
        shell.type('pha\r')
        self.assertIn('| pg2 ', shell.prompt())

    def cancel(self, shell, line: str, shown: str, end: str) -> float:
        """Run a command, press Ctrl-C when *shown* is there, and return the time until the prompt is back."""
        shell.type(line + '\r')
        shell.see(shown)
        time.sleep(0.3)
        start = shell.clock()
        shell.type('\x03')
        shell.see(end)
        shell.see('> ')
        return shell.clock() - start

    def test_ctrl_c_ends_the_command(self) -> None:
        shell = self.world.shell('--timeout', '30', NO_COLOR='1')
        shell.prompt()
        self.assert_within(0.1, lambda: self.cancel(shell, 'list -W', r'\| pg2 ', r'\x1b\[\?1049l'))
        self.world.pause_etcd()
        self.assert_within(0.1, lambda: self.cancel(shell, 'list', 'list', 'Aborted!|interrupted'))
        self.world.resume_etcd()
        self.assertIn('| pg2 ', shell.run('list'))

    def test_errors_and_refusals_return_to_the_prompt(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        self.assertIn('No such option: --nothing', shell.run('list --nothing'))
        self.assertIn("No such command 'frob'", shell.run('frob'))
        self.assertIn("'|' is none of this shell's", shell.run('list | cat'))
        shell.type('switchover alpha --candidate pg2 --leader pg1 --scheduled now\r')
        shell.see(r'\[y/N\]: ')
        shell.type('n\r')
        shell.see(r'Error:\S* Aborting switchover')
        shell.prompt()
        shell.type('remove alpha\r')
        shell.see(r'cluster name to remove: ')
        shell.type('\x03')
        shell.see('Aborted!')
        shell.prompt()
        shell.type('remove alpha\r')
        shell.see(r'cluster name to remove: ')
        shell.type('\x04')
        shell.see('Aborted!')
        shell.prompt()

    def test_editors_and_pagers_have_the_terminal(self) -> None:
        editor = os.path.join(self.world.home, 'editor')
        with open(editor, 'w', encoding='ascii') as file:
            file.write('#!/bin/sh\nstty -a >"$HOME/modes"\nsed -i s/10/20/ "$1"\nstty raw -echo\n')
        os.chmod(editor, 0o700)
        shell = self.world.shell(EDITOR=editor, PAGER='cat')
        shell.prompt()
        shell.type('edit-config\r')
        shell.see(r'\[y/N\]')
        shell.type('y\r\n')
        shell.see('Configuration changed')
        shell.prompt()
        with open(os.path.join(self.world.home, 'modes'), encoding='ascii') as file:
            modes = file.read().split()
        self.assertTrue({'icanon', 'echo', 'isig', 'icrnl'} <= {mode.rstrip(';') for mode in modes})
        self.assertIn('loop_wait: 20', shell.run('show-config'))
        self.assertIn('icanon', shell.run('!stty -a').split())

    def test_pasted_lines_run_one_after_the_other(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        lines = '!echo a-$((1+1))\nlist\n'
        shell.type(lines if EDITOR == 'libedit' else f'\x1b[200~{lines}\x1b[201~\r')
        shell.see('a-2')
        shell.see(r'\| pg2 ')
        shell.prompt()

    def test_signals_end_it(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            shell = self.world.shell()
            shell.prompt()
            os.kill(shell.child.pid, number)
            self.assertEqual(shell.end(), -number)

    def test_leaves(self) -> None:
        for line in ('exit\r', 'quit\r', '\x04'):
            shell = self.world.shell()
            shell.prompt()
            shell.run('list nowhere')
            shell.type(line)
            self.assertEqual(shell.end(), 0)


if __name__ == '__main__':
    PROGRAM, EDITOR = os.path.abspath(sys.argv.pop(1)), sys.argv.pop(1)
    unittest.main(verbosity=2)
