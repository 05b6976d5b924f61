"""Released versions of the reference client, from Debian's packages."""
import os
import re
import shutil
import subprocess
import tempfile

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
STORE = os.path.join(TREE, 'build-reference')
SUITES = ('oldstable', 'stable', 'testing', 'unstable')
NEWEST = 'newest'
KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'


class Unavailable(Exception):
    """No such version can be had here."""


def _output(*words: str, cwd: str | None = None) -> str:
    try:
        done = subprocess.run(words, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    except FileNotFoundError:
        raise Unavailable(f'there is no program "{words[0]}" here: released versions come as packages of Debian') from None
    except subprocess.TimeoutExpired:
        raise Unavailable(f'"{words[0]}" took longer than 300 seconds') from None
    if done.returncode:
        problems = [line for line in done.stderr.splitlines() if line.startswith(('E:', 'W:', 'Err'))]
        raise Unavailable(f'"{words[0]}" failed: {(problems or [f"status {done.returncode}"])[0]}')
    return done.stdout


def archive() -> str:
    """Return the archive that PGHA_DEBIAN_ARCHIVE names, or else the one that this machine's apt is set up for."""
    if os.environ.get('PGHA_DEBIAN_ARCHIVE'):
        return os.environ['PGHA_DEBIAN_ARCHIVE']
    targets = _output('apt-get', 'indextargets', '--format', '$(REPO_URI) $(SUITE) $(ORIGIN)', 'Created-By: Packages')
    for uri, suite, origin in (line.split(' ', 2) for line in targets.splitlines()):
        if origin == 'Debian' and not suite.endswith('-security'):
            return uri
    raise Unavailable('apt knows no archive of Debian: set one up, and run apt-get update')


def _private_apt(directory: str) -> list[str]:
    """Return the options that keep apt to lists of its own in *directory*."""
    os.makedirs(os.path.join(directory, 'lists', 'partial'))
    sources = os.path.join(directory, 'sources.list')
    with open(sources, 'w', encoding='utf-8') as file:
        uri = archive()
        file.writelines(f'deb [signed-by={KEYRING}] {uri} {suite} main\n' for suite in SUITES)
    settings = [f'Dir::Etc::sourcelist={sources}', 'Dir::Etc::sourceparts=-', f'Dir::State::lists={directory}/lists',
                f'Dir::Cache={directory}', 'Acquire::Languages=none', 'Acquire::Retries=1', 'Acquire::http::Timeout=20',
                'APT::Update::Error-Mode=any', 'APT::Sandbox::User=']
    return [word for setting in settings for word in ('-o', setting)]


def _download(version: str) -> str:
    """Fetch *version*, or the newest for NEWEST, unless it is there; return which one it is."""
    with tempfile.TemporaryDirectory(dir=STORE) as scratch:
        options = _private_apt(scratch)
        _output('apt-get', *options, '-q', 'update')
        rows = [line.split('|') for line in _output('apt-cache', *options, 'madison', 'patroni').splitlines()]
        released = list(dict.fromkeys(row[1].strip() for row in rows))  # the newest first
        chosen = [full for full in released if version in (NEWEST, full, _upstream(full))]
        if not chosen:
            raise Unavailable(f'Debian has no patronictl "{version}" (found: {", ".join(released)})')
        if version == NEWEST:
            version = _upstream(chosen[0])
        if not os.path.exists(_program(version)):
            _output('apt-get', *options, '-q', 'download', f'patroni={chosen[0]}', cwd=scratch)
            package = next(name for name in os.listdir(scratch) if name.endswith('.deb'))
            unpacked = os.path.join(scratch, 'root')
            _output('dpkg-deb', '-x', os.path.join(scratch, package), unpacked)
            shutil.rmtree(os.path.join(STORE, version), ignore_errors=True)
            os.rename(unpacked, os.path.join(STORE, version))
    return version


def _upstream(full: str) -> str:
    """Return Patroni's version in a package's: "4.1.5" of "4.1.5-2"."""
    return re.sub(r'^[0-9]+:|-[^-]*$', '', full)


def _program(version: str) -> str:
    return os.path.join(STORE, version, 'usr', 'bin', 'patronictl')


def reference(version: str = NEWEST) -> tuple[str, list[str]]:
    """Return a version and the command that runs it, fetched if it is not there yet; raise Unavailable.

    *version* is one such as "4.1.5", or NEWEST for the newest that Debian has.
    """
    if version != NEWEST and not re.fullmatch(r'[0-9][0-9A-Za-z.~+]*(-[0-9A-Za-z.~+]+)?', version):
        raise Unavailable(f'"{version}" is not a version, such as 4.1.5')
    if version == NEWEST or not os.path.exists(_program(version)):
        os.makedirs(STORE, exist_ok=True)
        version = _download(version)
    libraries = os.path.join(STORE, version, 'usr', 'lib', 'python3', 'dist-packages')
    return version, ['env', f'PYTHONPATH={libraries}', '/usr/bin/python3', _program(version)]
