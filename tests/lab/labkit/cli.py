"""The command line of the lab."""
import argparse
import contextlib
import os
import shlex
import signal
import subprocess
import sys

from . import keeper, process, roots
from .lab import COMMAND, READY, Lab, LabError
from .layout import BASE, MEMBERS, NODES, PORTS, directory
from .process import wait_until


def up(options: argparse.Namespace) -> int:
    """bring the lab up, and return when a leader and two streaming replicas are there"""
    argv = [sys.executable, COMMAND, 'run', '--detach', '--api', options.api, '--wait', str(options.wait)]
    argv += ['--secure'] * options.secure + ['--no-v2'] * options.no_v2
    argv += ['--release', options.release] if options.release else []
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with open(os.devnull) as nothing:
        with subprocess.Popen(argv, stdin=nothing, stdout=subprocess.PIPE, text=True, start_new_session=True) as child:
            try:
                ready = child.stdout.readline().strip() == READY
            except BaseException:
                child.terminate()
                raise
            if not ready:
                return child.wait()
            child.returncode = 0  # it goes on without us
    print('The lab is up. "lab env" tells how to use it, "lab down" takes it down.', file=sys.stderr)
    return 0


def run(options: argparse.Namespace) -> int:
    """the same in the foreground, until Ctrl-C"""
    lab = Lab(directory(), options.api, options.secure, not options.no_v2, options.release)
    return keeper.keep(lab, options.wait, options.until_eof, options.detach)


def root(options: argparse.Namespace) -> int:
    """make the root of a release, unless it is there already, and print where it is"""
    roots.make(options.release)
    print(roots.place(options.release))
    return 0


def down(_) -> int:
    """take the lab down and see to it that nothing is left"""
    path = directory()
    with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError):
        with open(os.path.join(path, 'keeper.pid')) as file:
            pid = int(file.read())
        with open(f'/proc/{pid}/cmdline', 'rb') as file:
            is_keeper = COMMAND.encode() in file.read()
        if is_keeper:
            os.kill(pid, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                wait_until(lambda: not os.path.exists(path), 30, 'end of the lab')
    keeper.remove(path)
    return 0


def status(_) -> int:
    """show every node and what it says"""
    lab, missing = Lab.attach(directory()), 0
    print(f'{lab.path}: {"etcd v2" if lab.api == "etcd" else "etcd v3"}{", TLS and passwords" if lab.secure else ""}'
          f'{", servers of " + lab.release if lab.release else ""}')
    for name, address in NODES.items():
        pids = process.find(lab.file(name))
        missing += not pids
        told = lab.member(name) if name in MEMBERS else {}
        words = [told.get('role', ''), told.get('state', ''), f'TL {told["timeline"]}' if 'timeline' in told else '']
        print(f'{name:6} {address}:{PORTS[name][0]:<5} {"process " + str(pids[0]) if pids else "not running":16}',
              *filter(None, words))
    return int(missing > 0)


def env(_) -> int:
    """print what to export: eval "$(tests/lab/lab env)" """
    lab = Lab.attach(directory())
    for name, value in lab.environment().items():
        print(f'export {name}={shlex.quote(value)}')
    print(f'# pgha list; pgha topology; psql -h {MEMBERS["pg1"]}; "{COMMAND} --help" for what can be done to the nodes')
    return 0


def holder(_) -> int:
    """tell which lab on this machine is up"""
    name = keeper.holder()
    print(name or 'none')
    return int(name is None)


def act(options: argparse.Namespace) -> int:
    """do something to nodes"""
    lab = Lab.attach(directory())
    for name in options.nodes:
        getattr(lab, options.command)(name)
    return 0


def primary(_) -> int:
    """print the member whose PostgreSQL is the primary"""
    name = Lab.attach(directory()).primary()
    print(name or 'none')
    return int(name is None)


def psql(options: argparse.Namespace) -> int:
    """run SQL on a member"""
    print(Lab.attach(directory()).psql(options.nodes[0], options.sql))
    return 0


def keys(options: argparse.Namespace) -> int:
    """print the cluster's keys in etcd, or the value of one"""
    lab = Lab.attach(directory())
    if options.key:
        value = lab.key(options.key)
        print('' if value is None else value)
        return int(value is None)
    for key, value in sorted(lab.keys().items()):
        print(f'{BASE}{key}  {value}')
    return 0


ACTIONS = {'start': 'start nodes that do not run', 'kill': 'let nodes die at once',
           'terminate': 'end nodes in good order',
           'freeze': 'stop nodes (SIGSTOP), so that they accept connections and never answer',
           'thaw': 'let frozen nodes go on'}


def parse() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(prog='lab', description=sys.modules[__package__].__doc__)
    commands = parser.add_subparsers(dest='command', required=True, metavar='COMMAND')

    def add(name: str, function, text: str | None = None) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text or function.__doc__, description=text or function.__doc__)
        sub.set_defaults(function=function)
        return sub

    for function in (up, run):
        sub = add(function.__name__, function)
        sub.add_argument('--api', choices=('etcd3', 'etcd'),
                         help="etcd's v3 API (the default) or its v2 API (the tutorial's)")
        sub.add_argument('--secure', action='store_true', help='TLS, client certificates and passwords everywhere')
        sub.add_argument('--no-v2', action='store_true', help='etcd does not serve its v2 API at all')
        sub.add_argument('--release', choices=roots.RELEASES, default='',
                         help='servers of a Debian release, or those of the tutorial, not those of this machine')
        sub.add_argument('--wait', type=float, default=900, metavar='SECONDS',
                         help='how long to wait for another lab on this machine to go (%(default)s)')
        if function is run:
            sub.add_argument('--until-eof', action='store_true', help='or until the end of standard input')
            sub.add_argument('--detach', action='store_true', help='let go of the terminal once the lab is up')
    add('root', root).add_argument('release', choices=roots.RELEASES, metavar='RELEASE', help=', '.join(roots.RELEASES))
    for function in (down, status, env, holder, primary):
        add(function.__name__, function)
    for name, text in ACTIONS.items():
        add(name, act, text).add_argument('nodes', nargs='+', choices=NODES, metavar='NODE')
    sub = add('psql', psql)
    sub.add_argument('nodes', nargs=1, choices=MEMBERS, metavar='MEMBER')
    sub.add_argument('sql', metavar='SQL')
    add('keys', keys).add_argument('key', nargs='?', metavar='KEY', help='such as leader, or members/pg1')
    options = parser.parse_args()
    if 'release' in options and options.command != 'root':
        options.api = options.api or ('etcd' if options.release == 'tutorial' else 'etcd3')
    if getattr(options, 'no_v2', False) and options.api == 'etcd':
        parser.error('--no-v2 leaves nothing for --api etcd')
    return options


def main() -> int:
    """Entry point."""
    options = parse()
    try:
        return options.function(options)
    except (LabError, roots.Unavailable, OSError, TimeoutError, RuntimeError) as error:
        print(f'lab: {error}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except keeper.Ended as signalled:
        return 128 + signalled.args[0]
