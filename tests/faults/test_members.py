#!/usr/bin/env python3
"""One member is broken: it costs its own deadline and nobody else's, and what became of its part is said."""
import json
import struct
import threading
import time
import unittest

from faultkit import (TIMEOUT, Dropping, FaultCase, Postgres, RawServer, Server, Silent, etcd3, free_port,
                      message)

VERSION = json.dumps({'patroni': {'version': '4.1.5', 'scope': 'batman'}, 'server_version': 170005}).encode()


def answer_with(body, status=b'200 OK'):
    return b'HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s' % (status, len(body), body)


def one_byte_a_second(connection, _):
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n')
    while True:
        connection.sendall(b'x')
        time.sleep(1)


def gigabyte(connection, _):
    connection.sendall(b'HTTP/1.1 200 OK\r\n\r\n')
    for _ in range(1024):
        connection.sendall(b'x' * 1024 * 1024)


def endless_head(connection, _):
    connection.sendall(b'HTTP/1.1 200 OK\r\n')
    while True:
        connection.sendall(b'X-Header: x\r\n' * 1000)


class Members(FaultCase):
    """Five members, of which one is broken."""

    COUNT = 5

    def cluster(self, broken=None, broken_index=2):
        """The places of a store and of the members, of which one may be given."""
        self.good = []
        keys = {'/service/batman/initialize': '1', '/service/batman/leader': 'pg1',
                '/service/batman/config': '{"ttl":30,"loop_wait":1}', '/service/batman/status': '{"optime":1}'}
        for i in range(self.COUNT):
            if broken is not None and i == broken_index:
                place = broken
            else:
                server = self.with_end(RawServer(lambda connection, request: connection.sendall(answer_with(
                    VERSION if request.startswith(b'GET') else
                    b'restarted successfully' if request.startswith(b'POST /restart') else b'nothing changed'))))
                self.good.append(server)
                place = server.place
            keys[f'/service/batman/members/pg{i + 1}'] = json.dumps({
                'conn_url': f'postgres://10.0.1.{i + 1}:5432/postgres', 'api_url': f'http://{place}/patroni',
                'state': 'running', 'role': 'primary' if i == 0 else 'replica', 'version': '4.1.5', 'timeline': 1,
                'xlog_location': 1, 'pending_restart': True})
        return self.config(self.with_end(Server(lambda request: etcd3(request, keys))).place)

    def check(self, broken, bound, text, status=4, restart=None):
        """
        `status` is that of acting: 3 where it is certain that nothing was done, 4 where it is not; reading is 3 in any
        case, because the others have answered. `restart` has the text where it is another one than that of the rest: a
        member that is at work is asked whether it is still there.
        """
        acting = ['batman', '--force']
        for words, status, bound, text in ((['version', 'batman'], 3, bound, text),
                                           (['reload', *acting], status, bound, text),
                                           (['restart', *acting, '--keep-going'], status, bound,
                                            restart or text)):
            config = self.cluster(broken)
            start = time.monotonic()
            result = self.run_program(config, *words)
            self.within(bound, result, status, 'pg5', text, what=words[0])
            for server in self.good:
                self.assertEqual(len(server.asked), 1, 'asked once')
                if words[0] != 'restart':
                    self.assertLess(server.asked[0] - start - result.waited, 0.5, 'the others are served at once')

    def test_refused(self):
        self.check(f'127.0.0.1:{free_port()}', 0.2, 'Connection refused', status=3)

    def test_stopped(self):
        self.check(self.with_end(Silent()).place, TIMEOUT, 'no answer from',
                   restart='does not answer any more')

    def test_dropping_packets(self):
        self.check(self.with_end(Dropping()).place, TIMEOUT, 'no connection to', status=3)

    def test_one_byte_a_second(self):
        self.check(self.with_end(RawServer(one_byte_a_second)).place, TIMEOUT, 'no answer from',
                   restart='does not answer any more')

    def test_closing_half_way(self):
        self.check(self.with_end(RawServer(lambda connection, _: connection.sendall(
            b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{'))).place, 0.2, 'middle of its answer')

    def test_closing_at_once(self):
        self.check(self.with_end(RawServer(lambda connection, _: None)).place, 0.2, 'without an answer')

    def test_gigabyte(self):
        self.check(self.with_end(RawServer(gigabyte)).place, 1, 'too large')

    def test_endless_head(self):
        self.check(self.with_end(RawServer(endless_head)).place, 1, 'too large')

    def test_garbage(self):
        self.check(self.with_end(RawServer(lambda connection, _: connection.sendall(b'garbage\r\n\r\n'))).place, 0.2,
                   'not HTTP')

    def test_answers_of_others(self):
        """A captive portal, a proxy: what is not Patroni's answer does not tell what became of the request."""
        for status, body in ((b'200 OK', b'<html>Log in</html>'), (b'200 OK', b''), (b'204 No Content', b''),
                             (b'200 OK', b'null'), (b'200 OK', b'{}'), (b'302 Found', b''),
                             (b'502 Bad Gateway', b'<html>nginx</html>'), (b'504 Gateway Timeout', b'')):
            for words in (['reload'], ['restart', '--keep-going']):
                broken = self.with_end(RawServer(lambda connection, request, answer=answer_with(body, status):
                                                 connection.sendall(answer)))
                result = self.run_program(self.cluster(broken.place), words[0], 'batman', '--force', *words[1:])
                self.assertEqual(result.status, 4, (status, body, words, result))
                self.assertIn('Unknown: %s for member pg3, (member pg3 does not answer' % words[0], result.out)

    def settled(self, keys, words, does):
        """The first member that is asked to act does it, and somebody else answers for it."""
        def portal(request):
            if request[0] != 'GET':
                does(keys)
            return 200, b'<html>Log in</html>'

        place = self.with_end(Server(portal)).place
        keys.update({'/service/batman/initialize': '1', '/service/batman/leader': 'pg1',
                     '/service/batman/members/pg1': json.dumps({
                         'conn_url': f'postgres://{place}/postgres', 'api_url': f'http://{place}/patroni',
                         'state': 'running', 'role': 'primary', 'version': '4.1.5', 'timeline': 1})})
        return self.run_program(self.config(self.with_end(Server(lambda request: etcd3(request, keys))).place), *words)

    def test_done_as_the_store_has_it(self):
        """What became of it is in the store: 0 where it is done, 4 where it may be under way."""
        config, failover = '/service/batman/config', '/service/batman/failover'
        planned = '{"leader":"pg1","scheduled_at":"2099-01-01T00:00:00+00:00"}'
        paused, running = '{"ttl":30,"pause":true}', '{"ttl":30}'
        for words, key, before, after, text in (
                (['pause', 'batman'], config, running, paused, 'Success: cluster management is paused'),
                (['resume', 'batman'], config, paused, running, 'Success: cluster management is resumed'),
                (['flush', 'batman', 'switchover', '--force'], failover, planned, '{}',
                 'Success: the switchover is not scheduled any more')):
            name = ' '.join(words)
            result = self.settled({config: running, key: before}, words, lambda keys, new={key: after}: keys.update(new))
            self.within(TIMEOUT, result, 0, text, what=name)
            result = self.settled({config: running, key: before}, words, lambda keys: None)
            self.within(TIMEOUT, result, 4, 'is not known', what=f'{name}, not done')
            self.assertNotIn('Success', result.out)

    def test_garbage_for_json(self):
        for body in (b'\xff\xfe', b'[' * 1000000, b'{"patroni": 5}', b''):
            config = self.cluster(self.with_end(RawServer(
                lambda connection, _, body=body: connection.sendall(answer_with(body)))).place)
            self.within(0.5, self.run_program(config, 'version', 'batman'), 3, 'pg5')


class SlowStore(FaultCase):
    """--timeout bounds all that is learned: what the store took is not there for the members any more."""

    def slow(self, keys, part):
        def answer(request):
            time.sleep(part * TIMEOUT)
            return etcd3(request, keys)

        return self.with_end(Server(answer)).place

    def keys(self, *places):
        keys = {'/service/batman/initialize': '1', '/service/batman/leader': 'pg1'}
        for i, place in enumerate(places):
            keys[f'/service/batman/members/pg{i + 1}'] = json.dumps({
                'conn_url': f'postgres://{place}/postgres', 'api_url': f'http://{place}/patroni', 'state': 'running',
                'role': 'replica', 'version': '4.1.5', 'timeline': 1})
        return keys

    def test_version(self):
        good = self.with_end(Server(lambda request: (200, VERSION)))
        store = self.slow(self.keys(good.place, self.with_end(Silent()).place), 0.5)
        result = self.run_program(self.config(store), 'version', 'batman')
        self.within(TIMEOUT, result, 3, 'pg1: Patroni 4.1.5 PostgreSQL 17.5', 'pg2: failed to get version: no answer from')

    def test_query(self):
        store = self.slow(self.keys(self.with_end(Silent()).place), 0.5)
        result = self.run_program(self.config(store), 'query', 'batman', '-c', 'SELECT 1', '-U', 'somebody')
        self.within(TIMEOUT, result, 5)

    def query(self, speak, *options, bound):
        store = self.slow(self.keys(self.with_end(Postgres(speak)).place), 0)
        result = self.run_program(self.config(store), *options, 'query', 'batman', '-c', 'SELECT 1', '-U', 'somebody',
                                  env={'PGPASSWORD': 'secret', 'PGSSLMODE': 'disable'})
        return bound, result

    def test_postgres_that_never_ceases_to_send(self):
        """What keeps the socket busy is not an answer."""
        def speak(connection, read):
            connection.sendall(Postgres.WELCOME)
            read()
            notice = message(b'N', b'SNOTICE\0C00000\0M' + 1000 * b'x' + b'\0\0')
            row = message(b'D', struct.pack('!HI', 1, 1000) + 1000 * b'x')
            connection.sendall(message(b'T', struct.pack('!H', 1) + b'c\0' + struct.pack('!IHIHIH', 0, 0, 25, 65535, 0, 0)))
            while True:
                connection.sendall(notice + row)

        self.within(*self.query(speak, '--operation-timeout', '1', bound=1), 4, 'no result within --operation-timeout')

    def test_postgres_that_keeps_us_computing(self):
        """Two thousand million rounds of SCRAM take libpq half an hour."""
        def speak(connection, read):
            connection.sendall(message(b'R', struct.pack('!I', 10) + b'SCRAM-SHA-256\0\0'))
            nonce = read().split(b'r=')[1]
            connection.sendall(message(b'R', struct.pack('!I', 11) + b'r=' + nonce + b'x,s=c2FsdA==,i=2147483647'))
            read()

        self.within(*self.query(speak, bound=TIMEOUT), 5, 'takes too long to compute: timeout expired')

    def test_a_store_that_leaves_too_little(self):
        """It has its share and no more, so that whoever reads the error knows that it is the store."""
        result = self.run_program(self.config(self.slow(self.keys(), 0.9)), 'version', 'batman')
        self.within(TIMEOUT, result, 5, 'etcd3 is not reachable')

    def test_names_for_an_error(self):
        """Those of other clusters are looked for in the time that is left, and nobody waits for them."""
        result = self.run_program(self.config(self.slow(self.keys(), 0.6)), 'history', 'nowhere')
        self.within(TIMEOUT, result, 1, 'nowhere')

    def test_reinit_asks_all_at_once(self):
        """Before and while it waits: each answer comes only when all have been asked."""
        barrier, broken = threading.Barrier(3), []

        def answer(request):
            if request[0] != 'GET':
                return 409, b'no'
            try:
                barrier.wait(0.8 * TIMEOUT)
            except threading.BrokenBarrierError:
                broken.append(request)
            return 200, {'state': 'running', 'role': 'replica', 'postmaster_start_time': '1'}

        places = [self.with_end(Server(answer)).place for _ in range(3)]
        keys = {**self.keys('127.0.0.1:1', *places), '/service/batman/leader': 'pg1'}
        config = self.config(self.with_end(Server(lambda request: etcd3(request, keys))).place)
        result = self.run_program(config, 'reinit', 'batman', 'pg2', 'pg3', 'pg4', '--force', '--wait',
                                  '--keep-going')
        self.within(TIMEOUT, result, 3, 'Failed: reinitialize for member pg2')
        self.assertEqual(broken, [])


if __name__ == '__main__':
    unittest.main()
