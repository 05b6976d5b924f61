#!/usr/bin/env python3
"""What the program asks of etcd, and how it takes servers that are slow, wrong or hostile."""
import base64
import json
import os
import signal
import sys
import time
import unittest

from servers import HANG, KEYS, PATIENCE, Client, Server, Silent, etcd3

PROGRAM = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else 'pgha'


class StoreTest(unittest.TestCase):
    def setUp(self):
        self.client = Client(PROGRAM)
        self.addCleanup(self.client.stop)

    def server(self, answer):
        server = Server(answer)
        self.addCleanup(server.stop)
        return server

    def silent(self):
        server = Silent()
        self.addCleanup(server.stop)
        return server

    def config(self, *places, section='etcd3', more=''):
        return f'scope: batman\n{section}:\n  hosts: {json.dumps(list(places))}\n{more}'

    def list(self, *places, options=(), **settings):
        return self.client.run(self.config(*places, **settings), *options, 'list', '-f', 'json')

    def assert_listed(self, result):
        status, out, err, _ = result
        self.assertEqual((status, err), (0, ''))
        self.assertEqual([row['Member'] for row in json.loads(out)], ['pg1'])

    def assert_refused(self, result, text, status=1):
        found, out, err, _ = result
        self.assertEqual((found, out), (status, ''))
        self.assertEqual(len(err.splitlines()), 1, err)
        self.assertIn(text, err)
        self.assertTrue(err.startswith('Error: '), err)

    def test_one_request_and_no_process(self):
        seen = []

        def answer(request):
            with open(f'/proc/{process.pid}/task/{process.pid}/children') as children:
                seen.append((children.read(), len(os.listdir(f'/proc/{process.pid}/task'))))
            return etcd3(request)

        server = self.server(answer)
        process = self.client.start(self.config(server.place), 'list', '-f', 'json')
        out, err = process.communicate(timeout=30)
        self.assert_listed((process.returncode, out, err, 0))
        self.assertEqual(len(server.requests), 1)
        self.assertEqual(server.requests[0][:2], ('POST', '/v3/kv/range'))
        self.assertFalse(json.loads(server.requests[0][3])['serializable'])
        self.assertEqual(seen, [('', 1)])

    def test_one_more_request_with_a_password(self):
        server = self.server(etcd3)
        self.assert_listed(self.list(server.place, more='  username: alice\n  password: 0123\n'))
        self.assertEqual([request[1] for request in server.requests], ['/v3/auth/authenticate', '/v3/kv/range'])
        self.assertEqual(json.loads(server.requests[0][3]), {'name': 'alice', 'password': '0123'})
        self.assertEqual(server.requests[1][2]['Authorization'], 'token.1')

    def test_v2_in_one_request(self):
        def answer(request):
            nodes = [{'key': key, 'value': value, 'modifiedIndex': 5} for key, value in KEYS.items()]
            return 200, {'action': 'get', 'node': {'key': '/service/batman', 'dir': True, 'nodes': nodes}}

        server = self.server(answer)
        self.assert_listed(self.list(server.place, section='etcd'))
        self.assertEqual([request[:2] for request in server.requests],
                         [('GET', '/v2/keys/service/batman/?recursive=true&quorum=true')])

    def test_v2_is_not_served(self):
        server = self.server(lambda request: (404, b'404 page not found\n'))
        self.assert_refused(self.list(server.place, section='etcd'), '--enable-v2')

    def test_the_first_of_three_is_stopped(self):
        stopped, waited = self.silent(), []

        def answer(request):
            stopped.wait()
            waited.append(stopped.is_waited_for())
            return etcd3(request)

        good = self.server(answer)
        result = self.list(stopped.place, good.place, good.place, options=PATIENCE)
        self.assert_listed(result)
        self.assertEqual(waited, [True], 'the next is asked while the first may still answer')
        self.assertLess(result[3], HANG)

    def test_the_first_is_down(self):
        good = self.server(etcd3)
        self.assert_listed(self.list('127.0.0.1:1', good.place))

    def test_all_are_down(self):
        result = self.list('127.0.0.1:1', '127.0.0.1:2', options=PATIENCE)
        self.assert_refused(result, 'Connection refused', status=5)
        self.assertLess(result[3], HANG)

    def test_a_redirect_is_not_followed(self):
        other = self.server(etcd3)

        def answer(request):
            def write(handler):
                handler.wfile.write(f'HTTP/1.1 307 x\r\nLocation: http://{other.place}{request[1]}\r\n'
                                    'Content-Length: 0\r\n\r\n'.encode())
            return None, write

        server = self.server(answer)
        status, out, _, _ = self.list(server.place, more='  username: alice\n  password: secret\n')
        self.assertEqual((status, out), (1, ''))
        self.assertEqual(other.requests, [])

    def test_a_list_of_20000_servers(self):
        """They cost neither the time nor the memory, nor a line that nobody can read."""
        members = {'members': [{'clientURLs': [f'http://127.0.0.1:1/{i:05}']} for i in range(20000)]}
        machines = ', '.join(f'http://127.0.0.1:1/{i:05}' for i in range(20000)).encode()

        def answer(request):
            if request[1].endswith('/member/list'):
                return 200, members
            if request[1] == '/v2/machines':
                return 200, machines
            return 503, {'error': 'etcdserver: no leader ' + 'x' * 10000, 'code': 14}

        for section in 'etcd3', 'etcd':
            server = self.server(answer)
            process = self.client.start(self.config(server.place, section=section), '--timeout', '2', 'list')
            start = time.monotonic()
            with process.stdout, process.stderr:
                out, err = process.stdout.read(), process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual((process.returncode, out, err.count('\n')), (5, '', 1), err)
            self.assertTrue(any('member' in request[1] or 'machines' in request[1] for request in server.requests))
            self.assertLess(time.monotonic() - start, 4)
            self.assertLess(usage.ru_maxrss, 100 * 1024)
            self.assertLess(len(err), 2500)

    def huge(self, head):
        def answer(request):
            def write(handler):
                handler.wfile.write(head)
                for _ in range(64):
                    handler.wfile.write(b'x' * 1024 * 1024)
            return None, write
        return answer

    def test_huge_bodies(self):
        for head in (b'HTTP/1.1 200 OK\r\n\r\n', b'HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n',
                     b'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n'):
            with self.subTest(head):
                server = self.server(self.huge(head))
                status, out, err, _ = self.list(server.place)
                self.assertNotEqual(status, 0)
                self.assertEqual(out, '')
                self.assertIn('too large', err)

    def test_a_length_that_lies(self):
        head = b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
        server = self.server(self.huge(head))
        self.assert_refused(self.list(server.place), 'no valid JSON')

    def test_garbage(self):
        for body in (b'', b'null', b'[]', b'{"kvs":[{', b'{"kvs":5}', b'<html></html>', b'\xff' * 100,
                     b'[' * 1000000, b'{"kvs":[{"key":"L3NlcnZpY2UvYmF0bWFuL2E=","mod_revision":"1","value":"%"}]}'):
            with self.subTest(body[:40]):
                server = self.server(lambda request, body=body: (200, body))
                self.assert_refused(self.list(server.place), 'no valid JSON')

    def test_ctrl_c(self):
        silent = self.silent()
        process = self.client.start(self.config(silent.place), *PATIENCE, 'list')
        silent.wait()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=HANG)
        self.assertNotEqual(process.returncode, 0)

    def test_a_server_in_trouble_is_asked_with_pauses(self):
        odd = 'http://127.0.0.1:99999999999'  # fails at once

        def trouble(request):
            if request[1].endswith('/member/list'):
                return 200, {'members': [{'clientURLs': [odd]}]}
            if request[1].endswith('/machines'):
                return 200, odd.encode()
            return None, lambda handler: handler.wfile.write(b'HTTP/1.1 503 Trouble\r\nContent-Length: 0\r\n\r\n')

        for section in ('etcd3', 'etcd'):
            server = self.server(trouble)
            config = self.config(server.place, section=section)
            self.assertEqual(self.client.run(config, '--timeout', '2', 'list')[0], 5)
            self.assertLess(len(server.requests), 14)

    def test_secrets_that_a_server_repeats_do_not_show(self):
        def repeat(request):
            return 400, {'error': f'{request[2]} {request[3]}', 'message': f'{request[2]} {request[3]}', 'code': 3}

        def refuse_token(request):
            return (200, {'token': 'tok.wonder'}) if request[1].endswith('authenticate') else repeat(request)

        for section, answer in (('etcd3', repeat), ('etcd3', refuse_token), ('etcd', repeat)):
            place = self.server(answer).place
            config = self.config(place, section=section, more='  username: alice\n  password: won"der\n')
            for option in ('--no-pager', '--debug'):
                status, out, err, _ = self.client.run(config, option, 'list')
                self.assertEqual((status, out), (1, ''))
                for secret in ('won"der', 'won\\"der', 'tok.wonder', base64.b64encode(b'alice:won"der').decode()):
                    self.assertNotIn(secret, err)
                self.assertIn('***', err)

    def test_secrets_do_not_show(self):
        def answer(request):
            if request[1] == '/v3/auth/authenticate':
                return 200, {'token': 'token.secret'}
            return 403, {'error': 'etcdserver: permission denied', 'code': 7}

        server = self.server(answer)
        config = self.config(server.place, more='  username: alice\n  password: wonder\n')
        for level in ('WARNING', 'DEBUG'):
            status, out, err, _ = self.client.run(config, 'list', env={'PATRONI_LOGLEVEL': level})
            self.assertEqual((status, out), (1, ''))
            self.assertIn('permission denied', err)
            self.assertNotIn('wonder', err)
            self.assertNotIn('token.secret', err)
        self.assertIn('Authorization: <redacted>', err)


if __name__ == '__main__':
    unittest.main()
