"""What tests of commands that change something have in common: the change is looked for in PostgreSQL and the DCS."""
import contextlib
import datetime
import json
import os
import pty
import re
import select
import signal
import subprocess
import time

from labkit import process
from labkit.lab import LabError
from labkit.layout import MEMBERS
from labtest import LabTest

DONE, FAILED, REFUSED, UNKNOWN, UNREACHABLE = 0, 1, 3, 4, 5  # pgha's exit statuses


class ActingTest(LabTest):
    """Runs commands and asks everybody but them for the result."""

    maxDiff = None

    def setUp(self) -> None:
        self.lab.wait_whole(60)

    def act(self, *args: str, status: int = DONE, **options) -> subprocess.CompletedProcess:
        """Run pgha and check its exit status."""
        done = self.lab.client(self.pgha, *args, **options)
        self.assertEqual(done.returncode, status, f'{args}:\n{done.stdout}{done.stderr}')
        return done

    def wait(self, condition, what: str, seconds: float = 60):
        """Wait for something that has to come."""
        return self.lab.wait_until(condition, seconds, what)

    def holds(self, condition, seconds: float) -> None:
        """Check that something stays true for a while."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.assertTrue(condition())
            time.sleep(0.2)

    # members

    def roles(self) -> tuple[str, list[str]]:
        """Return the primary and the replicas, by PostgreSQL's own word."""
        primary = self.lab.primary()
        self.assertIsNotNone(primary)
        return primary, [name for name in MEMBERS if name != primary]

    def wait_primary(self, name: str, seconds: float = 60) -> None:
        """Wait until PostgreSQL on *name* is the primary, on the others it is not, and the DCS says so too."""
        wanted = {other: other != name for other in MEMBERS}
        self.wait(lambda: self.recovery() == wanted and self.lab.key('leader') == name, f'{name} as the primary', seconds)

    def recovery(self) -> dict:
        """Return what pg_is_in_recovery() says on each member."""
        return {name: self.lab.in_recovery(name) for name in MEMBERS}

    def started(self, name: str) -> str:
        """Return when PostgreSQL on a member was started."""
        return self.lab.psql(name, 'SELECT pg_postmaster_start_time()')

    def restarted(self, name: str, before: str) -> bool:
        """Whether a standby runs that was started since."""
        try:
            return self.lab.in_recovery(name) is True and self.started(name) != before
        except LabError:  # it is just going down or coming up
            return False

    def show(self, name: str, setting: str) -> str:
        """Return a setting of PostgreSQL on a member."""
        return self.lab.psql(name, f'SHOW {setting}')

    def confirmed(self, command: str) -> None:
        """Pause or resume with --wait. On a busy machine, members may confirm it only after that has given up."""
        done = self.lab.client(self.pgha, command, '--wait')
        self.assertIn(done.returncode, (DONE, UNKNOWN), done.stdout + done.stderr)
        wanted = True if command == 'pause' else None
        self.wait(lambda: all(told and told.get('pause') is wanted for told in map(self.lab.member, MEMBERS)), command)

    @contextlib.contextmanager
    def paused(self):
        """Have Patroni paused."""
        self.addCleanup(self.lab.client, self.pgha, 'resume')  # should it not even come to the end of this
        self.confirmed('pause')
        yield
        self.confirmed('resume')

    def value(self, key: str) -> dict:
        """Return one of the cluster's keys, which is a mapping in JSON; nothing if it is not there."""
        return json.loads(self.lab.key(key) or '{}')

    def configure(self, **changes) -> None:
        """Change the dynamic configuration without pgha."""
        self.assertEqual(self.lab.rest(self.lab.key('leader'), 'PATCH', '/config', changes)[0], 200)

    @contextlib.contextmanager
    def gone(self, *names: str):
        """Have members dead, PostgreSQL too, and back at the end."""
        self.lab.kill(*names)
        try:
            yield
        finally:
            for name in names:
                self.lab.start(name)

    @contextlib.contextmanager
    def frozen(self, name: str):
        """Have a member that accepts connections and says nothing. What it was asked meanwhile dies with it."""
        self.lab.freeze(name)
        try:
            yield
        finally:
            self.lab.kill(name)
            self.lab.start(name)

    def member_file(self, name: str, old: str, new: str) -> None:
        """Change a member's configuration file, as an administrator does before a reload."""
        path = self.lab.file(os.path.join(name, 'patroni.yml'))
        with open(path) as file:
            text = file.read()
        self.assertIn(old, text)
        with open(path, 'w') as file:
            file.write(text.replace(old, new))

    # clients that are watched

    def begin(self, *args: str) -> subprocess.Popen:
        """Start pgha; end() waits for it."""
        running = subprocess.Popen([self.pgha, *args], env=os.environ | self.lab.environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(running.kill)
        return running

    def end(self, running: subprocess.Popen, within: float) -> subprocess.CompletedProcess:
        """Return what pgha said; it has to end in time."""
        out, err = running.communicate(timeout=within)
        return subprocess.CompletedProcess(running.args, running.returncode, out, err)

    def daemons(self, name: str, number: int) -> None:
        """Send a signal to Patroni alone."""
        process.send(self.lab.daemon(name), number)

    def postmaster(self, name: str) -> int:
        """Return the id of PostgreSQL's first process."""
        pid = process.postmaster(self.lab.file(name))
        self.assertIsNotNone(pid)
        return pid

    def terminal(self, *args: str, **variables: str) -> 'Terminal':
        """Run pgha on a terminal."""
        terminal = Terminal([self.pgha, *args], os.environ | self.lab.environment() | {'TERM': 'dumb', 'PAGER': 'cat'} | variables)
        self.addCleanup(terminal.close)
        return terminal


class Terminal:
    """A program on a terminal of its own, and somebody who reads and types."""

    def __init__(self, argv: list[str], env: dict[str, str]) -> None:
        self.text, self._seen, self.status = '', 0, None
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                os.execvpe(argv[0], argv, env)
            finally:
                os._exit(127)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._fd], [], [], max(seconds, 0))[0]:
            raise TimeoutError(f'nothing more than:\n{self.text}')
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # the other side is closed
            data = b''
        self.text += data.decode('utf-8', 'replace').replace('\r\n', '\n')
        return bool(data)

    def expect(self, words: str, seconds: float = 20) -> str:
        """Wait for *words* after what was expected before; return everything since then."""
        deadline = time.monotonic() + seconds
        while words not in self.text[self._seen:]:
            if not self._read(deadline - time.monotonic()):
                raise AssertionError(f'"{words}" did not come:\n{self.text}')
        start, self._seen = self._seen, self.text.index(words, self._seen) + len(words)
        return self.text[start:self._seen]

    def type(self, keys: str) -> None:
        """Type *keys*; a line ends with a newline, Ctrl-C is \\x03."""
        os.write(self._fd, keys.encode())

    def end(self, seconds: float = 60) -> int:
        """Read until the program ends and return its exit status."""
        deadline = time.monotonic() + seconds
        while self._read(deadline - time.monotonic()):
            pass
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def close(self) -> None:
        """Make an end of it, if there is none yet."""
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)


def soon(seconds: float) -> str:
    """Return a time from now as a user gives it, with its zone."""
    when = datetime.datetime.now().astimezone() + datetime.timedelta(seconds=seconds)
    return when.isoformat(timespec='seconds')


def table(text: str) -> list[list[str]]:
    """Return the cells of a drawn table's rows, without the headings."""
    return [[cell.strip() for cell in line.strip('|').split('|')] for line in re.findall(r'^\|.*\|$', text, re.M)][1:]
