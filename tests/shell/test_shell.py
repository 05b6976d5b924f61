#!/usr/bin/env python3
"""Sessions at a terminal: test_shell.py PROGRAM gnu|libedit [TEST…]."""
import codecs
import fcntl
import os
import re
import signal
import stat
import subprocess
import sys
import termios
import time
import unittest

import pexpect

from session import TIMEOUT, Proxy, Session, World, member

PROGRAM, EDITOR = os.path.abspath(sys.argv.pop(1)), sys.argv.pop(1)
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
        shell.prompt('alpha> list al')
        shell.child.setwinsize(30, 100)
        shell.prompt('alpha leader=pg1> list al')
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

    def complete(self, shell: Session, typed: str, shown: str) -> None:
        """Ask with TAB for what is to be shown until the store has answered: a busy machine's takes longer than a key.

        A Ctrl-C ends the waiting for the store, so it comes only when nothing is shown for a while.
        """
        end = time.monotonic() + TIMEOUT
        while True:
            shell.type(typed + '\t')
            shell.see(re.escape(typed))
            try:
                completed = shell.see(MOVES + re.escape(shown), 1) == ''
            except pexpect.TIMEOUT:
                completed = False
            shell.type('\x03')
            after = shell.see(re.escape('^C'))
            shell.prompt()
            if completed:
                return
            self.assertLess(time.monotonic(), end, after)

    def test_tab_completes(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        for typed, shown in (('topo', 'logy '), ('list --exten', 'ded '), ('list -f js', 'on '), ('list be', 'ta '),
                             ('list --format=ya', 'ml'), ('restart alpha pg1 p', 'g2 '), ('use be', 'ta '),
                             ('help histo', 'ry '), ('qui', 't '),
                             ("list 'be", "ta' " if EDITOR == 'gnu' else 'beta '),  # the other replaces the word
                             ('restart beta node1 no', 'de2 '), ('switchover --leader p', 'g1 '),
                             ('switchover beta --candidate no', 'de2 '), ('reinit alpha p', 'g2 '),
                             ('edit-config --apply pat', 'roni-')):
            with self.subTest(typed=typed):
                self.complete(shell, typed, shown)
        self.complete(shell, 'query -m p', 'g')
        shell.type('query -m pg\t')
        shell.see('pg\x07')
        shell.type('\t')
        shell.see(r'pg1\s+pg2')

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
        self.assertLess(page.count('\n'), 24)
        self.assertLessEqual(max(map(len, page.split('\n'))), 80)
        listed = subprocess.run([PROGRAM, '--help'], capture_output=True, text=True, check=True).stdout
        names = re.findall(r'^  ([a-z][a-z-]+) ', listed.partition('Options:')[0], re.M)
        self.assertGreater(len(names), 15)
        for name in names:
            if name != 'shell':
                self.assertRegex(page, f'[ ]{name}[,\r\n]')
        for title in re.findall(r'^(\S.*):$', listed.partition('Options:')[0], re.M):
            if title != 'Interactive use':
                self.assertRegex(page, f'\n  {title} +[a-z]')
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
        beta = 'beta leader=node1> '
        self.assertIn('Error: no cluster "nowhere" in namespace /service/ (found: alpha, beta)',
                      shell.run('use nowhere', beta))
        self.assertIn('node2', shell.run('list', beta))
        self.assertIn('no name of a cluster', shell.run("use ''", beta))
        self.assertIn('no name of a cluster', shell.run("use ../alpha", beta))
        shell.run('use')
        none = self.world.shell(config=self.world.configure(self.world.etcd.port, None))
        none.prompt('pgha> ')
        none.run('use beta', 'beta leader=node1> ')
        none.run('use', 'pgha> ')

    def test_use_without_an_answer(self) -> None:
        """A store that is silent cannot tell which clusters there are."""
        shell = self.world.shell('--timeout', '0.2')
        shell.prompt()
        self.world.pause_etcd()
        self.assertIn('Warning: cannot check that cluster "beta" exists: ', shell.run('use beta', 'beta> '))
        self.world.resume_etcd()
        shell.prompt('beta leader=node1> ')

    def test_system_shell(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        self.assertIn('a b\n', shell.run("!echo 'a b' | cat; false"))
        shell.type('!sleep 30\r')
        time.sleep(0.3)
        shell.type('\x03')
        shell.prompt()
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

    def test_ctrl_c_at_a_stopped_terminal_is_no_lost_output(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        terminal = os.open(os.readlink(f'/proc/{shell.child.pid}/fd/0'), os.O_RDWR | os.O_NOCTTY)
        shell.type('\x13abc')
        deadline = time.monotonic() + 1  # it may as well be drawing another prompt
        while fcntl.ioctl(terminal, termios.FIONREAD, bytes(4))[0] not in (1, 2) and time.monotonic() < deadline:
            time.sleep(0.01)
        os.close(terminal)
        shell.type('\x03')
        shell.prompt()
        self.assertNotIn('Error', shell.run('list'))
        shell.type('\x04')
        self.assertEqual(shell.end(), 0)

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
        shown = shell.run('list --nothing')
        self.assertIn('No such option: --nothing', shown)
        self.assertIn("Try 'help list' for help.", shown)
        shown = shell.run('frob')
        self.assertIn("No such command 'frob'", shown)
        self.assertIn("Try 'help' for help.", shown)
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

    def modes(self, shell: Session) -> list:
        """Return the modes of the terminal, which may be gone with the program."""
        return termios.tcgetattr(shell.child.child_fd)

    def beside_a_shell(self, *options: str) -> Session:
        """Start a shell in a system's shell, which keeps the terminal when the other one ends."""
        words = ' '.join([PROGRAM, '-c', self.world.config, *options])
        return self.world.start(['/bin/sh', '-c', f'trap : QUIT; {words}; echo "status=$?"; read line'])

    def pid_of(self, shell: Session) -> int:
        with open(f'/proc/{shell.child.pid}/task/{shell.child.pid}/children', encoding='ascii') as file:
            return int(file.read().split()[0])

    def test_every_signal_leaves_the_terminal_as_it_was(self) -> None:
        handled = {signal.SIGKILL, signal.SIGSTOP, signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD,
                   signal.SIGCONT, signal.SIGURG, signal.SIGWINCH, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
        for number in sorted(set(signal.Signals) - handled):
            with self.subTest(number=number):
                shell = self.beside_a_shell('shell')
                modes = self.modes(shell)
                shell.prompt()
                self.assertNotEqual(self.modes(shell), modes)
                os.kill(self.pid_of(shell), number)
                shell.see(f'status={128 + number}')
                self.assertEqual(self.modes(shell), modes)
                self.assert_tidy(shell)

    def assert_tidy(self, shell: Session) -> None:
        shown = shell.child.before
        for on, off in ('\x1b[?2004h', '\x1b[?2004l'), ('\x1b[?25l', '\x1b[?25h'):
            self.assertLessEqual(shown.rfind(on), shown.rfind(off), shown)

    def test_quit_key(self) -> None:
        shell = self.beside_a_shell('shell')
        modes = self.modes(shell)
        shell.prompt()
        shell.type('list \x1c')
        shell.see(f'status={128 + signal.SIGQUIT}')
        self.assertEqual(self.modes(shell), modes)

    def test_signals_that_are_ignored_stay_ignored(self) -> None:
        shell = self.world.start(['/bin/sh', '-c', f"trap '' USR1 QUIT; exec {PROGRAM} -c {self.world.config} shell"])
        shell.prompt()
        os.kill(shell.child.pid, signal.SIGUSR1)
        shell.type('\x1c')
        self.assertIn('| pg2 ', shell.run('list'))

    def test_stop_from_elsewhere(self) -> None:
        """The terminal is as it was while the shell is stopped, and the shell's own again afterwards."""
        shell = self.world.start(['/bin/bash', '--norc', '--noediting', '-i'], PS1='bash: ')
        shell.see('bash: ')
        shell.type(f'{PROGRAM} -c {self.world.config} shell\r')
        shell.prompt()
        shell.type('list al')
        shell.see('list al')
        pid, raw = self.pid_of(shell), self.modes(shell)
        for number in signal.SIGTSTP, signal.SIGSTOP:
            os.kill(pid, number)
            self.wait_for_state(pid, 'T')
            shell.see('bash: ')
            self.assertTrue(self.modes(shell)[3] & termios.ICANON)
            shell.type('fg\r')
            shell.see('list al')  # it is shown again
            self.assertEqual(self.modes(shell), raw)
        shell.type('pha\r')
        self.assertIn('| pg2 ', shell.prompt())

    def wait_for_state(self, pid: int, state: str) -> None:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with open(f'/proc/{pid}/stat', encoding='ascii') as file:
                if file.read().rpartition(')')[2].split()[0] == state:
                    return
            time.sleep(0.01)
        self.fail(f'process {pid} is not in state {state}')

    def ask_for_a_password(self) -> tuple:
        """Return a bash at a terminal, in which the program asks for a password, and the program's process."""
        bash = self.world.start(['/bin/bash', '--norc', '--noediting', '-i'], PS1='bash: ')
        bash.see('bash: ')
        bash.type(f'{PROGRAM} -c {self.world.config} query -c "select 1" -U x --password\r')
        bash.see('Password')
        end = time.monotonic() + 10
        while self.modes(bash)[3] & termios.ECHO and time.monotonic() < end:
            time.sleep(0.01)
        return bash, self.pid_of(bash)

    def test_password_prompts_leave_the_echo_on(self) -> None:
        for number in (signal.SIGQUIT, signal.SIGALRM, signal.SIGUSR1, signal.SIGTERM, signal.SIGHUP, signal.SIGSEGV,
                       signal.SIGABRT, signal.SIGRTMIN, None):
            with self.subTest(number=number):
                bash, pid = self.ask_for_a_password()
                self.assertFalse(self.modes(bash)[3] & termios.ECHO)
                bash.type('\x1c') if number is None else os.kill(pid, number)
                bash.see('bash: ')
                self.assertIn(' echo ', bash.run('stty -a', 'bash: ').replace('\n', ' '))

    def test_password_prompt_hides_again_after_a_stop(self) -> None:
        for number in signal.SIGTSTP, signal.SIGSTOP:
            bash, pid = self.ask_for_a_password()
            os.kill(pid, number)
            bash.see('bash: ')
            self.assertTrue(self.modes(bash)[3] & termios.ECHO)
            bash.type('fg\r')
            bash.see('query')
            end = time.monotonic() + 10
            while self.modes(bash)[3] & termios.ECHO and time.monotonic() < end:
                time.sleep(0.01)
            self.assertFalse(self.modes(bash)[3] & termios.ECHO)

    def test_signals_end_it(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            shell = self.world.shell()
            shell.prompt()
            os.kill(shell.child.pid, number)
            self.assertEqual(shell.end(), -number)

    def test_odd_keys_around_a_search(self) -> None:
        """Sequences without a binding, while Ctrl-R searches and after it; at once and key by key."""
        odd = ('\x18\x05', '\x1b[24~', '\x1b[Z', '\x1b[I', '\x1b[O', '\x1bOz', '\x1b[1;5P', '\x1b\x1b[24~', '\x1b[[E',
               '\x1b', '\x18\x18\x18', '\x1bz', '\x1b5\x18\x05', '\x1b5\x1b[24~', '\x16\x1b[24~', '\x1d\x1b[24~', '\x80\xff', '\x1d\x1b[200~xy\x1b[201~',
               '\x1bpx\x1b[24~', '\x1bp\x1b[A\x1b[A\x1b[A', '\x1b\x1dx\x1b[24~')
        shell = self.world.shell()
        shell.prompt()
        shell.run('list beta')
        for keys in odd:
            for text in (f'\x12l{keys}', f'\x12l\x01{keys}', f'\x12l\x1b[D{keys}', f'{keys}\x12l{keys}{keys}',
                         f'\x12l\x07{keys}', f'\x12{keys}'):
                with self.subTest(text=text):
                    shell.type(text + '\x07\x1b\x03')
                    shell.see(re.escape('^C'))
                    shell.prompt()
        for key in '\x12l\x1b[24~\x12l\x18\x05\x1b[Z\x1b[I':
            shell.type(key)
            time.sleep(0.06)  # longer than the editor waits for the rest of a sequence
        shell.type('\x03')
        shell.see(re.escape('^C'))
        shell.prompt()
        self.assertIn('| pg2 ', shell.run('list'))

    @unittest.skipUnless(EDITOR == 'gnu', 'the other one has keys of its own')
    def test_keys_without_a_binding_do_nothing(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        shell.type('list\x1b[I\x1b[O\x1b[24~\x1b[Z alpha\r')
        shell.see(r'\| pg2 ')
        shell.prompt()
        shell.type('\x12st al\x1b[I\r')  # nor do they end a search
        shell.see(r'\| pg2 ')
        shell.prompt()
        shell.type('\x12st al\x1b[200~pha\nquit\x1b[201~\x1b[F -f tsv\r')  # what is pasted is searched for
        shell.see('pg2\t')

    def test_repeat_count_is_limited(self) -> None:
        shell = self.world.shell(NO_COLOR='1')
        shell.prompt()
        for keys in ('\x1b1000000a', ''.join('\x1b' + digit for digit in '1000000') + 'a', '\x1b-1000000a'):
            shell.type(keys + '\x03')
            self.assertLess(shell.see(re.escape('^C')).count('a'), 1100)
            shell.prompt()

    @unittest.skipUnless(EDITOR == 'gnu', 'the other one inserts once')
    def test_repeat_count_of_vi_is_limited(self) -> None:
        inputrc = os.path.join(self.world.home, 'inputrc')
        with open(inputrc, 'w', encoding='ascii') as file:
            file.write('set editing-mode vi\n')
        shell = self.world.shell(NO_COLOR='1', INPUTRC=inputrc)
        shell.prompt()
        shell.type('\x1b')
        time.sleep(0.1)  # a command of vi's, and not the beginning of a sequence
        shell.type('1000000aa\x1b')
        time.sleep(0.1)
        shell.type('\x03')
        self.assertLess(shell.see(re.escape('^C')).count('a'), 1100)

    @unittest.skipUnless(EDITOR == 'gnu', 'the other one does not know pasted text')
    def test_pastes(self) -> None:
        shell = self.world.shell(NO_COLOR='1')
        shell.prompt()
        shell.type('\x1b[200~' + 'x\n' * 700000 + '\x1b[201~')
        shell.see('Error: the pasted text is dropped', timeout=60)
        shell.prompt()
        self.assertIn('| pg2 ', shell.run('list'))
        shell.type('\x1b[200~list al\0pha')  # the end never comes
        shell.type('\x03')
        shell.see(re.escape('^C'))
        shell.prompt()
        shell.type('\x1b[200~list al\0pha\x1b[201~\r')
        self.assertIn('| pg2 ', shell.prompt())

    def test_start_shows_the_prompt_alone(self) -> None:
        shell = self.world.shell(NO_COLOR='1')
        self.assertNotIn('bind', shell.prompt())

    def test_what_a_terminal_obeys_comes_into_no_line(self) -> None:
        hostile = ('\x9b31m', '\u202e', '\u200b', '\udc9b')  # the last one is a byte
        path = os.path.join(self.world.state, 'pgha', 'history')
        os.makedirs(os.path.dirname(path))
        with open(path, 'w', encoding='utf-8', errors='surrogateescape') as file:
            file.write('list -f tsv\n' + ''.join(f'old{text}\n' for text in hostile))
        shell = self.world.shell(NO_COLOR='1')
        shell.child._decoder = codecs.getincrementaldecoder('utf-8')('surrogateescape')
        shell.prompt()
        shell.type('\x1b[A')
        shell.see('list -f tsv')
        shell.type('\x03')
        shell.see(re.escape('^C'))
        shell.prompt()
        for text in hostile:
            for before, after in (('', ''), ('\x1b[200~', '\x1b[201~'), ('a\x1b[200~', '\x1b[201~')):
                with self.subTest(text=text, before=before):
                    os.write(shell.child.fileno(), f'{before}x{text}y{after}END'.encode(errors='surrogateescape'))
                    self.assertNotIn(text[0], shell.see('END'))
                    shell.type('\x03')
                    shell.see(re.escape('^C'))
                    shell.prompt()

    @unittest.skipUnless(EDITOR == 'libedit', 'the other one takes more')
    def test_line_that_is_too_long_is_not_run(self) -> None:
        shell = self.world.shell(NO_COLOR='1')
        shell.prompt()
        for _ in range(50):
            shell.type('!echo ran ' + 'x' * 90)
            shell.see('x')
        shell.type('\r\rEND')
        shell.type('\x03')
        self.assertNotIn('\nran', shell.see(re.escape('^C'), timeout=60))

    def see_tiny_prompt(self, shell: Session) -> None:
        shell.see('> ' if EDITOR == 'gnu' else r'\n[.> a]')  # the other one shows a part of it

    @unittest.skipUnless(EDITOR == 'gnu', 'the other one shows what fits, and drops what is typed before')
    def test_tiny_windows(self) -> None:
        inputrc = os.path.join(self.world.home, 'inputrc')
        with open(inputrc, 'w', encoding='ascii') as file:
            file.write('set horizontal-scroll-mode on\n')
        for environment in ({}, {'TERM': 'dumb'}, {'INPUTRC': inputrc}, {'TERM': 'nonsense'}):
            for lines, columns in ((1, 80), (1, 2), (24, 1), (24, 2), (24, 3), (1, 1), (0, 0), (2, 2)):
                with self.subTest(environment=environment, lines=lines, columns=columns):
                    shell = self.world.start([PROGRAM, '-c', self.world.config, 'shell'], lines=lines, columns=columns,
                                             **environment)
                    self.see_tiny_prompt(shell)
                    shell.type('list -f tsv\x01\x05\x12l\x07\x1b[D\r')
                    shell.see('pg2\t')
                    self.see_tiny_prompt(shell)
                    shell.type('quit\r')
                    self.assertEqual(shell.end(), 0)

    def test_window_that_becomes_tiny(self) -> None:
        shell = self.world.shell(columns=100)
        shell.prompt()
        for lines, columns in ((1, 80), (24, 2), (1, 1), (0, 0), (1, 2), (24, 100)):
            shell.child.setwinsize(lines, columns)
            os.kill(shell.child.pid, signal.SIGWINCH)
            shell.type('list -f tsv\r')
            shell.see('pg2\t')
            self.see_tiny_prompt(shell)
        shell.type('quit\r')
        self.assertEqual(shell.end(), 0)

    def test_history_that_is_locked(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        shell.run('list')
        with open(os.path.join(self.world.state, 'pgha', 'history'), encoding='utf-8') as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.assertIn('another process holds its lock', shell.run('list alpha'))
            self.assertNotIn('another process holds its lock', shell.run('list alpha'))
            other = self.world.shell()
            self.assertIn('another process holds its lock', other.prompt())
        shell.run('list beta')
        self.assertEqual(self.world.history(), 'list\nlist beta\n')

    def test_leaves(self) -> None:
        for line in ('exit\r', 'quit\r', '\x04'):
            shell = self.world.shell()
            shell.prompt()
            shell.run('list nowhere')
            shell.type(line)
            self.assertEqual(shell.end(), 0)


if __name__ == '__main__':
    unittest.main(verbosity=2)
