#!/usr/bin/env python3
"""Output that goes nowhere, files that cannot be written, and what a terminal is shown meanwhile."""
import json
import os
import resource
import subprocess
import threading
import time
import unittest

from faultkit import TIMEOUT, FaultCase, RawServer, Server, Silent, etcd3, finish
from servers import KEYS
from terminal import Terminal


def many_members(count):
    keys = {key: value for key, value in KEYS.items() if '/members/' not in key}
    for i in range(count):
        keys[f'/service/batman/members/pg{i}'] = KEYS['/service/batman/members/pg1']
    return keys


class Output(FaultCase):
    def setUp(self):
        super().setUp()
        self.place = self.server().place

    def test_nobody_reads(self):
        """pgha list | head -1, with more output than a pipe holds."""
        keys = many_members(5000)
        config = self.config(self.server(lambda request: etcd3(request, keys)).place)
        for words in (['list'], ['list', '-f', 'json'], ['list', '-f', 'tsv'], ['list', '-W']):
            reader, writer = os.pipe()
            with open(reader, 'rb') as lines:
                start = time.monotonic()
                process = subprocess.Popen(self.words(config, words), stdout=writer, stderr=subprocess.PIPE,
                                           stdin=subprocess.DEVNULL, env=self.environment())
                os.close(writer)
                lines.read(10)
            status, seconds, waited = finish(process, start)
            err = process.stderr.read()
            process.stderr.close()
            print(f'{" ".join(words)} | head: {seconds:.3f} s, bound 2.000 s')
            self.assertLess(seconds - waited, 2.2)
            self.assertEqual(err, b'')
            self.assertNotEqual(status, 0)

    def test_full(self):
        config = self.config(self.place)
        for words in (['list'], ['list', '-f', 'json'], ['topology'], ['show-config'], ['version'], ['--help'],
                      ['list', '--help'], ['list', '-W'], ['dsn', 'batman'], ['history']):
            with open('/dev/full', 'w') as full:
                result = self.run_program(config, *words, stdout=full)
            self.within(0.3, result, 1, 'cannot write the output', what=' '.join(words))

    def test_closed(self):
        config = self.config(self.place)
        for words in (['list'], ['show-config'], ['--help']):
            result = self.run_program(config, *words, preexec_fn=lambda: os.close(1))
            self.within(0.3, result, 1, 'cannot write the output: Bad file descriptor', what=' '.join(words))

    def test_closed_stdin(self):
        result = self.run_program(self.config(self.place), 'remove', 'batman', preexec_fn=lambda: os.close(0))
        self.within(0.3, result, 1, 'Aborted!')

    def test_closed_stderr(self):
        result = self.run_program(self.config(self.place), 'list', 'nobody', preexec_fn=lambda: os.close(2))
        self.within(0.3, result, 1)


