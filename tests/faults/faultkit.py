"""What the cases in this folder share: parts that are broken on purpose, and a watch that is held against a bound."""
import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, '..', 'net'))
sys.path.append(os.path.join(HERE, '..', 'conformance'))
sys.path.append(os.path.join(HERE, '..', 'lab'))

from labkit.process import waited_for_processor  # noqa: E402
from servers import Client, Server, Silent, etcd3  # noqa: E402, F401

PROGRAM = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else 'pgha'
TIMEOUT = 1.0  # --timeout of most cases
TOLERANCE = 0.2  # seconds by which nothing may exceed its bound


class Result:
    """How a run ended. `seconds` is what the clock said, `waited` how much of that it waited for a processor."""

    def __init__(self, status, out, err, seconds, waited):
        self.status, self.out, self.err, self.seconds, self.waited = status, out, err, seconds, waited

    def __repr__(self):
        return (f'exit {self.status} after {self.seconds:.3f} s (waited {self.waited:.3f} s for a processor)\n'
                f'--- stdout\n{self.out}\n--- stderr\n{self.err}')


def servers_waited():
    """The same of the threads of this process: the watch, and the servers that are here now."""
    total = 0.0
    for thread in os.listdir('/proc/self/task'):
        with contextlib.suppress(OSError):  # it has just ended
            total += waited_for_processor(f'self/task/{thread}')
    return total


def finish(process, start, timeout=60):
    """Wait for the end of a process whose streams are files or nothing."""
    deadline, mine = time.monotonic() + timeout, servers_waited()
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise AssertionError(f'still running after {timeout} s')
        time.sleep(0.002)
    seconds = time.monotonic() - start
    waited = waited_for_processor(process.pid) + max(servers_waited() - mine, 0)
    return process.wait(), seconds, waited


def wait_until(condition, what, timeout=20):
    """Poll until a condition holds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f'{what}: not within {timeout} s')
        time.sleep(0.005)


def catches(pid, number):
    """Whether a process has a handler for a signal."""
    with open(f'/proc/{pid}/status') as file:
        caught = next(line.split()[1] for line in file if line.startswith('SigCgt:'))
    return bool(int(caught, 16) >> (number - 1) & 1)


class FaultCase(unittest.TestCase):
    """A case has servers that go with it, and says what it measured beside what was allowed."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix='pgha-fault-')
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.temporary = os.path.join(self.directory, 'tmp')
        os.mkdir(self.temporary)

    def with_end(self, server):
        self.addCleanup(server.stop)
        return server

    def server(self, answer=etcd3, tls=None):
        return self.with_end(Server(answer, tls))

    def config(self, *places, section='etcd3', more='', scope='batman'):
        path = os.path.join(self.directory, 'config.yml')
        with open(path, 'w') as file:
            file.write(f'scope: {scope}\n{section}:\n  hosts: {json.dumps(list(places))}\n{more}')
        return path

    def environment(self, **more):
        return {'PATH': os.environ['PATH'], 'HOME': self.directory, 'TMPDIR': self.temporary, 'TZ': 'UTC',
                'LC_ALL': 'C.UTF-8', **more}

    def words(self, config, args, timeout=TIMEOUT):
        return [PROGRAM, '-c', config, '--timeout', str(timeout), *args]

    def run_program(self, config, *args, timeout=TIMEOUT, env=None, **options):
        with tempfile.TemporaryFile('w+') as out, tempfile.TemporaryFile('w+') as err:
            start = time.monotonic()
            process = subprocess.Popen(self.words(config, args, timeout),
                                       **{'stdin': subprocess.DEVNULL, 'stdout': out, 'stderr': err, **options},
                                       env=self.environment(**(env or {})), cwd=self.directory)
            status, seconds, waited = finish(process, start)
            out.seek(0)
            err.seek(0)
            return Result(status, out.read(), err.read(), seconds, waited)

    def within(self, bound, result, status, *texts, what=''):
        """Holds a result against its bound and its exit status, and prints both the bound and what was measured."""
        name = self.id().split('.', 1)[1] + (f' {what}' if what else '')
        print(f'{name}: {result.seconds:.3f} s, bound {bound:.3f} s'
              + (f' (waited {result.waited:.3f} s for a processor)' if result.waited > 0.02 else ''), flush=True)
        self.assertEqual(result.status, status, result)
        self.assertLessEqual(result.seconds - result.waited, bound + TOLERANCE, result)
        for text in texts:
            self.assertIn(text, result.out + result.err, result)


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Dropping:
    """Where packets get lost: the kernel drops those of new connections once the listener's queue is full."""

    def __init__(self):
        self._listener = socket.socket()
        self._listener.bind(('127.0.0.1', 0))
        self._listener.listen(0)
        address = self._listener.getsockname()
        self.place = '127.0.0.1:%d' % address[1]
        self._fill = []
        for _ in range(8):
            connection = socket.socket()
            connection.setblocking(False)
            connection.connect_ex(address)
            self._fill.append(connection)
        time.sleep(0.1)

    def stop(self):
        for connection in [*self._fill, self._listener]:
            connection.close()


