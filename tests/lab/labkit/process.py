"""Processes of the lab: starting them without privileges, finding them again, ending them."""
import contextlib
import ctypes
import fcntl
import os
import pwd
import signal
import socket
import struct
import subprocess
import time

from .roots import enter

MARK = 'PGHA_LAB_NODE'  # in the environment of what the lab starts: the directory of its node
POLL = 0.05
PR_SET_CHILD_SUBREAPER = 36
CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def wait_until(condition, seconds: float, what: str):
    """Poll until *condition* returns something true, and return that; a TimeoutError names *what* was waited for."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise TimeoutError(f'{what}: not within {seconds:g} s')
        time.sleep(POLL)


def waited_for_processor(pid) -> float:
    """Return the seconds in which a process was ready to run and another one ran: the machine's part of a measurement."""
    with open(f'/proc/{pid}/schedstat') as file:
        return int(file.read().split()[1]) / 1e9


def unprivileged() -> dict:
    """Return who runs the servers, as arguments of subprocess: root becomes nobody, who owns nothing else."""
    if os.getuid():
        return {}
    entry = pwd.getpwnam('nobody')
    return {'user': entry.pw_uid, 'group': entry.pw_gid, 'extra_groups': []}


def give(path: str) -> None:
    """Make *path*, with all below it, the property of who runs the servers."""
    who = unprivileged()
    if who:
        for parent, _, files in os.walk(path):
            for name in (parent, *(os.path.join(parent, name) for name in files)):
                os.chown(name, who['user'], who['group'])


def adopt_orphans() -> None:
    """Make this process the parent of whatever its descendants leave behind, as PostgreSQL is left by Patroni."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def own_network() -> None:
    """Leave the network: this process, and what it starts from now on, has loopback addresses of its own and nothing else.

    Where that is not allowed nothing changes, and labs take turns.
    """
    if ctypes.CDLL(None).unshare(CLONE_NEWNET):
        return
    with socket.socket() as sock:
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack('16sh14x', b'lo', IFF_UP))


def reap() -> None:
    """Take note of children that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def spawn(node_dir: str, argv: list[str], root: str) -> None:
    """Start a server of the node in *node_dir*, in a session of its own, with its output in the file "log" there.

    With a *root*, it is the root of the server.
    """
    who = unprivileged()
    if root:
        argv, who = enter(root, os.path.dirname(node_dir), who, argv), {}
    env = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LANG': 'C.UTF-8', 'TZ': os.environ.get('TZ', 'UTC'),
           'HOME': node_dir, 'TMPDIR': node_dir, MARK: node_dir}
    with open(os.path.join(node_dir, 'log'), 'ab') as log:
        subprocess.Popen(argv, env=env, cwd=node_dir, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                         start_new_session=True, **who)


def _belongs(pid: str, node_dir: str) -> bool:
    """Whether a process carries the mark or, as PostgreSQL gets no environment from Patroni, works in the node."""
    try:
        with open(f'/proc/{pid}/environ', 'rb') as file:
            if f'{MARK}={node_dir}'.encode() in file.read().split(b'\0'):
                return True
        return (os.path.basename(os.readlink(f'/proc/{pid}/exe')) == 'postgres'
                and f'{node_dir}/' in os.readlink(f'/proc/{pid}/cwd') + '/')  # in a root, that one's path stands before it
    except OSError:  # gone meanwhile, or somebody else's
        return False


def find(node_dir: str) -> list[int]:
    """Return the ids of all live processes of a node; Patroni or etcd comes first."""
    return sorted(int(pid) for pid in os.listdir('/proc') if pid.isdigit() and _belongs(pid, node_dir))


def name_of(pid: int) -> str:
    """Return the short name of a process, or nothing if it has gone."""
    try:
        with open(f'/proc/{pid}/comm') as file:
            return file.read().strip()
    except OSError:
        return ''


def send(pids: list[int], number: int) -> None:
    """Send a signal to those of *pids* that still exist."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def postmaster(node_dir: str) -> int | None:
    """Return the id of the PostgreSQL server of a node, if it runs."""
    try:
        with open(os.path.join(node_dir, 'data', 'postmaster.pid')) as file:
            pid = int(file.readline())
    except (OSError, ValueError):
        return None
    return pid if _belongs(str(pid), node_dir) else None


def end(node_dirs: list[str], seconds: float = 10) -> None:
    """End all processes of some nodes, hung ones too. Other children of this process are left to whoever waits for them.

    PostgreSQL is told to stop immediately, which frees its shared memory; what does not heed that is killed.
    """
    ended = []
    for node_dir in node_dirs:
        pids, server = find(node_dir), postmaster(node_dir)
        ended += pids
        send([pid for pid in pids if name_of(pid) != 'postgres'], signal.SIGKILL)
        send([server] if server else [], signal.SIGQUIT)
        send(pids, signal.SIGCONT)

    def gone() -> bool:
        for pid in ended:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        return not any(find(node_dir) for node_dir in node_dirs)

    try:
        wait_until(gone, seconds, 'end of the servers')
    except TimeoutError:
        send([pid for node_dir in node_dirs for pid in find(node_dir)], signal.SIGKILL)
        wait_until(gone, seconds, 'end of the servers after SIGKILL')
