#!/usr/bin/env python3
"""Colours, and tables that do not fit, at a terminal and elsewhere: test_screen.py PROGRAM [TEST…]."""
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
import unittest

import pexpect

from session import SEQUENCE, TIMEOUT, Session, World, member

GREEN, CYAN, YELLOW, RED = '\x1b[32m', '\x1b[36m', '\x1b[33m', '\x1b[1;31m'
END = '\x1b[0m'
NARROW = 60  # columns; the tables here have more than 80
LOW = 6      # lines; the tables here have as many


class Screen(unittest.TestCase):
    def setUp(self) -> None:
        self.world = World(PROGRAM)
        self.addCleanup(self.world.stop)

    def words(self, *words: str, program: str | None = None) -> list:
        return [program or PROGRAM, '-c', self.world.config, *words]

    def shown(self, *words: str, program: str | None = None, status: int = 0, **options) -> str:
        """Run a command at a terminal; return all that it shows."""
        session = self.world.start(self.words(*words, program=program), **options)
        ended = session.end()
        shown = session.child.before.replace('\r\n', '\n')
        self.assertEqual(ended, status, shown)
        return shown

    def piped(self, *words: str, **environment: str) -> str:
        """Run a command whose output is redirected; return that."""
        done = subprocess.run(self.words(*words), stdin=subprocess.DEVNULL, capture_output=True, check=True,
                              env=self.world.environment(**environment), cwd=self.world.home)
        return done.stdout.decode()

    def script(self, name: str, text: str) -> str:
        path = os.path.join(self.world.home, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(f'#!/bin/sh\n{text}\n')
        os.chmod(path, 0o700)
        return path

    def pager(self) -> str:
        """Return a pager that keeps what it was given in the file "paged"."""
        return self.script('pager', 'cat >"$HOME/paged"; echo "$0 was here"')

    def paged(self) -> str | None:
        """Return what the pager was given, and forget it; None when there was no pager."""
        path = os.path.join(self.world.home, 'paged')
        if not os.path.exists(path):
            return None
        with open(path, encoding='utf-8') as file:
            text = file.read()
        os.unlink(path)
        return text

    def patronictl(self) -> str:
        path = os.path.join(self.world.home, 'patronictl')
        os.symlink(PROGRAM, path)
        return path


class Signals(Screen):
    def test_every_end_of_a_watch_leaves_its_screen(self) -> None:
        for number in (signal.SIGQUIT, signal.SIGALRM, signal.SIGUSR2, signal.SIGSEGV, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number=number):
                session = self.world.start(self.words('list', '-W'))
                session.see(r'\| pg2 ')
                os.kill(session.child.pid, number)
                session.see(r'\x1b\[\?25h\x1b\[\?1049l')
                self.assertEqual(session.end(), -number)


    def test_every_end_leaves_the_mode_that_was_before_a_pager(self) -> None:
        raw = 'stty raw -echo </dev/tty'
        for number in (signal.SIGALRM, signal.SIGUSR1, signal.SIGSEGV, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number=number):
                session = self.world.start(self.words('list'), lines=LOW,
                                           PAGER=self.script('waits', f'{raw}; echo up; exec sleep 60'))
                mode = termios.tcgetattr(session.child.child_fd)
                session.see('up')
                os.kill(session.child.pid, number)
                session.child.expect(pexpect.EOF)
                self.assertEqual(termios.tcgetattr(session.child.child_fd), mode)
                self.assertEqual(session.end(), -number)
        session = self.world.start(self.words('list'), lines=LOW, PAGER=self.script('dies', f'{raw}; kill -9 $$'))
        mode = termios.tcgetattr(session.child.child_fd)
        session.child.expect(pexpect.EOF)
        self.assertEqual(termios.tcgetattr(session.child.child_fd), mode)

    def test_keys_that_stop_and_quit_are_the_pagers(self) -> None:
        """less ignores Ctrl-Z when it is secure; it must not go on in the background of the caller's shell."""
        def run(pager: str) -> Session:
            session = self.world.start(['bash', '--norc', '-i'], lines=LOW, PS1='$ ', PAGER=self.script('pager', pager))
            session.see(r'\$ ')
            session.type(f'{PROGRAM} -c {self.world.config} list; echo ended with $?\r')
            session.see('up\r\n')
            return session

        for key in '\x1a', '\x1c':
            with self.subTest(key=key):
                session = run("trap '' TSTP QUIT; echo up; read line </dev/tty; echo got $line; read line </dev/tty")
                session.type(key + 'this\r')
                session.see('got this')
                session.type('\r')
                self.assertNotIn('Stopped', session.see('ended with 0'))
        session = run('echo up; read line </dev/tty; echo got $line')
        session.type('\x1a')
        session.see(r'Stopped.*\$ ')
        session.type('fg\r')
        session.see('list')
        session.type('that\r')
        session.see('got that')

    def test_a_terminal_that_takes_nothing_does_not_hold_up_the_end(self) -> None:
        self.world.put('members/pg2', member('pg2', state='x' * 500000))
        child = self.world.start(self.words('list', '-f', 'tsv')).child
        select.select([child.child_fd], [], [], TIMEOUT)
        os.kill(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + TIMEOUT
        while child.isalive() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(child.signalstatus, signal.SIGTERM)


class Colours(Screen):
    def test_only_at_a_terminal(self) -> None:
        shown, piped = self.shown('list'), self.piped('list')
        self.assertIn(f'| {GREEN}Leader{END} ', shown)
        self.assertNotIn('\x1b', piped)
        self.assertEqual(SEQUENCE.sub('', shown), piped)

    def test_who_decides(self) -> None:
        for options, environment, coloured in (
                ((), {}, True), (('--color=auto',), {}, True), (('--color', 'always'), {}, True),
                (('--color=never',), {}, False), ((), {'NO_COLOR': '1'}, False), ((), {'NO_COLOR': ''}, True),
                ((), {'TERM': 'dumb'}, False), ((), {'TERM': ''}, False),
                (('--color=always',), {'NO_COLOR': '1', 'TERM': 'dumb'}, True)):
            with self.subTest(options=options, environment=environment):
                self.assertEqual('\x1b[' in self.shown(*options, 'list', **environment), coloured)
        self.assertIn(GREEN, self.piped('--color=always', 'list', NO_COLOR='1'))
        self.assertNotIn('\x1b', self.piped('--color=auto', 'list'))

    def test_programs_get_none(self) -> None:
        self.world.put('members/pg2', member('pg2', state='start failed'))
        for name in ('json', 'yaml', 'tsv'):
            plain = self.piped('list', '-f', name)
            self.assertEqual(self.piped('--color=always', 'list', '-f', name), plain)
            self.assertEqual(self.shown('list', '-f', name), plain)

    def test_what_needs_attention(self) -> None:
        def row(value: str) -> str:
            self.world.put('members/pg2', value)
            return next(line for line in self.shown('list').split('\n') if line.startswith('| pg2 '))

        self.assertNotIn('\x1b', row(member('pg2')))
        for state, style in (('stopped', RED), ('start failed', RED), ('crashed', RED), ('creating replica', YELLOW),
                             ('restarting', YELLOW)):
            self.assertIn(f'| {style}{state}{END} ', row(member('pg2', state=state)))
        positions = member('pg2').replace('"xlog_location": 1000', '"receive_lsn": %d, "replay_lsn": %d')
        self.world.put('status', '{"optime": 10485760}')
        self.assertNotIn('\x1b', row(positions % (9437184, 9437184)))
        self.assertRegex(row(positions % (10485760, 9437183)), rf' 0 \| .* \|   {re.escape(YELLOW)}1{re.escape(END)} \|$')
        self.world.put('config', '{"maximum_lag_on_failover": 8388608}')
        self.assertNotIn('\x1b', row(positions % (10485760, 9437183)))
        self.assertEqual(row(positions % (0, 0)).count(f'{YELLOW}unknown{END}'), 2)
        self.world.put('config', '{"synchronous_mode": true, "pause": true}')
        self.world.put('sync', '{"leader": "pg1", "sync_standby": "pg2"}')
        self.assertIn(f'| {CYAN}Sync Standby{END} |', row(member('pg2')))
        self.assertIn(f'{YELLOW} Maintenance mode: on{END}\n', self.shown('topology'))

    def test_messages(self) -> None:
        self.assertIn(f'{RED}Error:{END} There is no cluster', self.shown('list', 'nowhere', status=1))
        self.assertNotIn('\x1b', self.shown('--color=never', 'list', 'nowhere', status=1))
        log = os.path.join(self.world.home, 'log')
        session = self.world.start(['/bin/sh', '-c', f'{PROGRAM} -c {self.world.config} list nowhere 2>{log}'])
        session.child.expect(pexpect.EOF)
        with open(log, encoding='utf-8') as file:
            self.assertTrue(file.read().startswith('Error: There is'), 'standard error is no terminal')

    def test_patronictl_has_none(self) -> None:
        shown = self.shown('list', program=self.patronictl())
        self.assertNotIn('\x1b', shown)
        for option in ('--color=always', '--no-pager'):
            shown = self.shown(option, 'list', program=os.path.join(self.world.home, 'patronictl'), status=2)
            self.assertIn(f'Error: No such option: {option.split("=")[0]}\n', shown)

    def test_changes_of_the_configuration(self) -> None:
        words = ('edit-config', '-s', 'loop_wait=11', '--force')
        self.assertIn('\x1b[32m+loop_wait: 11', self.shown(*words))
        self.assertIn('\x1b[32m+loop_wait: 10', self.piped('--color=always', *words[:2], 'loop_wait=10', '--force'))
        self.assertIn('\n+loop_wait: 11\n', self.piped(*words))
        self.assertIn('\n+loop_wait: 12\n', self.shown('--color=never', *words[:2], 'loop_wait=12', '--force'))

    def test_names_leave_the_columns_straight(self) -> None:
        evil = 'pg2\x1b[2J\x1b]0;a long title\x07\x1b[31m\r'
        self.world.delete('members/pg2')
        self.world.put(f'members/{evil}', member('pg2'))
        shown = self.shown('--color=never', 'list')
        self.assertNotRegex(shown, '[\x1b\x07\r]')
        self.assertEqual(len({len(line) for line in shown.strip().split('\n')}), 1, shown)
        self.assertIn(evil, self.piped('list'))
        coloured = self.shown('list')
        self.assertEqual(SEQUENCE.sub('', coloured), shown, 'but for ours')


class Width(Screen):
    def test_nothing_is_started_for_what_fits(self) -> None:
        pager = self.pager()
        for words in (('list',), ('topology',), ('history',), ('list', 'alpha', 'beta')):
            self.assertNotIn('was here', self.shown(*words, PAGER=pager))
            self.assertIsNone(self.paged())
        exact = len(self.piped('list').split('\n', 1)[0])
        self.shown('list', columns=exact, lines=7, PAGER=pager)
        self.assertIsNone(self.paged())

    def test_pager_gets_what_does_not_fit(self) -> None:
        pager, table = self.pager(), self.piped('--color=always', 'list')
        exact = len(self.piped('list').split('\n', 1)[0])
        for size, words in (({'lines': LOW}, ('list',)), ({'lines': 2 * LOW, 'columns': exact - 1}, ('list', '--wide'))):
            with self.subTest(**size):
                shown = self.shown(*words, PAGER=pager, **size)
                self.assertEqual(self.paged(), table, 'wrapped lines count as the lines that they take')
                self.assertEqual(shown, f'{pager} was here\n', 'and nobody else has it')
        self.shown('topology', lines=LOW, PAGER=pager)
        self.assertIn('| + pg2 ', self.paged())
        self.world.put('history', f'[[1, 100, "{"long " * 20}", "2030-01-01", "pg1"]]')
        self.assertIn('long long', self.shown('history', columns=NARROW, PAGER=pager), 'wide, but not long')
        self.assertIsNone(self.paged())
        self.shown('history', columns=NARROW, lines=LOW, PAGER=pager)
        self.assertIn('long long', self.paged())
        self.shown('list', lines=LOW, PAGER=f'{pager} -with arguments')
        self.assertEqual(self.paged(), table)

    # Holds DIFF_FITTING_TABLES.
    def test_columns_are_hidden_in_order(self) -> None:
        """Each narrower terminal shows fewer columns; the last line names those that are gone."""
        gone = []
        for columns in range(len(self.piped('list').split('\n', 1)[0]), 19, -6):
            shown = self.shown('--color=never', 'list', columns=columns, lines=50)
            table, _, rest = shown.partition('Hidden')
            hidden = rest.replace('\n', ' ').partition(' (')[0].removeprefix(' columns: ').split(', ') if rest else []
            self.assertGreaterEqual(set(hidden), set(gone))
            gone = hidden
            for line in rest.split('\n'):
                self.assertLessEqual(len(line), columns)
            if columns > 40:
                self.assertLessEqual(max(map(len, table.split('\n'))), columns, shown)
            self.assertRegex(table, r'\| Member \|.* Role .* State ')
            self.assertRegex(table, r'\| pg2 ')
        self.assertEqual(set(gone), {'Host', 'TL', 'Receive LSN', 'Receive Lag', 'Replay LSN', 'Replay Lag'})

    def test_which_columns_are_hidden_first(self) -> None:
        def hidden(columns: int) -> str:
            return self.shown('list', columns=columns).replace('\n', ' ').partition('Hidden columns: ')[2].partition(' (list')[0]

        width = len(self.piped('list').split('\n', 1)[0])
        self.assertEqual(hidden(width), '')
        self.assertEqual(hidden(width - 1), 'Receive LSN')
        self.assertEqual(hidden(width - 15), 'Receive LSN, Replay LSN')
        self.assertEqual(hidden(width - 28), 'Receive LSN, Receive Lag, Replay LSN')
        self.assertIn('Host', hidden(width - 40))

    def test_all_columns_on_demand(self) -> None:
        for words in (('list',), ('topology',)):
            self.assertEqual(self.shown('--color=never', *words, '--wide', columns=NARROW), self.piped(*words))
            self.assertNotIn('Hidden', self.piped(*words))
            shown = self.shown('--color=never', *words, columns=NARROW)
            self.assertIn('Hidden columns: Receive LSN', shown)
            self.assertLessEqual(max(map(len, shown.split('\n'))), NARROW)
        shown = self.shown('list', '--wide', program=self.patronictl(), status=2)
        self.assertIn('No such option: --wide', shown)

    def test_several_clusters_are_one_line(self) -> None:
        shown = self.shown('list', 'alpha', 'beta', columns=NARROW)
        self.assertEqual(shown.count('Hidden columns'), 1)
        self.assertTrue(shown.rstrip().split('\n')[-1].endswith('shows all)'), shown)

    def test_wide_names_and_titles(self) -> None:
        """A name in Chinese takes two columns a character; what the rule has no room for stands above it."""
        self.world.put('initialize', '7' * 60)
        self.world.put(f'members/{"国" * 5}', member('pg3').replace('pg3', '国' * 5))
        shown = self.shown('--color=never', 'list', columns=NARROW)
        self.assertIn(f'Cluster: alpha ({"7" * 60})\n+-', shown)
        for line in shown.split('\n')[2:]:
            self.assertLessEqual(len(line) + line.count('国'), NARROW, line)

    def test_keys_that_wait_are_no_commands(self) -> None:
        """What was typed before the table came is meant for the shell behind it, not for a pager."""
        pager = self.pager()
        session = self.world.start(['/bin/sh', '-c', f'echo ready; read line; {PROGRAM} -c {self.world.config} list; '
                                    'echo done; read rest; echo "rest=$rest"'], lines=LOW, PAGER=pager)
        session.see('ready')
        session.type('\rresume')
        session.see('done')
        session.type('\r')
        session.see('rest=resume')
        self.assertIsNone(self.paged())

    # Holds DIFF_LESS_SECURE.
    def test_pager_may_do_no_harm(self) -> None:
        pager = self.script('pager', 'echo "secure=$LESSSECURE"')
        self.assertIn('secure=1', self.shown('list', lines=LOW, PAGER=pager))
        self.assertIn('secure=1', self.shown('list', lines=LOW, PAGER=pager, LESSSECURE='0'))

    def test_what_programs_read_is_not_paged(self) -> None:
        for name in ('json', 'yaml', 'tsv'):
            self.assertEqual(self.shown('list', '-f', name, columns=NARROW, lines=4, PAGER=self.pager()),
                             self.piped('list', '-f', name))
        self.assertIsNone(self.paged())

    def test_as_it_is_without_a_pager(self) -> None:
        pager, table = self.pager(), self.piped('list')

        def whole(*options: str, **environment: str) -> None:
            shown = self.shown('--color=never', *options, 'list', lines=LOW, **{'PAGER': pager, **environment})
            self.assertEqual(shown, table)
            self.assertIsNone(self.paged())

        whole('--no-pager')
        whole(PAGER='')
        whole(PAGER=' ')
        whole(TERM='dumb')
        whole(TERM='')
        whole(PAGER='/nowhere/pager', PATH='/nowhere')
        # Nobody who could leave a pager: standard input is something else, the output is redirected, a job.
        command = f'{PROGRAM} --color=never -c {self.world.config} list'
        for line in (f'{command} </dev/null', f'{command} | cat'):
            session = self.world.start(['/bin/sh', '-c', line], lines=LOW, PAGER=pager)
            session.child.expect(pexpect.EOF)
            self.assertEqual(session.child.before.replace('\r\n', '\n'), table, line)
        session = self.world.start(['/bin/bash', '--norc', '-i', '-c', f'set -m; {command} & wait'], lines=LOW,
                                   PAGER=pager)
        session.child.expect(pexpect.EOF)
        self.assertIn(table, session.child.before.replace('\r\n', '\n'))
        self.assertIsNone(self.paged())

    def test_patronictl_prints_as_it_is(self) -> None:
        self.assertEqual(self.shown('list', program=self.patronictl(), columns=NARROW, PAGER=self.pager()),
                         self.piped('list'))

    @unittest.skipUnless(shutil.which('less'), 'there is no less')
    def test_less(self) -> None:
        """A table is as wide as it is there, arrow keys show the rest, and q leaves it."""
        session = self.world.start(self.words('list', '--wide'), columns=NARROW, lines=2 * LOW)
        session.see(r'\(END\)')
        self.assertNotIn('Replay', session.child.before)
        lines = SEQUENCE.sub('', session.child.before).strip().split('\n')
        self.assertEqual([len(line) > NARROW for line in lines], [False] * len(lines))
        session.type('\x1bOC')
        session.see('Replay')
        session.type('q')
        self.assertEqual(session.end(), 0)

    def test_pager_is_chosen_as_for_changes(self) -> None:
        self.script('less', 'echo "less $*" >"$HOME/called"; cat')
        path = f'{self.world.home}:/usr/bin:/bin'
        self.assertIn('| pg2 ', self.shown('list', lines=LOW, PATH=path))
        with open(os.path.join(self.world.home, 'called'), encoding='utf-8') as file:
            self.assertEqual(file.read(), 'less -FRSX\n')
        self.shown('list', lines=LOW, PATH=path, LESS='x')
        with open(os.path.join(self.world.home, 'called'), encoding='utf-8') as file:
            self.assertEqual(file.read(), 'less \n', 'who sets LESS decides')

    # Holds DIFF_PAGER_FAILURE.
    def test_pager_that_fails(self) -> None:
        """It is no failure of the command, and what it does not read hurts nobody."""
        self.world.put('history', str([[i, 100, 'x' * 200, '2030', 'pg1'] for i in range(3000)]).replace("'", '"'))
        for pager in ('true', 'head -c 10'):
            self.shown('history', PAGER=pager)
        for pager, end in (('false', 'ended with status 1'), (self.script('dies', 'kill -9 $$'), 'was ended by signal 9')):
            shown = self.shown('list', lines=LOW, PAGER=pager)
            self.assertIn(f'pager "{pager}" {end}\n', shown)
            self.assertIn('| pg2 ', shown)
        broken = self.script('broken', '')
        with open(broken, 'w', encoding='utf-8') as file:
            file.write('#!/nowhere/interpreter\n')
        self.assertIn('| pg2 ', self.shown('list', lines=LOW, PAGER=broken))

    def test_signals_end_the_pager_as_well(self) -> None:
        session = self.world.start(self.words('list'), lines=LOW, PAGER=self.script('waits', 'echo up; exec sleep 60'))
        session.see('up')
        start = time.monotonic()
        os.kill(session.child.pid, signal.SIGTERM)
        self.assertEqual(session.end(), -signal.SIGTERM)
        self.assertLess(time.monotonic() - start, 1)
        self.assertEqual(subprocess.run(['pgrep', '-P', str(session.child.pid)], check=False,
                                        capture_output=True).stdout, b'')

    def test_question_comes_after_the_pager(self) -> None:
        pager = self.pager()
        session = self.world.start(self.words('reload', 'alpha'), lines=LOW, PAGER=pager)
        session.see('was here')
        session.see(r'\[y/N\]: ')
        self.assertIn('| pg2 ', self.paged())
        session.type('n\r')
        session.child.expect(pexpect.EOF)

    def test_nothing_waits_where_a_command_goes_on(self) -> None:
        shown = self.shown('--color=never', 'reload', 'alpha', '--force', columns=NARROW, PAGER=self.pager(), status=5)
        self.assertIsNone(self.paged())
        self.assert_fits(shown.split('\n')[:7])
        self.assertIn('| pg2 ', shown)

    def assert_fits(self, lines: list) -> None:
        for line in lines:
            self.assertRegex(line, rf'^.{{1,{NARROW}}}$')
        self.assertRegex(lines[-1], r'^Hidden columns: |shows all\)$')

    def test_watching_fits(self) -> None:
        session = self.world.start(self.words('--color=never', 'list', '-w', '600'), columns=NARROW, PAGER=self.pager())
        session.see(r'shows all\)')
        painted = SEQUENCE.sub('', session.child.before + session.child.after).strip().split('\n')
        self.assert_fits(painted)
        session.type('\x03')
        session.child.expect(pexpect.EOF)
        left = session.child.before.split('\x1b[?1049l')[1].replace('\r', '').strip().split('\n')
        self.assert_fits(left)
        self.assertIsNone(self.paged())

    def test_watching_follows_the_window(self) -> None:
        session = self.world.start(self.words('--color=never', 'list', '-w', '0.2'), columns=120)
        session.see(r'\| Replay LSN \| Lag \|')
        session.child.setwinsize(30, NARROW)
        session.see(r'\x1b\[HCluster: alpha|\x1b\[H\+ Cluster: alpha')
        session.see('Hidden columns: Receive LSN')
        session.type('\x03')
        self.assertEqual(session.end(), 0)

    def test_watching_a_dumb_terminal(self) -> None:
        session = self.world.start(self.words('list', '-w', '0.2'), columns=120, TERM='dumb')
        session.see('Leader.*Leader.*Leader')
        session.type('\x03')
        self.assertEqual(session.end(), 0)
        self.assertNotIn('\x1b', session.child.before)

    def test_changes_that_do_not_fit(self) -> None:
        pager = self.pager()
        shown = self.shown('edit-config', '-s', 'loop_wait=11', '--force', PAGER=pager)
        self.assertIn('+loop_wait: 11', shown)
        self.assertIsNone(self.paged(), 'these fit')
        shown = self.shown('edit-config', '-s', f'x={"y" * 100}', '--force', PAGER=pager, columns=NARROW,
                           lines=LOW)
        self.assertIn('y' * 100, self.paged())
        self.assertNotIn('yyy', shown)
        shown = self.shown('--no-pager', 'edit-config', '-s', f'x={"z" * 100}', '--force', PAGER=pager, columns=NARROW,
                           lines=LOW)
        self.assertIn('z' * 100, shown)
        self.assertIsNone(self.paged())
        self.assertIn('v' * 100, self.shown('edit-config', '-s', f'x={"v" * 100}', '--force', PATH='/nowhere',
                                            columns=NARROW), 'it needs no pager')


class InTheShell(Screen):
    def test_pager(self) -> None:
        shell = self.world.shell(PAGER=self.pager())
        shell.prompt('alpha leader=pg1> ')
        shell.child.setwinsize(LOW, 120)
        shell.type('list\r')
        shell.see('was here')  # behind another prompt, where the window was seen to change
        shell.prompt()
        self.assertIn('| pg2 ', self.paged())
        self.assertNotIn('was here', shell.run('list -f tsv'))
        shell.child.setwinsize(30, 120)
        self.assertNotIn('was here', shell.run('list'))
        self.assertIsNone(self.paged())

    @unittest.skipUnless(shutil.which('less'), 'there is no less')
    def test_less(self) -> None:
        shell = self.world.shell()
        shell.prompt()
        shell.child.setwinsize(LOW, 120)
        for keys in ('q', '\x03q', '\x1bOC\x03\x03q'):
            shell.type('list\r')
            shell.see('pg2 .*:')
            for key in keys:
                shell.type(key)
                time.sleep(0.1)
            shell.prompt()
        self.assertIn('pg2', shell.run('list -f tsv'))
        self.assertIn('icanon', shell.run('!stty -a').split())

    def test_pagers_that_end_as_they_like(self) -> None:
        self.world.put('history', str([[i, 100, 'x' * 200, '2030', 'pg1'] for i in range(3000)]).replace("'", '"'))
        for pager in ('true', 'false', 'head -c 10', self.script('dies', 'kill -9 $$')):
            shell = self.world.shell(PAGER=pager)
            shell.prompt()
            shell.run('history')
            self.assertIn('pg2', shell.run('list -f tsv'))
        shell = self.world.shell(PAGER=self.script('waits', 'echo up; exec sleep 60'))
        shell.prompt()
        shell.child.setwinsize(LOW, 120)
        shell.type('list\r')
        shell.see('up')
        shell.type('\x03')
        shell.see('Aborted!')
        shell.prompt()
        self.assertIn('pg2', shell.run('list -f tsv'))

    def test_options_count_for_all_lines(self) -> None:
        shell = self.world.shell('--color=never', '--no-pager', columns=NARROW, PAGER=self.pager())
        shell.prompt()
        shell.type('list\r')
        shell.see(r'alpha leader=pg1> ')
        self.assertNotIn('\x1b[3', shell.child.before)
        self.assertIsNone(self.paged())

    def test_scripts_are_not_paged(self) -> None:
        """Nobody is at the keyboard: what it would read is the script."""
        path = os.path.join(self.world.home, 'lines')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('list\n')
        session = self.world.start(['/bin/sh', '-c', f'{PROGRAM} -c {self.world.config} shell <{path}'], columns=NARROW,
                                   PAGER=self.pager())
        session.see(r'\| pg2 ')
        self.assertEqual(session.end(), 0)
        self.assertIsNone(self.paged())


if __name__ == '__main__':
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
