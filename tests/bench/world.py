"""What is measured against: an etcd with clusters whose members are made up, and a server that answers for all members."""
import asyncio
import base64
import json
import os
import re
import resource
import sys
import threading
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../conformance'))

from kit.etcd import Etcd, free_port  # noqa: E402

BATCH = 500  # keys in a transaction
HOSTS = [f'127.8.{number // 250}.{number % 250 + 1}' for number in range(1000)]  # members take turns with them


class Members:
    """One HTTP server that is the REST API of all members. It counts requests and says the same to each."""

    def __init__(self):
        self.requests, self.port, self._ready = 0, free_port(), threading.Event()
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65536), most))
        threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()
        self._ready.wait()

    def url(self, number):
        return f'http://{HOSTS[number % len(HOSTS)]}:{self.port}'

    async def _serve(self):
        server = await asyncio.start_server(self._talk, HOSTS, self.port, backlog=256)
        self._ready.set()
        await server.serve_forever()

    async def _talk(self, reader, writer):
        body = b'{"state":"running","server_version":150004,"patroni":{"version":"4.1.4","scope":"bench"}}'
        try:
            while True:
                head = await reader.readuntil(b'\r\n\r\n')
                length = re.search(rb'(?i)content-length: *(\d+)', head)
                await reader.readexactly(int(length[1]) if length else 0)
                self.requests += 1
                status = b'202 Accepted' if head.startswith(b'POST') else b'200 OK'
                writer.write(b'HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s' % (status, len(body), body))
        except (OSError, asyncio.IncompleteReadError):
            writer.close()


class World:
    """Clusters by name; `requests()` is what etcd and all members were asked so far."""

    def __init__(self):
        self._etcd = Etcd(['--max-txn-ops', '20000', '--max-request-bytes', str(64 << 20)])
        self.etcd = f'http://127.0.0.1:{self._etcd.port}'
        self.members = Members()

    def _value(self, number):
        address = f'10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}'
        return json.dumps({
            'conn_url': f'postgres://{address}:5432/postgres',
            'api_url': self.members.url(number) + '/patroni', 'state': 'running',
            'role': 'replica' if number else 'primary', 'version': '4.1.4', 'xlog_location': 67108864 - number,
            'receive_lsn': 67108864, 'replay_lsn': 67108864 - number, 'replication_state': 'streaming', 'timeline': 1})

    def _put(self, keys):
        items = list(keys.items())
        for start in range(0, len(items), BATCH):
            self._etcd.post('/v3/kv/txn', {'success': [
                {'request_put': {'key': encoded(key), 'value': encoded(value)}}
                for key, value in items[start:start + BATCH]]})

    def add(self, scope, count):
        """Make a cluster of *count* members."""
        base = f'/service/{scope}/'
        self._put({base + 'leader': 'pg00000', base + 'initialize': '7711238642597036616',
                   base + 'status': '{"optime":67108864}', base + 'config': '{"ttl":30,"loop_wait":10}',
                   **{f'{base}members/pg{number:05}': self._value(number) for number in range(count)}})

    def question(self, scope):
        """The body of the request for all keys of a cluster."""
        base = f'/service/{scope}/'
        return json.dumps({'key': encoded(base), 'range_end': encoded(base[:-1] + '0'), 'serializable': False})

    def requests(self):
        with urllib.request.urlopen(self.etcd + '/metrics', timeout=10) as response:
            text = response.read().decode()
        return self.members.requests + sum(
            int(float(count)) for method, count in
            re.findall(r'grpc_server_started_total\{grpc_method="(\w+)",.*\} (\S+)', text) if method != 'Watch')

    def stop(self):
        self._etcd.stop()


def encoded(text):
    return base64.b64encode(text.encode()).decode()
