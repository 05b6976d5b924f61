#!/usr/bin/env python3
"""Ctrl-C and other signals at any moment of every command: the end comes at once and leaves nothing behind."""
import json
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from faultkit import (PROGRAM, FaultCase, RawServer, Server, Silent, TOLERANCE, catches, etcd3, finish, wait_until,
                      waited_for_processor)
from servers import KEYS
from terminal import Terminal

BOUND = 0.1  # seconds from the signal to the end
ROUNDS = int(os.environ.get('PGHA_FAULT_ROUNDS', '3'))

# The words of every command, such that it works, waits, asks or edits for as long as it takes.
COMMANDS = {
    'complete': ['complete', '--', 'list', ''],
    'demote-cluster': ['demote-cluster', 'batman', '--force', '--restore-command', 'x'],
    'dsn': ['dsn', 'batman'],
    'edit-config': ['edit-config', 'batman'],
    'failover': ['failover', 'batman', '--force', '--candidate', 'pg2'],
    'flush': ['flush', 'batman', 'restart', '--force'],
    'history': ['history', 'batman'],
    'list': ['list', '-w', '0.2', 'batman'],
    'pause': ['pause', 'batman', '--wait'],
    'promote-cluster': ['promote-cluster', 'robin', '--force'],
    'query': ['query', 'batman', '-c', 'select 1', '-U', 'alice', '--password'],
    'reinit': ['reinit', 'batman', 'pg2', '--force', '--wait'],
    'reload': ['reload', 'batman', '--force'],
    'remove': ['remove', 'batman'],
    'restart': ['restart', 'batman', '--force'],
    'resume': ['resume', 'robin', '--wait'],
    'shell': ['shell'],
    'show-config': ['show-config', 'batman'],
    'switchover': ['switchover', 'batman'],
    'topology': ['topology', '-W', 'batman'],
    'version': ['version', 'batman'],
}