class Etcds:
    """Three members of etcd on ports of their own, for one test."""

    def __init__(self, *options):
        self.directory = tempfile.mkdtemp(prefix='pgha-etcds-')
        ports = [(free_port(), free_port()) for _ in range(3)]
        self.places = [f'127.0.0.1:{client}' for client, _ in ports]
        cluster = ','.join(f'e{i}=http://127.0.0.1:{peer}' for i, (_, peer) in enumerate(ports))
        self._processes = []
        for i, (client, peer) in enumerate(ports):
            with open(os.path.join(self.directory, f'e{i}.log'), 'w') as log:
                self._processes.append(subprocess.Popen(
                    ['etcd', '--name', f'e{i}', '--data-dir', os.path.join(self.directory, f'e{i}'), '--logger', 'zap',
                     '--enable-v2', '--listen-client-urls', f'http://127.0.0.1:{client}',
                     '--advertise-client-urls', f'http://127.0.0.1:{client}',
                     '--listen-peer-urls', f'http://127.0.0.1:{peer}',
                     '--initial-advertise-peer-urls', f'http://127.0.0.1:{peer}', '--initial-cluster', cluster,
                     '--unsafe-no-fsync', *options], stdout=log, stderr=log))
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + 30
        for place in self.places:
            while True:
                try:
                    with urllib.request.urlopen(f'http://{place}/health', timeout=1) as answer:
                        if json.load(answer)['health'] == 'true':
                            break
                except OSError:
                    pass
                if time.monotonic() > deadline:
                    self.stop()
                    raise AssertionError('etcd does not start')
                time.sleep(0.1)

    def ask(self, path, fields):
        request = urllib.request.Request(f'http://{self.places[0]}{path}', json.dumps(fields).encode())
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)

    def wait_until_lost(self, member):
        """Until it knows that there is no quorum, which takes it a moment: it says so at once then."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            start = time.monotonic()
            try:
                with urllib.request.urlopen(f'http://{self.places[member]}/health', timeout=5):
                    pass
            except urllib.error.HTTPError as error:  # 503
                if json.load(error)['health'] == 'false' and time.monotonic() - start < 0.2:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError('etcd believes that it has a quorum')

    def freeze(self, *members):
        for member in members:
            self._processes[member].send_signal(signal.SIGSTOP)

    def thaw(self, *members):
        for member in members:
            self._processes[member].send_signal(signal.SIGCONT)

    def stop(self):
        for process in self._processes:
            process.kill()
            process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


class RawServer:
    """A server that says what it says byte by byte: `speak(connection, request)` runs in a thread of its own."""

    def __init__(self, speak):
        self._speak = speak
        self._listener = socket.create_server(('127.0.0.1', 0), backlog=64)
        self.place = '127.0.0.1:%d' % self._listener.getsockname()[1]
        self.asked = []  # when a request was complete
        self._ended = False
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            try:
                request = b''
                while b'\r\n\r\n' not in request:
                    data = connection.recv(65536)
                    if not data:
                        return
                    request += data
                self.asked.append(time.monotonic())
                self._speak(connection, request)
            except OSError:
                pass  # the client has gone

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)  # a thread in accept() would go on with whoever gets the number next
        self._thread.join()
        self._listener.close()


def message(kind, body):
    """A message of PostgreSQL's protocol."""
    return kind + struct.pack('!I', len(body) + 4) + body


class Postgres:
    """Speaks PostgreSQL's protocol: `speak(connection, read)` begins after the client's first packet, in a thread of its own."""

    WELCOME = message(b'R', struct.pack('!I', 0)) + message(b'K', struct.pack('!II', 1, 2)) + message(b'Z', b'I')

    def __init__(self, speak):
        self._speak = speak
        self._listener = socket.create_server(('127.0.0.1', 0), backlog=64)
        self.place = '127.0.0.1:%d' % self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, contextlib.suppress(OSError, struct.error):  # the client has gone
            stream = connection.makefile('rb')

            def read(kind=1):
                head = stream.read(kind + 4)
                return stream.read(struct.unpack('!I', head[kind:])[0] - 4)

            code = struct.unpack('!I', read(0)[:4])[0]
            while code in (80877103, 80877104):  # TLS, GSS
                connection.sendall(b'N')
                code = struct.unpack('!I', read(0)[:4])[0]
            if code != 80877102:  # to cancel a query
                self._speak(connection, read)

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
