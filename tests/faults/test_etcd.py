#!/usr/bin/env python3
"""The store's servers fail, one after the other and all together."""
import json
import signal
import subprocess
import tempfile
import time
import unittest

from faultkit import TIMEOUT, Dropping, Etcds, FaultCase, RawServer, Silent, etcd3, free_port
from servers import KEYS, encoded

UNVERIFIED = 'UNVERIFIED, possibly old'


class OneOfThree(FaultCase):
    """One of three servers is broken, wherever it is in the list: a read takes a moment longer at most."""

    def check(self, broken, bound, runs=3):
        good = [self.server().place, self.server().place]
        for index, what in ((0, 'first'), (1, 'second'), (2, 'last')):
            places = [*good[:index], broken, *good[index:]]
            for _ in range(runs):
                result = self.run_program(self.config(*places), 'list', '-f', 'json')
                self.within(bound if index == 0 else 0.2, result, 0, '"pg1"', what=what)
                self.assertEqual(result.err, '')

    def test_refused(self):
        self.check(f'127.0.0.1:{free_port()}', 0.2)

    def test_stopped(self):
        self.check(self.with_end(Silent()).place, 0.4)

    def test_dropping_packets(self):
        self.check(self.with_end(Dropping()).place, 0.4)

    def test_garbage(self):
        self.check(self.with_end(RawServer(lambda connection, _: connection.sendall(b'garbage\r\n\r\n'))).place, 0.2)

    def test_closing(self):
        self.check(self.with_end(RawServer(lambda connection, _: None)).place, 0.2)