class Signals(FaultCase):
    @classmethod
    def setUpClass(cls):
        cls.members = Silent(), Silent()
        keys = {**KEYS}
        for i, member in enumerate(cls.members):
            keys[f'/service/batman/members/pg{i + 1}'] = json.dumps({
                'conn_url': f'postgres://{member.place}/postgres', 'api_url': f'http://{member.place}/patroni',
                'state': 'running', 'role': 'primary' if i == 0 else 'replica', 'version': '4.1.5', 'timeline': 1,
                'xlog_location': 83886176, 'scheduled_restart': {'schedule': '2099-01-01T00:00:00+00:00'}})
        keys.update({key.replace('batman', 'robin'): value.replace('"primary"', '"standby_leader"')
                     for key, value in keys.items()})
        keys['/service/robin/config'] = '{"pause":true,"standby_cluster":{"host":"10.0.0.1"},"loop_wait":10}'

        def answer(request):
            time.sleep(0.15)
            return etcd3(request, keys)

        cls.etcd = Server(answer)
        for server in (*cls.members, cls.etcd):
            cls.addClassCleanup(server.stop)

    def open(self, words, rows):
        editor = os.path.join(self.directory, 'editor')
        with open(editor, 'w') as file:
            file.write('#!/bin/sh\nexec sleep 30\n')
        os.chmod(editor, 0o755)
        config = self.config(self.etcd.place)
        terminal = Terminal(self.words(config, words, timeout=5), rows=rows, columns=130, cwd=self.directory,
                            env=self.environment(EDITOR=editor, TERM='xterm'))
        self.addCleanup(terminal.stop)
        return terminal

    def interrupt(self, name, words, number, moment):
        # What is longer than the screen is in a pager: Ctrl-C is for the pager, and the other signals end that, too.
        terminal = self.open(words, 24 if number == signal.SIGINT else 4)
        time.sleep(moment)
        if terminal.process.poll() is not None:
            return None
        before, start = waited_for_processor(terminal.process.pid), time.monotonic()
        if number == signal.SIGINT:
            terminal.type('\x03')
        else:
            terminal.process.send_signal(number)
        status, seconds, waited = terminal.finish(start)
        waited -= before
        about = f'{name} {signal.Signals(number).name} after {moment:.3f} s: {terminal.shown!r}'
        self.assertTrue(terminal.is_restored(), about)
        self.assertEqual(terminal.left_behind(), [], about)
        self.assertEqual(os.listdir(self.temporary), [], about)
        # Ctrl-C is how a watch ends, it kills before there is a handler, and what members were about to do is not known.
        allowed = (1, -number, 0, 4) if number == signal.SIGINT else (-number, 0)
        self.assertIn(status, allowed, about)
        if status == 1:
            self.assertTrue(terminal.shown.endswith('Aborted!\r\n'), about)
        self.assertLessEqual(seconds - waited, BOUND + TOLERANCE, about)
        return seconds - waited

    def check(self, number):
        listed = subprocess.run([PROGRAM, 'dump-commands'], capture_output=True, text=True, check=True).stdout
        names = {command['name'] for command in json.loads(listed)['commands']}
        self.assertLessEqual(names, set(COMMANDS), 'every command is here')
        for name in sorted(names | {'complete'}):
            if name == 'shell' and number == signal.SIGINT:
                continue  # Ctrl-C takes a line back there
            taken = [self.interrupt(name, COMMANDS[name], number, random.uniform(0, 0.6)) for _ in range(ROUNDS)]
            taken = [seconds for seconds in taken if seconds is not None]
            if name == 'history' and number != signal.SIGINT:
                self.assertEqual(len(taken), ROUNDS, 'the pager waits')
            print(f'{signal.Signals(number).name} {name}: ' + (f'{max(taken):.3f} s at most of {len(taken)}, bound {BOUND:.3f} s'
                                                              if taken else 'has always ended before'), flush=True)

    def begin(self, program, config, words):
        """Start a command whose store never answers; returns the process and the file that has its standard error."""
        err = tempfile.TemporaryFile('w+')
        self.addCleanup(err.close)
        options = [] if program != PROGRAM else ['--timeout', '5']
        return subprocess.Popen([program, '-c', config, *options, *words], stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=err, env=self.environment(), cwd=self.directory), err

    def test_while_the_store_hangs(self):
        """As at a prompt: "Aborted!" and status 1, by either name; other signals are what ends it, without a word."""
        config = self.config(self.with_end(Silent()).place)
        worst = 0
        for name in sorted(set(COMMANDS) - {'complete', 'query', 'shell'}):
            # Without a terminal there is no editor.
            words = COMMANDS[name] + (['-s', 'a=1'] if name == 'edit-config' else [])
            running = [(program, number, *self.begin(program, config, words))
                       for program in (PROGRAM, os.path.join(os.path.dirname(PROGRAM), 'patronictl'))
                       for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
            for program, number, process, err in running:
                wait_until(lambda: catches(process.pid, signal.SIGINT), 'a handler for Ctrl-C')
                before, start = waited_for_processor(process.pid), time.monotonic()
                process.send_signal(number)
                status, seconds, waited = finish(process, start)
                err.seek(0)
                text, seconds = err.read(), seconds - (waited - before)
                about = f'{program} {name} {number.name}: {status} {text!r}'
                expected = (1, '\nAborted!\n') if number == signal.SIGINT else (-number, '')
                self.assertEqual((status, text), expected, about)
                self.assertLessEqual(seconds, BOUND + TOLERANCE, about)
                worst = max(worst, seconds)
        print(f'while the store hangs: {worst:.3f} s at most, bound {BOUND:.3f} s', flush=True)

    def test_restart_tells_who_was_not_restarted(self):
        """Ctrl-C while a replica is at work: those behind it, the leader among them, are named."""
        asked, end = threading.Event(), threading.Event()
        self.addCleanup(end.set)

        def hang(_, request):
            if request.startswith(b'POST'):
                asked.set()
            end.wait(20)

        place = self.with_end(RawServer(hang)).place
        keys = {**KEYS, '/service/batman/leader': 'pg1'}
        for name in 'pg1', 'pg2', 'pg3':
            keys[f'/service/batman/members/{name}'] = json.dumps({'api_url': f'http://{place}/patroni'})
        store = self.with_end(Server(lambda request: etcd3(request, keys)))
        process, err = self.begin(PROGRAM, self.config(store.place), COMMANDS['restart'])
        self.assertTrue(asked.wait(20))
        process.send_signal(signal.SIGINT)
        status, _, _ = finish(process, time.monotonic())
        err.seek(0)
        self.assertEqual((status, err.read()), (1, 'Not restarted: pg3, pg1\n\nAborted!\n'))

    # Holds DIFF_INTERRUPTED.
    def test_while_a_member_works_on_the_only_request(self):
        """Ctrl-C then leaves open what becomes of the request; patronictl just says that it was aborted."""
        asked, end = threading.Event(), threading.Event()
        self.addCleanup(end.set)

        def hang(_, request):
            if not request.startswith(b'GET'):
                asked.set()
            end.wait(20)

        place = self.with_end(RawServer(hang)).place
        member = json.dumps({'api_url': f'http://{place}/patroni', 'role': 'primary', 'state': 'running'})
        keys = {'/service/batman/initialize': '7', '/service/batman/leader': 'pg1', '/service/batman/members/pg1': member,
                '/service/batman/config': '{"ttl": 30}',
                '/service/batman/failover': '{"leader": "pg1", "scheduled_at": "2031-01-01T00:00:00+00:00"}'}
        standby = {**keys, '/service/batman/members/pg1': member.replace('primary', 'standby_leader')}
        paused = {**keys, '/service/batman/config': '{"pause": true}'}
        commands = [(keys, ['pause'], 'cluster "batman" is paused'), (paused, ['resume'], 'cluster "batman" is resumed'),
                    (keys, ['demote-cluster', '--host', 'x', '--force'], 'cluster "batman" is being demoted'),
                    (standby, ['promote-cluster', '--force'], 'cluster "batman" is being promoted'),
                    (keys, ['flush', 'batman', 'switchover'], 'it discards the switchover')]
        for store_keys, words, what in commands:
            store = self.with_end(Server(lambda request, known=store_keys: etcd3(request, known)))
            for program in PROGRAM, os.path.join(os.path.dirname(PROGRAM), 'patronictl'):
                with self.subTest(words=words, program=program):
                    asked.clear()
                    process, err = self.begin(program, self.config(store.place), words)
                    self.assertTrue(asked.wait(20))
                    process.send_signal(signal.SIGINT)
                    status, _, _ = finish(process, time.monotonic())
                    err.seek(0)
                    text = f'Error: interrupted after member "pg1" was asked: it is not known whether {what}'
                    expected = (4, text) if program == PROGRAM else (1, 'Aborted!')
                    self.assertEqual((status, err.read().strip()), expected)

    def test_ctrl_c(self):
        self.check(signal.SIGINT)

    def test_sigterm(self):
        self.check(signal.SIGTERM)

    def test_sighup(self):
        self.check(signal.SIGHUP)


if __name__ == '__main__':
    unittest.main()
