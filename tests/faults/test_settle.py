#!/usr/bin/env python3
"""etcd does what it is asked, or does not, and what comes back says nothing: only what is proved may be said then."""
import contextlib
import http.client
import json
import unittest

from faultkit import TIMEOUT, FaultCase, Server, free_port
from kit.etcd import Etcd

CLUSTER = '/service/batman'
FAILOVER = CLUSTER + '/failover'
CONFIG = CLUSTER + '/config'
MINE = {'edit-config': CONFIG, 'flush': FAILOVER, 'switchover': FAILOVER, 'failover': FAILOVER, 'remove': CLUSTER}
WORDS = {  # put under a condition, the same with nothing in it, put without condition, all keys
    'edit-config': ['edit-config', '--force', '-s', 'ttl=40'],
    'flush': ['flush', 'batman', 'switchover', '--force'],
    'switchover': ['switchover', 'batman', '--force', '--leader', 'pg1', '--candidate', 'pg2',
                   '--scheduled', '2099-01-01T00:00:00+00:00'],
    'failover': ['failover', 'batman', '--force', '--candidate', 'pg2'],
    'remove': ['remove', 'batman'],
}
SCHEDULED = '{"leader":"pg1","member":"pg2","scheduled_at":"2099-01-01T00:00:00+00:00"}'
CONFIRMED = 'batman\nYes I am aware\npg1\n'
ODD = {'HTML': (200, b'<html>Log in</html>'), 'empty': (200, b''), '204': (204, b''), 'null': (200, b'null'),
       'list': (200, b'[]'), 'object': (200, b'{}'), 'text': (200, b'{"succeeded":"true"}'),
       'false': (200, b'{"succeeded":false}'), '502': (502, b'<html>Bad Gateway</html>')}