class RealEtcd(FaultCase):
    """The same with etcd itself."""

    @classmethod
    def setUpClass(cls):
        cls.etcds = Etcds()
        cls.addClassCleanup(cls.etcds.stop)
        for key, value in KEYS.items():
            cls.etcds.ask('/v3/kv/put', {'key': encoded(key), 'value': encoded(value)})

    def setUp(self):
        super().setUp()
        self.addCleanup(self.wait_until_healthy)

    def wait_until_healthy(self):
        self.etcds.thaw(0, 1, 2)
        deadline = time.monotonic() + 30
        while self.run_program(self.config(*self.etcds.places), 'list').status and time.monotonic() < deadline:
            time.sleep(0.2)

    def wait_for_leader(self):
        """The election that a stopped leader makes necessary is over."""
        deadline = time.monotonic() + 30
        while self.run_program(self.config(*self.etcds.places), 'list').status and time.monotonic() < deadline:
            time.sleep(0.2)

    def test_first_stopped_50_times(self):
        self.etcds.freeze(0)
        self.wait_for_leader()
        config = self.config(*self.etcds.places)
        for _ in range(50):
            self.within(0.4, self.run_program(config, 'list', timeout=5), 0, 'pg1')

    def test_last_stopped(self):
        self.etcds.freeze(2)
        self.wait_for_leader()
        config = self.config(*self.etcds.places)
        for _ in range(10):
            self.within(0.2, self.run_program(config, 'list', timeout=5), 0, 'pg1')

    # Holds DIFF_LIST_NO_QUORUM.
    def test_no_quorum(self):
        self.etcds.freeze(0, 1)
        config = self.config(*self.etcds.places)
        for words, shown in ((['list'], UNVERIFIED), (['topology'], UNVERIFIED), (['list', '-e', 'batman'], UNVERIFIED)):
            result = self.run_program(config, *words)
            self.within(TIMEOUT, result, 5, shown, '| pg1 ', what=' '.join(words))
            self.assertRegex(result.err, r'^Error: etcd3 (has|may have) lost its quorum.*; what is shown is '
                                         r'the state that http://\S+ has, unverified and possibly old\n$')
            self.assertTrue(result.out.startswith(shown), result)

    def test_no_quorum_for_programs(self):
        self.etcds.freeze(1, 2)
        config = self.config(*self.etcds.places)
        for form in 'json', 'tsv', 'yaml':
            result = self.run_program(config, 'list', '-f', form)
            self.within(TIMEOUT, result, 5, 'Error: etcd3 ', '--unverified shows', what=form)
            self.assertEqual((result.out, result.err.count('\n')), ('', 1))
            result = self.run_program(config, 'list', '--unverified', '-f', form)
            self.within(TIMEOUT, result, 5, 'unverified and possibly old', what=f'{form}, unverified')
            self.assertEqual(result.err.count('\n'), 1)
            self.assertIn('not confirmed: ', result.out)
        result = self.run_program(config, 'list', '--unverified', '-f', 'json')
        self.assertEqual([row['Member'] for row in json.loads(result.out)], ['pg1'])
        self.assertTrue(all(row['Unverified'] for row in json.loads(result.out)), result)
        result = self.run_program(config, 'list', '--unverified', '-f', 'json', 'nowhere')
        self.within(TIMEOUT, result, 5, what='no rows, no mark')
        self.assertEqual(result.out, '')

    def test_a_leader_that_does_not_exist(self):
        """The store says that pg1 leads, and pg1 that it is a replica: its word is what the row has."""
        answer = {'state': 'running', 'role': 'replica', 'timeline': 1, 'replication_state': 'streaming',
                  'xlog': {'received_location': 83886176, 'replayed_location': 83886176},
                  'patroni': {'version': '4.1.5', 'scope': 'batman', 'name': 'pg1'}}
        patroni = self.server(lambda request: (200, answer))
        member = json.loads(KEYS['/service/batman/members/pg1'])
        member['api_url'] = f'http://{patroni.place}/patroni'
        key = '/service/batman/members/pg1'
        self.etcds.ask('/v3/kv/put', {'key': encoded(key), 'value': encoded(json.dumps(member))})
        self.addCleanup(lambda: self.etcds.ask('/v3/kv/put', {'key': encoded(key), 'value': encoded(KEYS[key])}))
        self.addCleanup(self.wait_until_healthy)
        self.etcds.freeze(0, 1)
        config = self.config(*self.etcds.places)
        for words in ['list'], ['topology'], ['list', '--unverified', '-f', 'tsv']:
            result = self.run_program(config, *words)
            self.within(TIMEOUT, result, 5, 'Replica', 'etcd3 says leader', what=' '.join(words))
            self.assertNotIn('Leader', result.out)
        self.assertEqual({request[:2] for request in patroni.requests}, {('GET', '/patroni')})
        self.assertFalse(self.run_program(config, 'list', '-f', 'json').out)

    def test_no_quorum_v2(self):
        place = self.etcds.places[2]
        subprocess_put(place, '/service/batman/members/pg1', KEYS['/service/batman/members/pg1'])
        self.etcds.freeze(0, 1)
        result = self.run_program(self.config(*self.etcds.places, section='etcd'), 'list')
        self.within(TIMEOUT, result, 5, UNVERIFIED, '| pg1 ')

    def test_no_quorum_and_acting(self):
        self.etcds.freeze(0, 2)
        config = self.config(*self.etcds.places)
        for words in (['reload', 'batman', '--force'], ['restart', 'batman', '--force'], ['pause'], ['show-config'],
                      ['edit-config', '--force', '-s', 'ttl=40'], ['switchover', '--force'],
                      ['failover', '--force', '--candidate', 'pg1'], ['remove', 'batman'], ['history']):
            result = self.run_program(config, *words)
            self.within(TIMEOUT, result, 5, what=words[0])
            self.assertEqual(result.out, '')
        self.assertIn('Error: etcd3 has lost its quorum, as http://127.0.0.1:', result.err)

    def test_all_stopped(self):
        self.etcds.freeze(0, 1, 2)
        for section in ('etcd3', 'etcd'):
            config = self.config(*self.etcds.places, section=section)
            for words in (['list'], ['list', '-f', 'json'], ['history'], ['reload', 'batman', '--force']):
                result = self.run_program(config, *words)
                self.within(TIMEOUT, result, 5, 'is not reachable', what=' '.join([section, *words]))
                self.assertEqual(result.out, '')
                self.assertNotIn('quorum', result.err)


