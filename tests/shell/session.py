"""A private etcd with a cluster in it, a proxy that counts, and a shell at a terminal."""
import json
import os
import re
import select
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time

import pexpect

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'conformance'))
from kit.etcd import Etcd  # noqa: E402

SEQUENCE = re.compile(r'\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r')
TIMEOUT = 60  # of what hangs: a busy machine may ask etcd twice, with five seconds between, before the prompt is whole


def has_ended(child: pexpect.spawn) -> bool:
    """Wait until a process is gone; pexpect itself ends one that is not within a tenth of a second."""
    if child.terminated:
        return True
    watch = os.pidfd_open(child.pid)
    try:
        return bool(select.select([watch], [], [], TIMEOUT)[0])
    finally:
        os.close(watch)


def member(name: str, role: str = 'replica', state: str = 'streaming') -> str:
    """Return the value of a member's key."""
    port = 5432 + int(name[-1])
    return json.dumps({'conn_url': f'postgres://127.0.0.1:{port}/postgres', 'api_url': 'http://127.0.0.1:9/patroni',
                       'state': state if role == 'replica' else 'running', 'role': role, 'timeline': 1,
                       'xlog_location': 1000})


class Proxy(threading.Thread):
    """Passes bytes on to *port*, counts connections and requests, and holds answers back while it is told to."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._target, self.connections, self.requests = port, 0, []
        self._socket, self._ends = socket.create_server(('127.0.0.1', 0)), []
        self.port = self._socket.getsockname()[1]
        self.start()

    def run(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(('127.0.0.1', self._target))
            self._ends += [client, server]
            threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, count: bool) -> None:
        try:
            while data := source.recv(65536):
                if count:
                    self.requests += re.findall(rb'^(?:GET|POST|PUT|DELETE) (\S+) HTTP', data, re.M)
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def stop(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)  # else accept() may go on with whoever gets its number next
        self.join()
        for end in [self._socket, *self._ends]:
            end.close()


class World:
    """An etcd with the clusters "alpha" and "beta", and a home of its own."""

    def __init__(self, program: str) -> None:
        self.program, self.home = program, tempfile.mkdtemp(prefix='pgha-shell-')
        self.etcd = Etcd()
        self.store = self.etcd.store('etcd3')
        self.processes: list[pexpect.spawn] = []
        for cluster, names in (('alpha', ('pg1', 'pg2')), ('beta', ('node1', 'node2'))):
            self.put('initialize', '1', cluster)
            self.put('config', '{"loop_wait": 10}', cluster)
            self.put('leader', names[0], cluster)
            for name in names:
                self.put(f'members/{name}', member(name, 'primary' if name == names[0] else 'replica'), cluster)
        self.state = os.path.join(self.home, 'state')
        self.config = self.configure(self.etcd.port)

    def configure(self, port: int, scope: str | None = 'alpha') -> str:
        """Write a configuration for the server at *port* and return its path."""
        path = os.path.join(self.home, f'patroni-{port}-{scope}.yml')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(f'scope: {scope}\n' if scope else '')
            file.write(f'etcd3:\n  host: 127.0.0.1:{port}\n')
        return path

    def put(self, key: str, value: str, cluster: str = 'alpha') -> None:
        self.store.put(f'/service/{cluster}/{key}', value)

    def delete(self, key: str, cluster: str = 'alpha') -> None:
        self.store.delete(f'/service/{cluster}/{key}')

    def environment(self, **more: str) -> dict[str, str]:
        """Return what a process needs and nothing of who runs the tests."""
        kept = {key: value for key, value in os.environ.items()
                if key in ('PATH', 'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS')}
        return {**kept, 'HOME': self.home, 'XDG_STATE_HOME': self.state, 'TERM': 'xterm', 'LC_ALL': 'C.UTF-8',
                'INPUTRC': '/dev/null', **more}

    def shell(self, *options: str, config: str | None = None, columns: int = 120, arguments: tuple = (),
              **environment: str) -> 'Session':
        """Start a shell at a new terminal."""
        return self.start([self.program, '-c', config or self.config, *options, 'shell', *arguments], columns=columns,
                          **environment)

    def start(self, words: list, columns: int = 120, lines: int = 30, **environment: str) -> 'Session':
        """Start a program at a new terminal."""
        child = pexpect.spawn(words[0], words[1:], env=self.environment(**environment), timeout=TIMEOUT,
                              dimensions=(lines, columns), encoding='utf-8', cwd=self.home)
        child.delaybeforesend = None
        self.processes.append(child)
        return Session(child)

    def pause_etcd(self) -> None:
        os.kill(self.etcd._process.pid, signal.SIGSTOP)

    def resume_etcd(self) -> None:
        os.kill(self.etcd._process.pid, signal.SIGCONT)

    def history(self) -> str:
        with open(os.path.join(self.state, 'pgha', 'history'), encoding='utf-8') as file:
            return file.read()

    def stop(self) -> None:
        self.resume_etcd()
        for child in self.processes:
            if not child.closed and child.isalive():
                for number in (signal.SIGHUP, signal.SIGCONT):  # one that is killed would not count what it has run
                    child.kill(number)
            has_ended(child) or child.kill(signal.SIGKILL)
            has_ended(child)
            child.close()
        self.etcd.stop()
        shutil.rmtree(self.home, ignore_errors=True)


class Session:
    """What somebody at the terminal does and sees."""

    def __init__(self, child: pexpect.spawn) -> None:
        self.child = child

    def see(self, pattern: str, timeout: float = TIMEOUT) -> str:
        """Wait for a pattern in what is shown, escape sequences left in; return what came before it, without them."""
        self.child.expect(pattern, timeout=timeout)
        return SEQUENCE.sub('', self.child.before)

    def prompt(self, text: str = 'alpha leader=pg1> ', timeout: float = TIMEOUT) -> str:
        """Wait for a prompt, whatever its colours; return what was shown before it."""
        pattern = r'(?:\x1b\[[0-9;]*m)*'.join(re.escape(part) for part in re.split(r'(?<=[ =>])|(?=[ =>])', text) if part)
        return self.see(pattern, timeout)

    def run(self, line: str, prompt: str = 'alpha leader=pg1> ') -> str:
        """Type a line and return what it prints until the prompt is back.

        The prompt is drawn anew when the window or the status changes: only one behind the end of the line counts.
        """
        self.type(line + '\r')
        self.see('\n')
        return self.prompt(prompt)

    def type(self, text: str) -> None:
        self.child.send(text)

    def end(self) -> int:
        """Wait for the end and return the exit status (minus the signal that ended it)."""
        self.child.expect(pexpect.EOF)
        assert has_ended(self.child), 'the terminal is closed, and the process goes on'
        self.child.close()
        return self.child.exitstatus if self.child.signalstatus is None else -self.child.signalstatus

    def clock(self) -> float:
        """Return seconds that stand still while the shell or this test could run and the machine does something else."""
        now = time.monotonic()
        for task in f'/proc/{self.child.pid}', '/proc/thread-self':
            with open(f'{task}/schedstat', encoding='ascii') as file:
                now -= int(file.read().split()[1]) / 1e9
        return now

    def echo_time(self, text: str) -> float:
        """Type one character after the other; return the longest time until it was shown."""
        worst = 0.0
        for character in text:
            start = self.clock()
            self.type(character)
            self.child.expect_exact(character, timeout=TIMEOUT)
            worst = max(worst, self.clock() - start)
        return worst
