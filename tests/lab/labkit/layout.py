"""What is fixed about the lab: names, addresses, ports, and where things are on this machine."""
import glob
import os
import re
import shutil

SCOPE = 'pg-cluster'
NAMESPACE = '/service/pg-cluster/'
BASE = '/service/pg-cluster/pg-cluster/'  # what the two make: all keys of the cluster start with it

ETCD = {'etcd1': '127.0.2.2', 'etcd2': '127.0.2.3', 'etcd3': '127.0.2.4'}
MEMBERS = {'pg1': '127.0.2.5', 'pg2': '127.0.2.6', 'pg3': '127.0.2.7'}
NODES = ETCD | MEMBERS

ETCD_PORT, ETCD_PEER_PORT, REST_PORT, PG_PORT = 2379, 2380, 8008, 5432
PORTS = {**dict.fromkeys(ETCD, (ETCD_PORT, ETCD_PEER_PORT)), **dict.fromkeys(MEMBERS, (REST_PORT, PG_PORT))}

# Passwords of the secure variant, which have nothing to hide. Blanks and a colon are there to be got right.
ETCD_USER, ETCD_ROOT = ('patroni', 'etcd: pass word'), ('root', 'administrator')
REST_USER = ('admin', 'rest: pass word')
PG_SUPERUSER, PG_REPLICATOR = ('postgres', 'super word'), ('replicator', 'stream word')


def directory() -> str:
    """Return the directory of this user's lab: PGHA_LAB_DIR, or one below TMPDIR."""
    return os.environ.get('PGHA_LAB_DIR') or os.path.join(os.environ.get('TMPDIR', '/tmp'), f'pgha-lab-{os.getuid()}')


def postgres_bin(root: str = '') -> str:
    """Return the directory of the newest PostgreSQL server programs, of this machine or as seen inside a root."""
    found = glob.glob(f'{root}/usr/lib/postgresql/*/bin/postgres')
    if found:
        newest = max(found, key=lambda path: float(re.findall(r'/([\d.]+)/bin', path)[0]))
        return os.path.dirname(newest).removeprefix(root)
    if not root and shutil.which('postgres'):
        return os.path.dirname(os.path.realpath(shutil.which('postgres')))
    raise FileNotFoundError('PostgreSQL server programs not found; scripts/install-packages installs them')


def program(name: str, root: str = '') -> str:
    """Return the path of a program of the distribution, of this machine or as seen inside a root.

    Its patroni runs under its own Python.
    """
    path = shutil.which(name, path=':'.join(root + directory for directory in ('/usr/bin', '/usr/sbin', '/bin')))
    if not path:
        raise FileNotFoundError(f'{name} not found in {root}/usr/bin; scripts/install-packages installs it')
    return path.removeprefix(root)
