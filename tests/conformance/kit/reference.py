"""Released versions of the reference client, from Debian's packages."""
import os
import re
import shutil
import subprocess
import tempfile

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
STORE = os.path.join(TREE, 'build-reference')
SUITES = ('oldstable', 'stable', 'testing', 'unstable')
KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'


class Unavailable(Exception):
    """No such version can be had here."""


def _output(*words: str, cwd: str | None = None) -> str:
    done = subprocess.run(words, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise Unavailable(f'{words[0]} failed: {done.stderr.strip().splitlines()[-1:]}')
    return done.stdout


def _archive() -> str:
    """Return the archive that this machine's apt is set up for."""
    targets = _output('apt-get', 'indextargets', '--format', '$(REPO_URI) $(SUITE) $(ORIGIN)', 'Created-By: Packages')
    for uri, suite, origin in (line.split(' ', 2) for line in targets.splitlines()):
        if origin == 'Debian' and not suite.endswith('-security'):
            return uri
    raise Unavailable('apt has no list of a Debian archive: run apt-get update')


def _private_apt(directory: str) -> list[str]:
    """Return the options that keep apt to lists of its own in *directory*."""
    os.makedirs(os.path.join(directory, 'lists', 'partial'))
    sources = os.path.join(directory, 'sources.list')
    with open(sources, 'w', encoding='utf-8') as file:
        uri = _archive()
        file.writelines(f'deb [signed-by={KEYRING}] {uri} {suite} main\n' for suite in SUITES)
    return ['-o', f'Dir::Etc::sourcelist={sources}', '-o', 'Dir::Etc::sourceparts=-', '-o', 'Acquire::Languages=none',
            '-o', f'Dir::State::lists={directory}/lists', '-o', f'Dir::Cache={directory}', '-o', 'APT::Sandbox::User=']


def _download(version: str, target: str) -> None:
    with tempfile.TemporaryDirectory(dir=STORE) as scratch:
        options = _private_apt(scratch)
        _output('apt-get', *options, '-q', 'update')
        rows = [line.split('|') for line in _output('apt-cache', *options, 'madison', 'patroni').splitlines()]
        released = list(dict.fromkeys(row[1].strip() for row in rows))
        chosen = [full for full in released if full == version or full.startswith(version + '-')]
        if not chosen:
            raise Unavailable(f'no package has patronictl "{version}" (there are: {", ".join(released)})')
        _output('apt-get', *options, '-q', 'download', f'patroni={chosen[0]}', cwd=scratch)
        package = next(name for name in os.listdir(scratch) if name.endswith('.deb'))
        unpacked = os.path.join(scratch, 'root')
        _output('dpkg-deb', '-x', os.path.join(scratch, package), unpacked)
        shutil.rmtree(target, ignore_errors=True)
        os.rename(unpacked, target)


def reference(version: str) -> list[str]:
    """Return the command that runs *version* ("4.1.5"), fetched if it is not there yet; raise Unavailable."""
    if not re.fullmatch(r'[0-9][0-9A-Za-z.~+]*(-[0-9A-Za-z.~+]+)?', version):
        raise Unavailable(f'"{version}" is no version, such as 4.1.5')
    target = os.path.join(STORE, version)
    program = os.path.join(target, 'usr', 'bin', 'patronictl')
    if not os.path.exists(program):
        os.makedirs(STORE, exist_ok=True)
        _download(version, target)
    libraries = os.path.join(target, 'usr', 'lib', 'python3', 'dist-packages')
    return ['env', f'PYTHONPATH={libraries}', '/usr/bin/python3', program]
