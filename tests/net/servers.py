"""Scripted servers for the tests in this folder: what they do is said in Python, what they were asked is kept."""
import base64
import http.server
import json
import os
import socket
import subprocess
import tempfile
import threading
import time


class Server:
    """An HTTP(S) server on a port of its own. `answer(request)` gives status and body; `requests` has what came."""

    def __init__(self, answer, tls=None):
        outer = self
        self.requests = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
                outer.requests.append((self.command, self.path, dict(self.headers), body.decode()))
                status, answer_body = answer(outer.requests[-1])
                if status is None:  # the answer has written everything itself
                    answer_body(self)
                    self.close_connection = True
                    return
                data = answer_body if isinstance(answer_body, bytes) else json.dumps(answer_body).encode()
                self.send_response(status)
                self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

            def log_message(self, *args):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # the client has gone: that is what some of the tests are about

        self._server = Quiet(('127.0.0.1', 0), Handler)
        if tls:  # the handshake is made by the thread that reads
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self._server.server_address[1]
        self.place = f'127.0.0.1:{self.port}'
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


class Silent:
    """A server that accepts connections, as the kernel does for a stopped process, and never says anything."""

    def __init__(self):
        self._listener = socket.create_server(('127.0.0.1', 0), backlog=64)
        self._listener.settimeout(30)
        self._client = None
        self.place = '127.0.0.1:%d' % self._listener.getsockname()[1]

    def wait(self):
        """Waits until somebody has asked something."""
        self._client = self._listener.accept()[0]
        self._client.settimeout(30)
        self._client.recv(65536)

    def is_waited_for(self):
        """Whether whoever has asked has not given up."""
        self._client.setblocking(False)
        try:
            return self._client.recv(65536) != b''
        except BlockingIOError:
            return True

    def stop(self):
        self._listener.close()
        if self._client:
            self._client.close()


# Nobody waits as long as this, and who does has hung: seconds, beside a --timeout that is longer.
HANG, PATIENCE = 30, ('--timeout', '90')


def encoded(text):
    return base64.b64encode(text.encode(errors='surrogateescape')).decode()


def decoded(text):
    return base64.b64decode(text).decode(errors='surrogateescape')


KEYS = {
    '/service/batman/initialize': '7277694203142172922',
    '/service/batman/leader': 'pg1',
    '/service/batman/config': '{"ttl":30,"loop_wait":10}',
    '/service/batman/members/pg1': json.dumps({
        'conn_url': 'postgres://10.0.1.1:5432/postgres', 'api_url': 'http://10.0.1.1:8008/patroni',
        'state': 'running', 'role': 'primary', 'version': '4.1.5', 'xlog_location': 83886176, 'timeline': 1}),
    '/service/batman/status': '{"optime":83886176}',
}


def etcd3(request, keys=None):
    """The answer of a healthy etcd to reads with its v3 API."""
    _, path, _, body = request
    fields = json.loads(body or '{}')
    if path == '/v3/auth/authenticate':
        return 200, {'token': 'token.1'}
    if path == '/v3/kv/range':
        start = decoded(fields['key'])
        found = [{'key': encoded(key), 'value': encoded(value), 'mod_revision': '5'}
                 for key, value in sorted((KEYS if keys is None else keys).items())
                 if (key.startswith(start) if 'range_end' in fields else key == start)]
        return 200, {'header': {'revision': '9'}, 'kvs': found, 'count': str(len(found))}
    return 404, b'404 page not found\n'


class Client:
    """Runs the program under test with a configuration in a directory of its own."""

    def __init__(self, program):
        self.program = program
        self._directory = tempfile.TemporaryDirectory(prefix='pgha-net-')
        self.directory = self._directory.name

    def start(self, config, *args, env=None):
        path = os.path.join(self.directory, 'config.yml')
        with open(path, 'w') as file:
            file.write(config)
        environment = {'PATH': os.environ['PATH'], 'HOME': self.directory, 'TZ': 'UTC', **(env or {})}
        return subprocess.Popen([self.program, '-c', path, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env=environment, cwd=self.directory)

    def run(self, config, *args, env=None, timeout=60):
        """Returns exit status, both streams and the seconds it took."""
        start = time.monotonic()
        process = self.start(config, *args, env=env)
        try:
            out, err = process.communicate(timeout=timeout)
        finally:
            process.kill()
        return process.returncode, out, err, time.monotonic() - start

    def stop(self):
        self._directory.cleanup()
