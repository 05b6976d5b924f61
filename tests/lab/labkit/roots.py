"""Roots with the servers of a Debian release, for a lab that runs another release than this machine.

A root holds the files of the packages and nothing else: none of their scripts has run, no service knows of it.
"""
import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from typing import Callable, NamedTuple

from . import tutorial
from .debian import Unavailable, archive

# The servers, and what they expect of any Debian.
PACKAGES = ('patroni', 'python3-etcd', 'etcd-server', 'postgresql', 'base-files', 'base-passwd', 'dash', 'libc-bin', 'tzdata')
STEPS = 1  # raise it where _finish() changes, so that roots are made anew

# Runs a program in a root: ENTER ROOT LAB USER PROGRAM... It has a mount namespace of its own, so its mounts end with it.
ENTER = """\
root=$1 lab=$2 user=$3
shift 3
mount --rbind /dev "$root/dev" && mount --rbind /proc "$root/proc" && mount -t tmpfs tmpfs "$root/tmp" &&
    mkdir -p "$root$lab" && mount --bind "$lab" "$root$lab" || exit
exec chroot --userspec="$user" --groups= "$root" "$@"
"""


class Release(NamedTuple):
    """What a root is made of."""

    suite: str
    versions: dict[str, str]  # the least that its servers may have
    packages: tuple[str, ...] = PACKAGES
    add: Callable[[str], None] | None = None  # puts more into a root
    more: tuple[str, ...] = ()  # what that depends on


RELEASES = {
    'bookworm': Release('bookworm', {'Patroni': '3.0', 'PostgreSQL': '15', 'etcd': '3.4'}),
    'trixie': Release('trixie', {'Patroni': '4.0', 'PostgreSQL': '17', 'etcd': '3.5'}),
    'forky': Release('forky', {'Patroni': '4.1', 'PostgreSQL': '18', 'etcd': '3.5'}),
    'tutorial': Release('bookworm', {'Patroni': '4.1', 'PostgreSQL': '16.10', 'etcd': '3.4'},
                        (*PACKAGES, 'coreutils', 'tar'), tutorial.add, tutorial.MADE_OF),
}


def place(release: str) -> str:
    """Return the directory of a release's root, whether it is there or not."""
    cache = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    return os.path.join(cache, 'pgha-lab', release)


def enter(root: str, lab: str, who: dict, argv: list[str]) -> list[str]:
    """Return the command that runs *argv* in a root, where the lab's directory is seen under the same path.

    *who* has "user" and "group", the ids to run it with.
    """
    return ['unshare', '--mount', 'sh', '-c', ENTER, 'enter', root, lab, f'{who["user"]}:{who["group"]}', *argv]


def make(release: str) -> None:
    """Make the root of a release, unless it is there already; raise Unavailable if that fails."""
    root = place(release)
    if os.getuid():
        raise Unavailable(f'the root of release "{release}" is for root alone: use sudo')
    os.makedirs(os.path.dirname(root), exist_ok=True)
    with open(f'{root}.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _recipe_of(root) == _recipe(release):
            return
        fresh = f'{root}.new'
        for path in fresh, root:
            shutil.rmtree(path, ignore_errors=True)
        print(f'lab: making {root}, which takes a minute or two', file=sys.stderr, flush=True)
        try:
            _unpack(RELEASES[release], fresh)
            if RELEASES[release].add:
                RELEASES[release].add(fresh)
            _finish(fresh)
            with open(os.path.join(fresh, 'recipe.json'), 'w') as file:
                json.dump(_recipe(release), file)
            os.rename(fresh, root)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Unavailable(f'the root of release "{release}" cannot be made: {error}') from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _recipe(release: str) -> list:
    made_of = RELEASES[release]
    return [STEPS, made_of.suite, *made_of.packages, *made_of.more]


def _recipe_of(root: str) -> list | None:
    with contextlib.suppress(OSError, ValueError), open(os.path.join(root, 'recipe.json')) as file:
        return json.load(file)
    return None


def _run(argv: list[str], problem: str) -> None:
    """Run a program to its end, which a signal to this process brings about as well."""
    if not shutil.which(argv[0]):
        raise Unavailable(f'{argv[0]} not found; "scripts/install-packages roots" installs it')
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors='replace') as child:
        try:
            output = child.communicate()[0]
        finally:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
    if child.returncode:
        raise Unavailable(f'{problem}:\n{output}'.rstrip())


def _unpack(release: Release, root: str) -> None:
    uri, suite = archive(), release.suite
    os.mkdir(root)
    reached = os.path.join(root, 'InRelease')
    _run(['/usr/lib/apt/apt-helper', '-o', 'APT::Sandbox::User=', 'download-file', f'{uri.rstrip("/")}/dists/{suite}/InRelease',
          reached], f'suite "{suite}" cannot be reached at {uri}')
    os.unlink(reached)
    # An archive that stands still is good enough, so its lists may be old.
    _run(['mmdebstrap', '--mode=root', '--variant=extract', '--quiet', '--aptopt=Acquire::Check-Valid-Until "false"',
          '--aptopt=Acquire::Languages "none"', f'--include={",".join(release.packages)}', suite, root, f'deb {uri} {suite} main'],
         f'packages of suite "{suite}" cannot be unpacked')


def _finish(root: str) -> None:
    """Do what the packages' scripts would have done and the servers need."""
    for name in 'passwd', 'group':
        shutil.copy(os.path.join(root, 'usr/share/base-passwd', f'{name}.master'), os.path.join(root, 'etc', name))
    if not os.path.lexists(os.path.join(root, 'bin/sh')):
        os.symlink('dash', os.path.join(root, 'bin/sh'))
    shutil.rmtree(os.path.join(root, 'var/lib/apt/lists'), ignore_errors=True)
    # Else each start of Patroni compiles itself anew, for it cannot write here.
    _run(['chroot', root, 'sh', '-c', 'exec python3 -m compileall -q /usr/lib/python3*'], 'Python cannot be compiled')