class EditorFile(FaultCase):
    """The file for the editor cannot be written: nothing is edited, nothing is written, nothing is left."""

    def edit(self, **options):
        server = self.server(lambda request: etcd3(request, self.keys()))
        mark = os.path.join(self.directory, 'edited')
        editor = os.path.join(self.directory, 'editor')
        with open(editor, 'w') as file:
            file.write(f'#!/bin/sh\ntouch {mark}\n')
        os.chmod(editor, 0o755)
        ends = os.openpty()  # without a terminal there is no editor
        for end in ends:
            self.addCleanup(os.close, end)
        result = self.run_program(self.config(server.place), 'edit-config', env={'EDITOR': editor}, stdin=ends[1],
                                  stdout=ends[1], **options)
        self.assertFalse(os.path.exists(mark), 'the editor was not started')
        self.assertEqual([request[1] for request in server.requests if 'range' not in request[1]], [])
        self.assertEqual(os.listdir(self.temporary), [])
        return result

    @staticmethod
    def keys():
        return {**KEYS, '/service/batman/config': json.dumps({'ttl': 30, 'text': 'x' * 100000})}

    def test_file_too_large(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

        self.within(0.3, self.edit(preexec_fn=limit), 1, 'File too large')

    @unittest.skipUnless(os.geteuid() == 0, 'mounts a small file system')
    def test_disk_full(self):
        mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', self.temporary], capture_output=True)
        if mounted.returncode:
            self.skipTest('nothing can be mounted here')
        self.addCleanup(subprocess.run, ['umount', self.temporary])
        self.within(0.3, self.edit(), 1, 'No space left on device')


class AtTheTerminal(FaultCase):
    """Whoever waits sees for whom; what others have named does not reach the terminal as it is."""

    def cluster(self, *places, names=('pg1', 'pg2')):
        keys = {**KEYS}
        del keys['/service/batman/members/pg1']
        for i, (name, place) in enumerate(zip(names, places)):
            keys[f'/service/batman/members/{name}'] = json.dumps({
                'conn_url': 'postgres://10.0.1.1:5432/postgres', 'api_url': f'http://{place}/patroni',
                'state': 'running', 'role': 'primary' if i == 0 else 'replica', 'version': '4.1.5', 'timeline': 1,
                'xlog_location': 83886176})
        return self.config(self.with_end(Server(lambda request: etcd3(request, keys))).place)

    def open(self, config, *words, **options):
        terminal = Terminal(self.words(config, words), columns=130,
                            env=self.environment(TERM='xterm', NO_COLOR='1'), **options)
        self.addCleanup(terminal.stop)
        return terminal

    def slow(self, wait):
        """A member that has done what it was asked after some seconds, or once an event is set; it says that it lives."""
        def speak(connection, request):
            if not request.startswith(b'GET '):
                wait.wait() if isinstance(wait, threading.Event) else time.sleep(wait)
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\nrestarted successfully')
        return self.with_end(RawServer(speak)).place

    def test_who_is_waited_for(self):
        seen = threading.Event()
        self.addCleanup(seen.set)
        terminal = self.open(self.cluster(self.slow(0), self.slow(seen)), '--timeout', '30', 'restart', 'batman', '--force')
        terminal.wait_for('\r\033[KWaiting for pg2 (')
        first = terminal.shown.rpartition('Waiting for ')[2]
        terminal.wait_until(lambda shown: shown.rpartition('Waiting for ')[2] != first, 'another second')
        seen.set()
        status, _, _ = terminal.finish()
        shown = terminal.shown
        self.assertEqual(status, 0, shown)
        self.assertRegex(shown, r'\r\033\[KWaiting for pg2 \(\d+ s\)\r\033\[KWaiting for pg2 \(\d+ s\)')
        self.assertTrue(shown.rfind('\033[K') > shown.rfind('Waiting for'), 'it is gone afterwards')
        self.assertIn('Success: restart on member pg2', shown[shown.rfind('\033[K'):])

    def test_nobody_is_told_elsewhere(self):
        result = self.run_program(self.cluster(self.slow(0), self.slow(1.5)), 'restart', 'batman', '--force', timeout=5)
        self.within(1.6, result, 0)
        self.assertEqual(result.err, '')

    def test_who_is_waited_for_and_ctrl_c(self):
        terminal = self.open(self.cluster(self.slow(0), self.with_end(Silent()).place), '--timeout', '30', 'restart',
                             'batman', '--force')
        terminal.wait_for('Waiting for pg2')
        terminal.type('\x03')
        start = time.monotonic()
        status, seconds, waited = terminal.finish(start)
        self.assertLess(seconds - waited, 0.3)
        self.assertNotEqual(status, 0)
        self.assertTrue(terminal.is_restored())
        self.assertGreater(terminal.shown.rfind('\033[K'), terminal.shown.rfind('Waiting for'))

    EVIL = 'pg\033]52;c;ZXZpbA==\007\033[2J\u009b31m\r1'

    def test_names_in_questions_and_errors(self):
        evil = self.EVIL
        for words, asked in ((['restart', 'batman'], ['[now]', '[y/N]']), (['reload', 'batman'], ['[y/N]']),
                             (['switchover', 'batman'], ['Primary', 'Candidate', '[now]', '[y/N]']),
                             (['reload', 'batman', 'nobody', '--force'], []), (['version', 'batman'], []),
                             (['reinit', 'batman'], ['Which member']), (['reload', 'batman', '--force'], []),
                             (['list', 'batman', evil], []), (['--debug', 'list'], []),
                             (['dsn', 'batman', '-m', evil], [])):
            config = self.cluster(self.slow(0), '127.0.0.1:1', names=(evil, 'pg2'))
            terminal = self.open(config, *words)
            for text in asked:
                terminal.wait_for(text)
                terminal.type('nobody\n' if text.startswith('Which') else '\n')
            terminal.finish()
            shown = terminal.shown.replace('\r\n', '').replace('\r\033[K', '')
            for bad in ('\033', '\007', '\u009b', '\r'):
                self.assertNotIn(bad, shown, words)

    def test_redirected_output_keeps_the_bytes(self):
        config = self.cluster(self.slow(0), self.slow(0), names=(self.EVIL, 'pg2'))
        result = self.run_program(config, 'list', '-f', 'tsv')
        self.within(0.2, result, 0)
        self.assertIn('\033]52;c;', result.out)


if __name__ == '__main__':
    unittest.main()