class RealEtcdWithUsers(FaultCase):
    """
    Without quorum there is no token, and without a token there is nothing to be had from etcd. Patroni still has what it
    was told last; this one is scripted, and says what a real one says.
    """

    CLUSTER = {'members': [
        {'name': 'pg1', 'role': 'leader', 'state': 'running', 'api_url': 'http://10.0.1.1:8008/patroni',
         'host': '10.0.1.1', 'port': 5432, 'timeline': 1},
        {'name': 'pg2', 'role': 'replica', 'state': 'streaming', 'api_url': 'http://10.0.1.2:8008/patroni',
         'host': '10.0.1.2', 'port': 5432, 'timeline': 1, 'lag': 0, 'lsn': '0/5000000', 'receive_lag': 0,
         'receive_lsn': '0/5000000', 'replay_lag': 0, 'replay_lsn': '0/5000000'}], 'scope': 'batman'}

    @classmethod
    def setUpClass(cls):
        cls.etcds = Etcds()
        cls.addClassCleanup(cls.etcds.stop)
        for path, fields in (('user/add', {'name': 'root', 'password': 'wonder.land'}),
                             ('user/grant', {'user': 'root', 'role': 'root'}), ('enable', {})):
            cls.etcds.ask(f'/v3/auth/{path}', fields)
        cls.etcds.freeze(1, 2)
        cls.etcds.wait_until_lost(0)

    def node(self, place):
        return self.config(*self.etcds.places, more='  username: root\n  password: wonder.land\n'
                                                    f'name: pg1\nrestapi:\n  listen: {place}\n')

    def patroni(self, answer=None):
        return self.server(answer or (lambda request: (200, self.CLUSTER)))

    def test_shows_what_patroni_has(self):
        patroni = self.patroni()
        config = self.node(patroni.place)
        for words in (['list'], ['topology', 'batman'], ['list', '-e']):
            result = self.run_program(config, *words)
            self.within(TIMEOUT, result, 5, f'{UNVERIFIED}: the state that the Patroni at http://{patroni.place} has\n',
                        '| 10.0.1.2 | Replica | streaming |  1 |   0/5000000 |   0 |', what=' '.join(words))
            self.assertIn('unverified and possibly old', result.err)
            self.assertEqual(result.err.count('\n'), 1)
        result = self.run_program(config, 'list', '--unverified', '-f', 'json')
        self.within(TIMEOUT, result, 5, what='json')
        self.assertEqual([row['Member'] for row in json.loads(result.out)], ['pg1', 'pg2'])
        self.assertIn('unverified and possibly old', result.err)
        self.assertEqual({request[:2] for request in patroni.requests},
                         {('GET', '/cluster'), ('GET', '/patroni'), ('GET', '/failsafe')})

    def test_patroni_that_waits_for_its_store(self):
        """Patroni 4.1 has no GET /cluster without etcd, and takes ten seconds to find out; what it is itself it knows."""
        names = {'pg1': 'replica', 'pg2': 'replica', 'pg3': 'primary'}

        def patroni(name):
            def answer(request):
                if request[1] == '/cluster':
                    time.sleep(3)
                    return None, lambda handler: None
                if request[1] == '/failsafe':
                    return 200, {'pg1': places['pg1'], 'pg2': places['pg2']}
                return 200, {'state': 'running', 'role': names[name], 'timeline': 7,
                             'replication': [{'application_name': 'pg3', 'client_addr': '10.0.0.3', 'state': 'streaming'}],
                             'dcs_last_seen': int(time.time()) - 60, 'database_system_identifier': '72',
                             'patroni': {'version': '4.1.5', 'scope': 'batman', 'name': name}}
            return self.server(answer)

        places = {}
        servers = {name: patroni(name) for name in ('pg1', 'pg2')}
        places.update({name: f'http://{server.place}/patroni' for name, server in servers.items()})
        names['pg2'] = 'primary'
        result = self.run_program(self.node(servers['pg1'].place), 'list', timeout=2)
        self.within(2, result, 5, f'the Patroni at http://{servers["pg1"].place} says of itself',
                    'the DCS last answered it 6', '(72)')
        for name, role, said in (('pg1', 'Replica', 'its own word'), ('pg2', 'Leader', 'its own word'),
                                 ('pg3', 'Replica', 'not confirmed: member pg3 has no api_url')):
            self.assertRegex(result.out, rf'(?m)^\| {name} .*\| {role} .*\| {said} ')

    # Holds DIFF_LIST_NO_STORE.
    def test_nobody_has_it(self):
        for place, bound, text in ((f'127.0.0.1:{free_port()}', TIMEOUT, 'Connection refused'),
                                   (self.with_end(Silent()).place, TIMEOUT, 'no answer from'),
                                   (self.patroni(lambda request: (503, b'')).place, TIMEOUT, 'with status 503')):
            for words in (['list'], ['list', '-f', 'json', '--unverified']):
                result = self.run_program(self.node(place), *words)
                self.within(bound, result, 5, 'etcd3 has lost its quorum', "nor does this node's Patroni help", text)
                self.assertEqual((result.out, result.err.count('\n')), ('', 1))

    def test_other_clusters_are_not_its_business(self):
        patroni = self.patroni()
        for words in (['list', 'robin'], ['list', 'batman', 'robin'], ['list', '--group', '5']):
            result = self.run_program(self.node(patroni.place), *words)
            self.within(TIMEOUT, result, 5, 'etcd3 has lost its quorum', what=' '.join(words))
            self.assertEqual((result.out, patroni.requests), ('', []))

    def test_acting(self):
        patroni = self.patroni()
        for words in (['reload', 'batman', '--force'], ['show-config'], ['switchover', '--force'], ['pause']):
            result = self.run_program(self.node(patroni.place), *words)
            self.within(TIMEOUT, result, 5, 'etcd3 has lost its quorum', what=words[0])
            self.assertEqual((result.out, patroni.requests), ('', []))


