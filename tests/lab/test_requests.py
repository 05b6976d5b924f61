"""A healthy list costs one request to etcd, one more with a password, and no process."""
import os
import re
import socket
import subprocess
import tempfile
import threading

from labkit.layout import ETCD, ETCD_PORT, program
from labtest import LabTest


class Counter:
    """Passes connections on to etcd1 and keeps what clients send."""

    def __enter__(self) -> 'Counter':
        self._listener = socket.create_server(('127.0.0.1', 0))
        self.port, self.connections, self.sent = self._listener.getsockname()[1], 0, bytearray()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # else accept() may go on with whoever gets its number next
        self._thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection((ETCD['etcd1'], ETCD_PORT))
            for source, sink, kept in (client, server, self.sent), (server, client, bytearray()):
                threading.Thread(target=self._pass_on, args=(source, sink, kept), daemon=True).start()

    @staticmethod
    def _pass_on(source: socket.socket, sink: socket.socket, kept: bytearray) -> None:
        with source, sink:
            while True:
                try:
                    data = source.recv(65536)
                    kept += data
                    if not data:
                        sink.shutdown(socket.SHUT_WR)
                        return
                    sink.sendall(data)
                except OSError:
                    return

    def requests(self) -> list[str]:
        """Return the request lines seen so far."""
        return re.findall(rb'^((?:GET|POST|PUT|DELETE) \S+) HTTP/1', bytes(self.sent), re.M)


class Requests(LabTest):
    def test_one_request(self):
        with Counter() as counter:
            hosts = ','.join(f'{address}:{ETCD_PORT}' for address in ETCD.values())
            text = self.own_configuration((f'hosts: {hosts}', f'hosts: 127.0.0.1:{counter.port},{ETCD["etcd2"]}:{ETCD_PORT}'))
            with self.configuration(text) as config:
                for args in (['list'], ['topology'], ['list', '-e', '-f', 'json']):
                    with self.subTest(args=args):
                        counter.sent.clear()
                        counter.connections = 0
                        self.ask('-c', config, *args)
                        self.assertEqual(counter.connections, 1)
                        if not self.lab.secure:
                            self.assertEqual(len(counter.requests()), 1, counter.requests())

    def test_no_process(self):
        with tempfile.TemporaryDirectory() as directory:
            trace = os.path.join(directory, 'trace')
            self.ask('-qq', '-f', '-e', 'trace=fork,vfork,clone,clone3,execve', '-e', 'signal=none', '-o', trace,
                     self.pgha, 'list', client=program('strace'))
            with open(trace) as file:
                calls = [line for line in file if 'CLONE_THREAD' not in line]
        self.assertEqual(len(calls), 1, calls)
        self.assertIn('execve', calls[0])
