#!/usr/bin/env python3
"""What the program says when TLS with etcd fails: which certificate, key or file is at fault, and why."""
import contextlib
import os
import socket
import ssl
import sys
import threading
import time
import unittest
import warnings

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'conformance'))

from kit.tls import Certificates  # noqa: E402
from servers import HANG, PATIENCE, Client, Server, etcd3  # noqa: E402

PROGRAM = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else 'pgha'


def setUpModule():
    global certificates
    certificates = Certificates()
    certificates.path('ca.pem')
    unittest.addModuleCleanup(certificates.stop)


class TlsTest(unittest.TestCase):
    def setUp(self):
        self.client = Client(PROGRAM)
        self.addCleanup(self.client.stop)

    def server(self, certificate='good', verify_client=None, newest=None):
        server = Server(etcd3, self.context(certificate, verify_client, newest))
        self.addCleanup(server.stop)
        return server

    def context(self, certificate, verify_client, newest):
        context = certificates.server_context({'certificate': certificate, 'verify_client': verify_client})
        if newest:
            with warnings.catch_warnings():  # old versions are what the test is about
                warnings.simplefilter('ignore')
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = newest
            context.set_ciphers('ALL:@SECLEVEL=0')
        return context

    def list(self, place, protocol='https', **files):
        files = ''.join(f'  {key}: {value if "/" in value else certificates.path(value)}\n'
                        for key, value in {'cacert': 'ca.pem', **files}.items() if value)
        config = (f'scope: batman\netcd3:\n  host: {place}\n  protocol: {protocol}\n  username: alice\n'
                  f'  password: secret\n{files}')
        return self.client.run(config, *PATIENCE, 'list')

    def assert_fails(self, server, *texts, status=1, **files):
        found, out, err, seconds = self.list(server.place, **files)
        self.assertEqual((found, out), (status, ''), err)
        self.assertEqual(len(err.splitlines()), 1, err)
        for text in texts:
            self.assertIn(text, err)
        self.assertLess(seconds, HANG)
        if 'protocol' not in files:
            self.assertEqual(server.requests, [])  # nothing is sent to somebody who is not trusted

    def test_all_is_well(self):
        status, _, err, _ = self.list(self.server().place)
        self.assertEqual((status, err), (0, ''))
        server = self.server(verify_client='required')
        for files in ({'cert': 'client.pem', 'key': 'client.key'}, {'cert': 'client-both.pem'}):
            status, _, err, _ = self.list(server.place, **files)
            self.assertEqual((status, err), (0, ''))

    def test_certificates_of_the_server(self):
        for certificate, text in (('expired', ' has expired on 20'), ('self-signed', ' is self-signed'),
                                  ('unknown-ca', ' is signed by an unknown certificate authority'),
                                  ('localhost', ' is for another name (it is for: DNS:localhost')):
            with self.subTest(certificate):
                server = self.server(certificate)
                self.assert_fails(server, f'etcd3: the certificate of {server.place}{text}')

    def test_no_authority_was_named(self):
        self.assert_fails(self.server(), 'is signed by an unknown certificate authority', cacert=None)

    def test_files_that_cannot_be_used(self):
        server = self.server(verify_client='required')
        missing = '/nowhere/none.pem'
        path = certificates.path
        for files, text in (
                ({'cacert': missing}, f'{missing}: No such file or directory'),
                ({'cacert': 'ca.key'}, f'{path("ca.key")} holds no certificate'),
                ({'cert': missing}, f'{missing}: No such file or directory'),
                ({'cert': 'client.pem'}, f'{path("client.pem")} holds no key'),
                ({'cert': 'client.pem', 'key': missing}, f'{missing}: No such file or directory'),
                ({'cert': 'client.pem', 'key': 'stranger.key'},
                 f'the key {path("stranger.key")} does not match the certificate {path("client.pem")}'),
                ({'cert': 'client.pem', 'key': 'client-encrypted.key'},
                 f'the key {path("client-encrypted.key")} is encrypted and its password is not given')):
            with self.subTest(files):
                self.assert_fails(server, text, **files)

    def test_certificates_of_the_client(self):
        for newest in (None, ssl.TLSVersion.TLSv1_2):
            server = self.server(verify_client='required', newest=newest)
            with self.subTest(newest):
                self.assert_fails(server, server.place, 'wants a client certificate')
                self.assert_fails(server, server.place, 'says that the client certificate has expired',
                                  cert='client-expired.pem', key='client.key')
                self.assert_fails(server, server.place,
                                  'does not know the certificate authority of the client certificate',
                                  cert='stranger.pem', key='stranger.key')

    def test_old_tls(self):
        server = self.server(newest=ssl.TLSVersion.TLSv1_1)
        self.assert_fails(server, f'{server.place} speaks no TLS version from 1.2 on')

    def test_no_tls_where_it_is_expected(self):
        server = Server(etcd3)
        self.addCleanup(server.stop)
        self.assert_fails(server, f'{server.place} does not speak TLS')

    def test_tls_where_none_is_expected(self):
        server = self.server()
        self.assert_fails(server, f'{server.place} wants TLS, and was asked without', protocol='http')

    def plain(self, tls, answer=b''):
        """A server that closes plain connections, after an answer or none, and shakes hands for `tls` seconds (None: never)."""
        listener = socket.create_server(('127.0.0.1', 0), backlog=64)
        self.addCleanup(listener.close)
        context = self.context('good', None, None)

        def serve(connection):
            with connection:
                hello = connection.recv(1, socket.MSG_PEEK) == b'\x16'
                if hello and tls is not None:
                    time.sleep(tls)  # as long as a busy server takes: that is the case, nothing is waited for
                    with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as talk:
                        talk.recv(1)
                elif not hello:
                    connection.recv(65536)
                    connection.sendall(answer)

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return '127.0.0.1:%d' % listener.getsockname()[1]

    def test_closed_without_an_answer(self):
        """Certificates without "protocol: https": the advice comes however slow the server is, and if nothing is proved."""
        https_only = b'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'
        for about, place, expected, text in (('slow', self.plain(0.4), 1, 'wants TLS, and was asked without'),
                                             ('no TLS', self.plain(None), 5, 'possibly it wants TLS: '),
                                             ('says so', self.plain(None, https_only), 1, 'wants TLS, and was asked without')):
            with self.subTest(about):
                status, out, err, _ = self.list(place, protocol='http')
                self.assertEqual((status, out, len(err.splitlines())), (expected, '', 1), err)
                self.assertIn(text, err)
                self.assertIn('write "protocol: https"', err)


if __name__ == '__main__':
    unittest.main()
