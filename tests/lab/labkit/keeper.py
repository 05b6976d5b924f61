"""The keeper of a lab: the process that brings it up, is the parent of its servers, and takes it down."""
import contextlib
import errno
import fcntl
import json
import os
import shutil
import signal
import socket
import sys
import threading
import time

from . import patroni, process, roots
from .lab import READY, Lab, LabError
from .layout import ETCD, MEMBERS, NODES, PORTS, directory
from .process import wait_until
from .tls import Certificates

# One lock for each set of addresses, that is, for each network namespace.
LOCK = f'/tmp/pgha-lab-{os.stat("/proc/self/ns/net").st_ino}.lock'


def say(text: str) -> None:
    """Tell how things go."""
    print(f'lab: {text}', file=sys.stderr, flush=True)


def _open_lock() -> int:
    try:
        return os.open(LOCK, os.O_RDWR)
    except FileNotFoundError:
        pass
    old = os.umask(0)
    try:
        return os.open(LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        return os.open(LOCK, os.O_RDWR)
    finally:
        os.umask(old)


@contextlib.contextmanager
def only_one(seconds: float):
    """Hold the lock, waiting for it up to *seconds*: the addresses are fixed, so labs take turns."""
    lock = _open_lock()
    try:
        for attempt in range(2):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                owner = os.pread(lock, 200, 0).decode('utf-8', 'replace').strip()
            if attempt:
                raise LabError(f'another lab is still up: {owner}')
            say(f'waiting up to {seconds:g} s for another lab to go: {owner}')
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                time.sleep(0.2)
        os.ftruncate(lock, 0)
        os.pwrite(lock, f'{directory()}, process {os.getpid()}\n'.encode(), 0)
        yield
    finally:
        os.close(lock)


def holder() -> str | None:
    """Return who has the lock, None if it is free."""
    lock = _open_lock()
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(lock, 200, 0).decode('utf-8', 'replace').strip()
    finally:
        os.close(lock)
    return None


def check_ports() -> None:
    """Make sure that nobody else uses the lab's addresses."""
    for name, address in NODES.items():
        for port in PORTS[name]:
            with socket.socket() as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    sock.bind((address, port))
                except OSError as error:
                    if error.errno != errno.EADDRINUSE:
                        raise LabError(f'{address}:{port} ({name}): {error.strerror}') from error
                    raise LabError(f'{address}:{port}, needed for {name}, is in use: a server that listens on all '
                                   f'addresses? "ss -ltnp sport = :{port}" tells which') from error


def remove(path: str) -> None:
    """End what runs in a lab's directory and remove it, if it is there and ours."""
    if not os.path.lexists(path):
        return
    if os.path.islink(path) or os.stat(path).st_uid != os.getuid():
        raise LabError(f'{path} belongs to somebody else')
    if not os.path.exists(os.path.join(path, 'lab.json')):
        raise LabError(f'{path} is not a lab')
    process.end([os.path.join(path, name) for name in NODES])
    shutil.rmtree(path)


def bring_up(lab: Lab) -> None:
    """Start everything anew and wait until the cluster is whole."""
    began = time.monotonic()
    os.mkdir(lab.path)
    with open(lab.file('lab.json'), 'w') as file:
        json.dump({'api': lab.api, 'secure': lab.secure, 'v2': lab.v2, 'release': lab.release}, file)
    if lab.secure:
        Certificates(lab.file('tls')).make()
    with open(lab.config, 'w') as file:
        file.write(patroni.client_configuration(lab.api, lab.certificates))
    for name in NODES:
        os.mkdir(lab.file(name), 0o700)
        if name in MEMBERS:
            with open(os.path.join(lab.file(name), 'patroni.yml'), 'w') as file:
                file.write(patroni.member_configuration(name, lab.file(name), lab.api, lab.certificates,
                                                             lab.release))
        process.give(lab.file(name))
    for name in ETCD:
        lab.start(name)
    wait_until(lambda: lab.store.healthy() == len(ETCD), 30, 'etcd')
    if lab.secure:
        lab.store.require_passwords()
    say(f'etcd answers after {time.monotonic() - began:.1f} s')
    first, *others = MEMBERS  # the first becomes the leader, as in print
    lab.start(first)
    wait_until(lambda: lab.key('initialize') is not None, 60, f'initialization by {first}')
    for name in others:
        lab.start(name)
    lab.wait_whole(120)
    say(f'three members stream after {time.monotonic() - began:.1f} s')


def show_logs(path: str) -> None:
    """Show the last lines of each server's log, for when something went wrong."""
    for name in NODES:
        with contextlib.suppress(OSError), open(os.path.join(path, name, 'log'), errors='replace') as file:
            lines = file.readlines()[-8:]
            say(f'last words of {name}:\n' + ''.join(f'    {line}' for line in lines))


def end_with_input() -> None:
    """Wait for the end of standard input, then end this process."""
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def wait_for_the_end(wakeup: int) -> None:
    """Be a good parent until a signal says that it is enough."""
    while not set(os.read(wakeup, 4096)) & {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}:
        process.reap()


class Ended(BaseException):
    """A signal that came before the lab was up."""


def _ended(number: int, _) -> None:
    raise Ended(number)


def detach(lab: Lab) -> None:
    """Let go of the terminal or pipe that the lab was started from."""
    log = os.open(lab.file('keeper.log'), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)


def keep(lab: Lab, wait: float, until_eof: bool, detached: bool) -> int:
    """Have *lab* until told to end; the main function of the keeper."""
    ends = signal.SIGTERM, signal.SIGINT, signal.SIGHUP
    for number in ends:
        signal.signal(number, _ended)
    if until_eof:
        threading.Thread(target=end_with_input, daemon=True).start()
    process.adopt_orphans()
    if lab.release:
        roots.make(lab.release)
    with only_one(wait):
        try:
            remove(lab.path)  # what a keeper that was killed has left
            check_ports()
            bring_up(lab)
            receive, send = os.pipe()
            os.set_blocking(send, False)
            signal.set_wakeup_fd(send)
            for number in (*ends, signal.SIGCHLD):
                signal.signal(number, lambda *_: None)
            with open(lab.file('keeper.pid'), 'w') as file:
                file.write(str(os.getpid()))
            print(READY, flush=True)
            if detached:
                detach(lab)
            wait_for_the_end(receive)
        except (TimeoutError, RuntimeError) as error:
            show_logs(lab.path)
            raise LabError(str(error)) from error
        finally:
            for number in ends:
                signal.signal(number, signal.SIG_IGN)
            with contextlib.suppress(FileNotFoundError):
                remove(lab.path)
    return 0