class Proxy:
    """
    Stands before etcd and passes on what is asked. Of a write `script(pass_on)` makes what it likes; `pass_on()` gives
    etcd's answer, and what it returns is what the client gets.
    """

    def __init__(self, port):
        self._port, self.script, self.writes = port, None, 0
        self._server = Server(self._answer)
        self.place, self.stop = self._server.place, self._server.stop

    def _pass_on(self, request):
        method, path, headers, body = request
        kept = {key: value for key, value in headers.items() if key.lower() in ('content-type', 'content-length')}
        with contextlib.closing(http.client.HTTPConnection('127.0.0.1', self._port, timeout=5)) as connection:
            connection.request(method, path, body or None, kept)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()

    def _answer(self, request):
        method, path = request[:2]
        if path.startswith('/v2/keys') and method != 'GET' or path.rsplit('/', 1)[-1] in ('txn', 'put', 'deleterange'):
            self.writes += 1
            return self.script(lambda: self._pass_on(request)[2])
        status, headers, body = self._pass_on(request)

        def write(handler):
            handler.send_response(status)
            for key, value in headers.items():
                if key.lower().startswith('x-etcd'):
                    handler.send_header(key, value)
            handler.send_header('Content-Length', str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
        return None, write


def dropped(_):
    return None, lambda handler: None


def truncated(body):
    def write(handler):
        handler.send_response(200)
        handler.send_header('Content-Length', str(len(body) or 100))
        handler.end_headers()
        handler.wfile.write(body[:len(body) // 2])
    return None, write


ANSWERS = {'dropped': dropped, 'truncated': truncated, **{name: lambda _, odd=odd: odd for name, odd in ODD.items()}}
PATIENCE = 10  # seconds of --timeout where nothing has to be waited for
FEW = ('dropped', 'HTML')  # where the answer makes no difference to what follows, and what follows takes a while


class Settle(FaultCase):
    """Each command that writes to the store, both stores, every history of the key."""

    @classmethod
    def setUpClass(cls):
        cls.etcd = Etcd()
        cls.addClassCleanup(cls.etcd.stop)

    def fill(self, section, command):
        """A cluster whose members cannot be reached."""
        store = self.etcd.store(section)
        store.wipe()
        place = f'127.0.0.1:{free_port()}'
        for key, value in (('initialize', '1'), ('config', '{"ttl":30,"loop_wait":10}'), ('leader', 'pg1'),
                           ('status', '{"optime":1}')):
            store.put(f'{CLUSTER}/{key}', value)
        for name, role in (('pg1', 'primary'), ('pg2', 'replica')):
            store.put(f'{CLUSTER}/members/{name}', json.dumps({
                'conn_url': f'postgres://{place}/postgres', 'api_url': f'http://{place}/patroni', 'state': 'running',
                'role': role, 'version': '4.1.5', 'xlog_location': 1, 'timeline': 1}))
        if command == 'flush':
            store.put(FAILOVER, SCHEDULED)
        return store

    def send(self, section, command, script, timeout):
        proxy = self.with_end(Proxy(self.etcd.port))
        proxy.script = script
        with open(f'{self.directory}/input', 'w+') as file:
            file.write(CONFIRMED)
            file.seek(0)
            result = self.run_program(self.config(proxy.place, section=section), *WORDS[command], stdin=file,
                                      timeout=timeout)
        self.assertEqual(proxy.writes, 1, (command, result))
        return result

    def check(self, section, command, answer, status, passed=True, then=lambda store: None, timeout=PATIENCE):
        store = self.fill(section, command)
        before = store.all()

        def script(pass_on):
            body = pass_on() if passed else b''
            then(store)
            return ANSWERS[answer](body)

        result = self.send(section, command, script, timeout)
        name = f'{section} {command}, {"passed on" if passed else "kept"}, {answer}'
        self.within(timeout, result, status, what=name)
        if status != 1:
            self.assertNotIn('concurrent', result.err, name)
        self.assertEqual(status == 4, 'not known whether' in result.err, (name, result))
        return before, store.all()

    def check_all(self, commands, status, answers=tuple(ANSWERS), sections=('etcd', 'etcd3'), **more):
        for section in sections:
            for command in commands:
                for answer in answers:
                    with self.subTest(section=section, command=command, answer=answer):
                        yield self.check(section, command, answer, status, **more)

    def test_done(self):
        for commands, answers in (('edit-config', 'switchover', 'remove'), tuple(ANSWERS)), (('flush',), FEW):
            for before, after in self.check_all(commands, 0, answers):
                self.assertNotEqual(before, after)

    def test_kept(self):
        """It may be under way: nothing is known, and nothing is said."""
        for commands, answers, sections in ((('edit-config', 'remove'), tuple(ANSWERS), ('etcd', 'etcd3')),
                                            (('flush',), FEW, ('etcd', 'etcd3')),
                                            (('switchover',), tuple(ANSWERS), ('etcd3',)),
                                            (('failover',), FEW, ('etcd3',))):
            for before, after in self.check_all(commands, 4, answers, sections, passed=False):
                self.assertEqual(before, after)
        for before, after in self.check_all(('switchover',), 4, FEW, ('etcd',), passed=False, timeout=TIMEOUT):
            self.assertEqual(before, after)  # v2 is waited for, as it tells of changes to come

    def test_done_and_then_edited(self):
        """Ours came first: it is no conflict that somebody went on from there."""
        def edit(key):
            return lambda store: store.put(key, '{"ttl":50}')

        for command in 'edit-config', 'flush', 'switchover':
            for _, after in self.check_all((command,), 0, FEW, then=edit(MINE[command])):
                self.assertEqual(after[MINE[command]], '{"ttl":50}')

    def test_done_and_then_deleted(self):
        def delete(key):
            return lambda store: store.delete(key)

        for command in 'edit-config', 'flush':
            for _ in self.check_all((command,), 0, FEW, then=delete(MINE[command])):
                pass
        for section, status in ('etcd', 0), ('etcd3', 4):  # v3 does not tell when a key that is gone was made
            for _ in self.check_all(('switchover',), status, FEW, (section,), then=delete(FAILOVER)):
                pass

    def test_removed_and_then_made_anew(self):
        for _ in self.check_all(('remove',), 4, FEW, then=lambda store: store.put(CLUSTER + '/initialize', '2')):
            pass

    def test_others_came_first(self):
        """A conflict that is proved; a put without condition may still come."""
        def edit(key):
            return lambda store: store.put(key, '{"ttl":50}')

        for command, status in ('edit-config', 1), ('flush', 0):  # nothing is scheduled any more
            for _, after in self.check_all((command,), status, FEW, passed=False, then=edit(MINE[command])):
                self.assertEqual(after[MINE[command]], '{"ttl":50}')
        for _ in self.check_all(('switchover',), 4, FEW, passed=False, then=edit(FAILOVER)):
            pass

    def test_others_did_the_same(self):
        """That cannot be told from ours, and makes no difference."""
        for _ in self.check_all(('remove',), 0, FEW, passed=False, then=lambda store: store.wipe()):
            pass


if __name__ == '__main__':
    unittest.main()
