#!/usr/bin/env python3
"""What others write, on its way to a terminal: every sequence that acts, from every place that it may come from."""
import json
import os
import re
import signal
import unittest

from faultkit import PROGRAM, FaultCase, Postgres, RawServer, etcd3, message
from servers import KEYS
from terminal import Terminal

PATRONICTL = os.path.join(os.path.dirname(PROGRAM), 'patronictl')
MARK = 'MARK'  # stands in front of what is hostile: it has arrived
# Valid UTF-8: colours that are not ours, the screen, title, clipboard, device control, C1 as one character, moving
# backwards, bidirectional and invisible characters.
TEXT = (MARK + '\x1b[41mA\x1b[3J\x1b[1;5H\x1b]0;title\x07\x1b]52;c;eA==\x1b\\\x1bP1;2q\x1b\\\x1b^x\x1b\\\x1b_y\x1b\\\x1bc'
        '\x9b5mB\x9d0;t\x9c\x85\x08\x08\x07\x7f\x0e\x0f\rC\u202eD\u2066\u200b\u200f\u2028\ufeff\u00ad\u061c\U000e0041'
        '\x1b]never ends')
# Bytes as well: a lone 9B, one that comes together when what is between is taken out, and the like.
BYTES = TEXT + (b'\xc2\x1b[m\x9b41m\x9b41m\xc2\x08\x9b\xed\xa0\x80\xff\xc2').decode(errors='surrogateescape')
OURS = re.compile(rb'\x1b\[(?:0|3[1236]|1;3[14])m|\r?\x1b\[K|\x1b\[\?(?:1049|25|7|2004)[hl]|\x1b\[H|\x1b\[J|\x1b\[2J\x1b\[1;1H'
                  rb'|\r(?=batman leader=)')  # the shell's prompt, written anew when it is known who leads
FORBIDDEN = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff'
                       '\U000e0000-\U000e0fff]')


def refusing(text):
    """A PostgreSQL that refuses every connection with a message."""
    fields = b'SFATAL\0VFATAL\0C28000\0M' + text.encode(errors='surrogateescape') + b'\0\0'
    return Postgres(lambda connection, read: connection.sendall(message(b'E', fields)))


