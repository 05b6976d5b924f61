"""The lab as its users see it: the nodes, what can be done to them, and clients run against them."""
import contextlib
import json
import os
import signal
import subprocess
import sys

from . import etcd, patroni, process, roots
from .layout import BASE, ETCD, MEMBERS, PG_PORT, PG_SUPERUSER, REST_PORT, REST_USER, directory, postgres_bin, program
from .process import wait_until
from .tls import Certificates
from .web import Server, basic

COMMAND = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'lab')
READY = 'ready'  # what the keeper of a lab says on its standard output once the cluster is whole


class LabError(Exception):
    """Something about the lab that its user has to know."""


class Lab:
    """One lab in its directory. Names of nodes are etcd1 to etcd3 and pg1 to pg3."""

    def __init__(self, path: str, api: str, secure: bool, v2: bool, release: str) -> None:
        self.path, self.api, self.secure, self.v2, self.release = path, api, secure, v2, release
        self.root = roots.place(release) if release else ''  # where the servers' programs are
        self.certificates = Certificates(self.file('tls')) if secure else None
        self.store = etcd.Store(api, self.certificates)
        self.config = self.file('patroni.yml')  # for clients

    @classmethod
    def attach(cls, path: str) -> 'Lab':
        """Return the lab that is up in a directory."""
        try:
            with open(os.path.join(path, 'lab.json')) as file:
                lab = cls(path, **json.load(file))
        except FileNotFoundError:
            raise LabError(f'no lab is up in {path}') from None
        if lab.secure:
            with contextlib.suppress(OSError):  # there may be no etcd left to ask
                lab.store.login()
        return lab

    @classmethod
    @contextlib.contextmanager
    def running(cls, *options: str):
        """Have a lab for the time of a "with" statement, in a directory that no other command knows.

        *options* are those of the command's "up". The keeper ends with its standard input, so the lab goes even if this
        process is killed.
        """
        path = f'{directory()}-{os.getpid()}'
        with subprocess.Popen([sys.executable, COMMAND, 'run', '--until-eof', *options], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True, start_new_session=True,
                              env=os.environ | {'PGHA_LAB_DIR': path}) as keeper:
            try:
                if keeper.stdout.readline().strip() != READY:
                    raise LabError('the lab did not come up')
                yield cls.attach(path)
            finally:
                keeper.stdin.close()

    def file(self, name: str) -> str:
        """Return the path of something in the lab's directory; nodes have directories of their names there."""
        return os.path.join(self.path, name)

    # nodes

    def start(self, name: str) -> None:
        """Start a node that does not run."""
        if process.find(self.file(name)):
            raise LabError(f'{name} is running')
        if name in ETCD:
            etcd.start(name, self.file(name), self.certificates, self.v2, self.root)
        else:
            patroni.start(self.file(name), self.root)

    def kill(self, *names: str) -> None:
        """Let nodes die at once, PostgreSQL with its Patroni."""
        process.end([self.file(name) for name in names])

    def terminate(self, name: str) -> None:
        """End a node in good order and wait for that."""
        process.send(self.daemon(name), signal.SIGTERM)
        wait_until(lambda: not process.find(self.file(name)), 60, f'end of {name}')

    def daemon(self, name: str) -> list[int]:
        """Return the ids of the processes of a node without PostgreSQL's."""
        return [pid for pid in process.find(self.file(name)) if process.name_of(pid) != 'postgres']

    def reread(self, name: str) -> None:
        """Have a member read its configuration file again."""
        process.send(self.daemon(name)[:1], signal.SIGHUP)

    def freeze(self, name: str) -> None:
        """Stop a node (SIGSTOP): its kernel still accepts connections, nobody answers. PostgreSQL goes on."""
        process.send(self.daemon(name), signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let a stopped node go on."""
        process.send(process.find(self.file(name)), signal.SIGCONT)

    # what they say

    def rest(self, name: str, method: str = 'GET', path: str = '/patroni', body=None, timeout: float = 5):
        """Return status and body of a request to a member; an OSError if it does not answer."""
        server = Server(MEMBERS[name], REST_PORT, self.certificates)
        if self.secure:
            server.authorization = basic(*REST_USER)
        return server.call(method, path, body, timeout)

    def member(self, name: str) -> dict:
        """Return what a member says about itself; an empty answer if it does not."""
        with contextlib.suppress(OSError):
            answer = self.rest(name)[1]
            return answer if isinstance(answer, dict) else {}
        return {}

    def psql(self, name: str, sql: str, database: str = 'postgres') -> str:
        """Return what PostgreSQL on a member answers: unaligned rows without headings."""
        done = subprocess.run([os.path.join(postgres_bin(), 'psql'), '-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', sql],
                              env=os.environ | self.environment() | {'PGHOST': MEMBERS[name], 'PGDATABASE': database},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
        if done.returncode:
            raise LabError(f'{name}: {done.stderr.strip()}')
        return done.stdout.rstrip('\n')

    def in_recovery(self, name: str) -> bool | None:
        """Whether PostgreSQL on a member is a standby, by its own word; None if it does not say."""
        try:
            return self.psql(name, 'SELECT pg_is_in_recovery()') == 't'
        except (LabError, subprocess.TimeoutExpired):
            return None

    def primary(self) -> str | None:
        """Return the member whose PostgreSQL is not in recovery, if there is exactly one."""
        found = [name for name in MEMBERS if self.in_recovery(name) is False]
        return found[0] if len(found) == 1 else None

    def key(self, name: str) -> str | None:
        """Return the value of one of the cluster's keys in etcd, such as leader or members/pg1."""
        return self.store.get(BASE + name)

    def keys(self) -> dict[str, str]:
        """Return all of the cluster's keys in etcd and their values."""
        return {key.removeprefix(BASE): value for key, value in self.store.tree(BASE).items()}

    def whole(self) -> bool:
        """Whether there are a leader and two members that stream from it, all on one timeline, as told by them and etcd."""
        told = {name: self.member(name) for name in MEMBERS}
        leaders = [name for name, answer in told.items()
                   if answer.get('role') in ('master', 'primary') and answer.get('state') == 'running']
        if len(leaders) != 1:
            return False
        streaming = {link.get('application_name') for link in told[leaders[0]].get('replication', [])
                     if link.get('state') == 'streaming'}
        if streaming != set(MEMBERS) - set(leaders):
            return False
        try:
            keys = self.keys()
        except OSError:
            return False
        known = [json.loads(keys.get(f'members/{name}') or '{}') for name in MEMBERS]
        return (keys.get('leader') == leaders[0] and len({member.get('timeline') for member in known}) == 1
                and all(member.get('state') in ('running', 'streaming') for member in known))

    def wait_whole(self, seconds: float = 60) -> None:
        """Wait until the cluster is whole."""
        wait_until(self.whole, seconds, 'a leader and two streaming replicas')

    # clients

    def distributed(self, name: str, *args: str) -> list[str]:
        """Return the command that runs a program of the distribution that the servers are from."""
        argv = [program(name, self.root), *args]
        return roots.enter(self.root, self.path, process.unprivileged(), argv) if self.root else argv

    wait_until = staticmethod(wait_until)

    def environment(self) -> dict[str, str]:
        """Return the variables that point a client of Patroni, and PostgreSQL's programs, to the lab."""
        variables = {'PATRONICTL_CONFIG_FILE': self.config, 'PGUSER': PG_SUPERUSER[0], 'PGPORT': str(PG_PORT),
                     'PGDATABASE': 'postgres'}
        if self.secure:
            variables |= {'PGPASSWORD': PG_SUPERUSER[1], 'PGSSLMODE': 'verify-ca',
                          'PGSSLROOTCERT': self.certificates.ca}
        return variables

    def client(self, *argv: str, input: str = '', timeout: float = 120) -> subprocess.CompletedProcess:
        """Run a client of the cluster and return its status and output."""
        return subprocess.run(argv, env=os.environ | self.environment(), input=input, capture_output=True, text=True,
                              timeout=timeout)