def subprocess_put(place, key, value):
    """Sets a key by API v2."""
    import urllib.parse
    import urllib.request
    request = urllib.request.Request(f'http://{place}/v2/keys{key}', urllib.parse.urlencode({'value': value}).encode(),
                                     method='PUT')
    with urllib.request.urlopen(request, timeout=5):
        pass


class AllDown(FaultCase):
    """Whatever all servers do, the end comes in time, and the exit status says that nobody could be asked."""

    def check(self, *places, bound=TIMEOUT, texts=('is not reachable',), status=5):
        for section in ('etcd3', 'etcd'):
            for words in (['list'], ['show-config'], ['edit-config', '--force', '-s', 'ttl=40']):
                result = self.run_program(self.config(*places, section=section), *words)
                self.within(bound, result, status, *texts, what=f'{section} {words[0]}')
                self.assertEqual(result.out, '')

    def test_refused(self):
        self.check(*(f'127.0.0.1:{free_port()}' for _ in range(3)), bound=0.2)

    def test_the_only_one_refused(self):
        place = f'127.0.0.1:{free_port()}'
        self.check(place, bound=0.2, texts=('is not reachable', f'cannot connect to {place}: Connection refused'))
        self.assertNotIn('quorum', self.run_program(self.config(place), 'list').err)

    def test_then_a_node_is_asked(self):
        patroni = self.server(lambda request: (200, RealEtcdWithUsers.CLUSTER))
        for section in ('etcd3', 'etcd'):
            config = self.config(f'127.0.0.1:{free_port()}', section=section,
                                 more=f'restapi:\n  connect_address: {patroni.place}\n')
            self.within(TIMEOUT, self.run_program(config, 'list'), 5, UNVERIFIED, '| pg2 ', what=section)

    def test_stopped(self):
        self.check(*(self.with_end(Silent()).place for _ in range(3)))

    def test_dropping_packets(self):
        self.check(*(self.with_end(Dropping()).place for _ in range(3)))

    def test_one_of_each(self):
        self.check(f'127.0.0.1:{free_port()}', self.with_end(Silent()).place, self.with_end(Dropping()).place)

    def test_no_leader_says_each(self):
        def answer(request):
            if request[1].startswith('/v2'):
                return 500, {'errorCode': 300, 'message': 'Raft Internal Error', 'cause': 'etcdserver: no leader'}
            return 503, {'error': 'etcdserver: no leader', 'code': 14}

        self.check(*(self.server(answer).place for _ in range(3)), texts=('no leader',))

    def test_one_byte_a_second(self):
        def speak(connection, _):
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n')
            while True:
                connection.sendall(b' ')
                time.sleep(1)

        self.check(self.with_end(RawServer(speak)).place)

    def test_half_an_answer(self):
        self.check(self.with_end(RawServer(lambda connection, _: connection.sendall(
            b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{'))).place, bound=0.2)


class TooMuch(FaultCase):
    """A server that does not come to an end has no answer; the next one is asked."""

    ENDLESS = {'body': (b'HTTP/1.1 200 OK\r\n\r\n', b'x' * 1024 * 1024),
               'head': (b'HTTP/1.1 200 OK\r\n', b'X-Header: x\r\n' * 1000)}

    def endless(self, what):
        def speak(connection, _):
            first, more = self.ENDLESS[what]
            connection.sendall(first)
            while True:
                connection.sendall(more)

        return self.with_end(RawServer(speak)).place

    def test_endless(self):
        for what in self.ENDLESS:
            for section in 'etcd3', 'etcd':
                result = self.run_program(self.config(self.endless(what), section=section), 'list', timeout=5)
                self.within(1, result, 5, 'too large', what=f'{section} {what}')
            config = self.config(self.endless(what), self.server().place)
            self.within(1, self.run_program(config, 'list', timeout=5), 0, '| pg1 ', what=f'{what}, then another')


class Writes(FaultCase):
    """A write is never sent twice, and is not called lost unless that is known."""

    def etcd(self, on_write, then=None):
        keys = dict(KEYS)
        writes = []

        def answer(request):
            if request[1] == '/v3/kv/txn':
                writes.append(request)
                return on_write(keys)
            if writes and then:
                return then()
            return etcd3(request, keys)

        return self.server(answer), writes

    def edit(self, *servers):
        return self.run_program(self.config(*(server.place for server in servers)), 'edit-config', '--force', '-s',
                                'ttl=40')

    @staticmethod
    def silent():
        def write(_):
            time.sleep(10)
        return None, write

    def test_unanswered_and_not_happened(self):
        first, writes = self.etcd(lambda keys: self.silent())
        second, more = self.etcd(lambda keys: self.silent())
        self.within(TIMEOUT, self.edit(first, second), 4, 'not known whether')
        self.assertEqual(len(writes) + len(more), 1)

    def test_unanswered_and_then_nobody_answers(self):
        server, writes = self.etcd(lambda keys: self.silent(), then=self.silent)
        self.within(TIMEOUT, self.edit(server), 4, 'not known whether')
        self.assertEqual(len(writes), 1)

    # Holds DIFF_ABORTED_WRITE.
    def test_interrupted(self):
        server, writes = self.etcd(lambda keys: self.silent())
        with tempfile.TemporaryFile('w+') as err:
            process = subprocess.Popen(
                self.words(self.config(server.place), ['edit-config', '--force', '-s', 'ttl=40']), stderr=err,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=self.environment())
            deadline = time.monotonic() + 5
            while not writes and time.monotonic() < deadline:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(), 1)
            err.seek(0)
            self.assertRegex(err.read(), ' - WARNING - interrupted: it is not known whether the write to etcd3 has '
                                         'happened\n\nAborted!\n$')

    def test_closed_after_the_write(self):
        def closed(keys):
            return None, lambda handler: None

        server, writes = self.etcd(closed)
        self.within(0.3, self.edit(server), 4, 'not known whether')
        self.assertEqual(len(writes), 1)


class Credentials(FaultCase):
    """What etcd says about them is said at once, once, and without them."""

    MORE = '  username: alice\n  password: wonder.land\n'

    def refusing(self, path, status, body):
        def answer(request):
            return (status, body) if request[1] == path else etcd3(request)
        return self.server(answer)

    def test_wrong_password(self):
        server = self.refusing('/v3/auth/authenticate', 400,
                               {'error': 'etcdserver: authentication failed, invalid user ID or password', 'code': 3})
        result = self.run_program(self.config(server.place, more=self.MORE), 'list')
        self.within(0.2, result, 1, 'refuses the credentials of section etcd3')
        self.assertNotIn('wonder.land', result.err)

    def test_expired_token(self):
        tokens = []

        def answer(request):
            if request[1] == '/v3/auth/authenticate':
                tokens.append(f'token.{len(tokens)}')
                return 200, {'token': tokens[-1]}
            if request[2]['Authorization'] != 'token.1':
                return 401, {'error': 'etcdserver: invalid auth token', 'code': 16}
            return etcd3(request)

        result = self.run_program(self.config(self.server(answer).place, more=self.MORE), 'list')
        self.within(0.2, result, 0, 'pg1')
        self.assertEqual(len(tokens), 2)

    def test_token_that_always_is_expired(self):
        server = self.refusing('/v3/kv/range', 401, {'error': 'etcdserver: invalid auth token', 'code': 16})
        self.within(0.2, self.run_program(self.config(server.place, more=self.MORE), 'list'), 1, 'invalid auth token')
        self.assertLess(len(server.requests), 6)

    def test_wrong_password_v2(self):
        server = self.server(lambda request: (401, {'message': 'Insufficient credentials'}))
        result = self.run_program(self.config(server.place, section='etcd', more=self.MORE), 'list')
        self.within(0.2, result, 1, 'refuses the credentials of section etcd')


if __name__ == '__main__':
    unittest.main()