class Hostile(FaultCase):
    def keys(self, member='pg1', api='127.0.0.1:1', postgres='10.0.1.1:5432', **more):
        keys = {key: value for key, value in KEYS.items() if '/members/' not in key}
        keys[f'/service/batman/members/{member}'] = json.dumps({
            'conn_url': f'postgres://{postgres}/postgres', 'api_url': f'http://{api}/patroni', 'timeline': 1,
            'role': 'primary', 'state': 'running', 'version': '4.1.5', 'xlog_location': 83886176, **more})
        keys['/service/batman/leader'] = member
        return keys

    def shown(self, words, keys=None, typed=(), end=None, mark=MARK, programs=(PROGRAM, PATRONICTL), **environment):
        """Runs both programs at a terminal and holds what arrives there against what may arrive."""
        place = self.server((lambda request: etcd3(request, keys)) if isinstance(keys, dict) else keys).place
        for program in programs:
            terminal = Terminal([program, '-c', self.config(place), *words], cwd=self.directory, columns=400,
                                env=self.environment(**{'TERM': 'xterm', 'PAGER': 'cat', **environment}))
            self.addCleanup(terminal.stop)
            for wanted, answer in typed:
                terminal.wait_for(wanted)
                terminal.type(answer)
            if end:
                terminal.wait_for(mark)
                terminal.process.send_signal(end)
            terminal.finish()
            self.check(terminal.raw, f'{program} {words}')
            if mark:
                self.assertIn(mark, terminal.shown, f'{program} {words}')

    def check(self, raw, what):
        text = OURS.sub(b'', raw).replace(b'\r\n', b'\n').replace(b'\n\r', b'\n').decode(errors='surrogateescape')
        found = FORBIDDEN.search(text) or re.search('[\udc80-\udcff]', text)
        if found:
            self.fail(f'{what}: {found[0]!r} in {text[max(found.start() - 60, 0):found.end() + 60]!r}')

    def test_names_and_values(self):
        for name in TEXT, BYTES:
            keys = self.keys(name)
            for words in (['list'], ['list', '-f', 'tsv'], ['list', '-f', 'json'], ['list', '-f', 'yaml'], ['topology'],
                          ['version', 'batman'], ['dsn', 'batman', '-m', 'nobody'],
                          ['reload', 'batman', '--force'], ['query', '-c', 'select 1', '-m', 'nobody'],
                          ['restart', 'batman', 'nobody', '--force']):
                with self.subTest(words=words, name=name):
                    self.shown(words, keys, mark=None if name == BYTES or words[0] in ('dsn', 'query', 'version') else MARK)
        keys = self.keys(state=TEXT, role=TEXT, pending_restart=True, tags={TEXT: TEXT}, scheduled_restart={'schedule': TEXT})
        keys['/service/batman/history'] = json.dumps([[1, 1, TEXT, TEXT, TEXT]])
        keys['/service/batman/config'] = json.dumps({TEXT: TEXT, 'ttl': 30})
        for words in (['list', '-e'], ['topology'], ['history'], ['history', '-f', 'json'], ['show-config']):
            with self.subTest(words=words):
                self.shown(words, keys)

    def test_names_of_clusters(self):
        keys = {**self.keys(), f'/service/{BYTES}/initialize': '1', f'/service/{TEXT}/members/x': '{}'}
        self.shown(['list', 'nobody'], keys, programs=[PROGRAM])

    def test_differences_and_the_pager(self):
        keys = self.keys()
        keys['/service/batman/config'] = json.dumps({'x': TEXT, 'ttl': 30})
        for pager in 'cat', '':
            self.shown(['edit-config', '-s', 'ttl=31', '-s', 'y=1'], keys, typed=[('[y/N]: ', 'n\n')],
                       programs=(PROGRAM, PATRONICTL) if pager else [PROGRAM], PAGER=pager)
        self.shown(['list'], self.keys(**{'state': TEXT + 400 * 'x'}), PAGER='cat')

    def test_questions(self):
        keys = self.keys(TEXT)
        self.shown(['switchover', 'batman'], keys, typed=[(MARK, '\x03')])
        self.shown(['restart', 'batman'], keys, typed=[('now', '\n'), ('[y/N]', 'n\n')])
        self.shown(['remove', TEXT], {key.replace('batman', TEXT): value for key, value in keys.items()},
                   typed=[('confirm', '\x03')])

    def test_answers_of_members(self):
        def member(connection, request):
            connection.sendall(b'HTTP/1.1 400 No\r\nConnection: close\r\n\r\n' + BYTES.encode(errors='surrogateescape'))

        keys = self.keys(api=self.with_end(RawServer(member)).place)
        for words in (['reload', 'batman', '--force'], ['restart', 'batman', '--force'], ['reinit', 'batman', 'pg1', '--force'],
                      ['pause', 'batman'], ['flush', 'batman', 'restart', '--force'],
                      ['switchover', 'batman', '--leader', 'pg1', '--force']):
            with self.subTest(words=words):
                self.shown(words, keys, mark=None if words[0] in ('reinit', 'switchover', 'flush') else MARK)
        self.shown(['version', 'batman'], self.keys(api=self.server(lambda request: (
            200, json.dumps({'patroni': {'version': TEXT}, 'server_version': 160000}).encode())).place))

    def test_errors_of_the_store(self):
        for answer in ((400, {'error': TEXT, 'code': 3}), (500, BYTES.encode(errors='surrogateescape')),
                       (200, BYTES.encode(errors='surrogateescape'))):
            with self.subTest(answer=answer):
                self.shown(['--timeout', '1', 'list'], lambda request, answer=answer: answer, mark=None, programs=[PROGRAM])

    def test_errors_of_postgres(self):
        for text in TEXT, BYTES:
            postgres = self.with_end(refusing(text))
            for form in 'tsv', 'pretty', 'json':
                self.shown(['query', '-c', 'select 1', '--format', form], self.keys(postgres=postgres.place),
                           mark=MARK if form != 'json' else None, programs=(PROGRAM, PATRONICTL))

    def test_files(self):
        name = os.path.join(self.directory, BYTES.replace('/', ''))
        for words in (['-c', name, 'list'], ['-c', name + '.yml', 'list'], ['edit-config', '--apply', name],
                      ['query', '--file', name]):
            with self.subTest(words=words):
                self.shown([os.fsencode(word) for word in words], self.keys(), programs=[PROGRAM, PATRONICTL])

    def test_watch_and_debug(self):
        self.shown(['list', '-w', '0.2'], self.keys(state=TEXT), end=signal.SIGINT)
        self.shown(['--debug', 'reload', 'batman', '--force'], self.keys(TEXT, api=f'127.0.0.1:1/{TEXT}'), programs=[PROGRAM])
        self.shown(['reload', 'batman', '--force'], self.keys(TEXT, api=f'127.0.0.1:1/{TEXT}'), PATRONI_LOGLEVEL='DEBUG')

    def test_shell(self):
        keys = self.keys(TEXT)
        keys['/service/batman/members/pg2'] = keys[f'/service/batman/members/{TEXT}']
        keys['/service/batman/members/pg3'] = keys[f'/service/batman/members/{TEXT}']
        quiet = os.path.join(self.directory, 'inputrc')
        with open(quiet, 'w') as file:
            file.write('set bell-style none\n')
        self.shown(['shell', '--no-history'], keys, programs=[PROGRAM], INPUTRC=quiet,
                   typed=[('leader=', 'reload batman \t\t\t'), ('pg3', '\x03'), ('^C', 'list\n'), ('Lag', 'exit\n')])


if __name__ == '__main__':
    unittest.main()
