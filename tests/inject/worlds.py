"""What is run with failures: command lines in a small world, and what counts as a good end of a run."""
import json
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../net'))

import servers  # noqa: E402

KEYS = {
    **servers.KEYS,
    '/service/batman/members/pg2': json.dumps({
        'conn_url': 'postgres://10.0.1.2:5432/postgres', 'api_url': 'http://10.0.1.2:8008/patroni',
        'state': 'streaming', 'role': 'replica', 'version': '4.1.5', 'xlog_location': 83886000, 'timeline': 1,
        'tags': {'nosync': True}, 'pending_restart': True, 'pending_restart_reason': {
            'max_connections': {'old_value': '100', 'new_value': '200'}}}),
    '/service/batman/failover': '{"leader":"pg1","member":"pg2","scheduled_at":"2031-11-23T05:00:00+00:00"}',
    '/service/batman/sync': '{"leader":"pg1","sync_standby":"pg2"}',
}

CONFIG = """\
scope: batman
namespace: /service
etcd3:
  hosts: [%s]
  protocol: http
ctl: {insecure: false}
restapi:
  authentication: &a
    username: "us\\u00e9r"
    password: 'se cret'
postgresql: {authentication: {superuser: *a}, parameters: {one: [1, 2.5, 0x10], two: null, three: 2026-11-23}}
"""

UNREACHABLE = 5  # the exit status

# Name: arguments, status of a good end
RUNS = {
    'list': (['-c', 'good.yml', 'list'], 0),
    'list extended': (['-c', 'good.yml', 'list', '-e', '-t', 'batman', 'batman'], 0),
    'topology': (['-c', 'good.yml', 'topology'], 0),
    'JSON': (['-c', 'good.yml', 'list', '-f', 'json'], 0),
    'YAML': (['-c', 'good.yml', 'list', '-f', 'yaml'], 0),
    'TSV': (['-c', 'good.yml', 'list', '-f', 'tsv'], 0),
    'directory': (['-c', 'directory', 'list'], 0),
    'DCS by URL': (['-d', 'etcd3://{etcd}', 'list', 'batman'], 0),
    'version': (['--version'], 0),
    'help': (['list', '--help'], 0),
    'bad configuration': (['-c', 'bad.yml', 'list'], 1),
    'no configuration': (['-c', 'missing.yml', 'list'], 1),
    'bad usage': (['list', '--no-such-option'], 2),
}


class World:
    """An etcd that says the same each time, and a directory with configuration files."""

    def __init__(self):
        self._etcd = servers.Server(lambda request: servers.etcd3(request, KEYS))
        self._directory = tempfile.TemporaryDirectory(prefix='pgha-inject-')
        self.directory = self._directory.name
        self._write('good.yml', CONFIG % self._etcd.place)
        os.mkdir(os.path.join(self.directory, 'directory'))
        self._write('directory/1.yml', CONFIG % '127.0.0.1:9')
        self._write('directory/2.yml', f'etcd3: {{hosts: [{self._etcd.place}]}}\n')
        self._write('bad.yml', 'scope: batman\netcd3: {host: "127.0.0.1:2379"\nrestapi: ]\n')
        self.environment = {
            'PATH': os.environ['PATH'], 'HOME': self.directory, 'TZ': 'UTC',
            # inject.c comes before the sanitizer, and memory is not given back on the way out of a failure
            'ASAN_OPTIONS': 'verify_asan_link_order=0:allocator_may_return_null=1:detect_leaks=0'}

    def _write(self, name, text):
        with open(os.path.join(self.directory, name), 'w') as file:
            file.write(text)

    def words(self, run):
        return [word.replace('{etcd}', self._etcd.place) for word in RUNS[run][0]]

    def stop(self):
        self._etcd.stop()
        self._directory.cleanup()


def stable(text):
    """The text without what differs from second to second: the first line of list -t."""
    first, _, rest = text.partition('\n')
    return rest if first[:2] == '20' and first[4:5] == '-' else text


def is_marked(out, good):
    """Whether what cannot be verified is marked, and has a row for every member that there is."""
    names = re.findall(r'^\| (pg\S+)', good, flags=re.M)
    return bool(re.search(r'^UNVERIFIED, possibly old: ', out, flags=re.M)) and all(
        re.search(rf'^\| {name} .*(agrees|says|own word|not confirmed)', out, flags=re.M) for name in names)


def judge(status, out, err, good):
    """What is wrong with the end of a run, None for nothing; `good` is (status, out, err) without a failure."""
    if status < 0:
        return f'ended by signal {-status}'
    if 'Sanitizer' in err or 'runtime error' in err:
        return 'a sanitizer has found something'
    if status == good[0] and stable(out) == stable(good[1]) and err == good[2]:
        return None
    if status == 0:
        return 'success, but not the whole output'
    if status == UNREACHABLE and 'unverified' in err and len(err.splitlines()) == 1:
        for_people = stable(good[1]).startswith('+')  # programs get nothing
        whole = is_marked(out, good[1]) if for_people else not out
        return None if whole else 'what is unverified is not marked, or not the whole output'
    if not stable(good[1]).startswith(stable(out)):
        return 'failure, and output that is not what it should start with'
    lines = re.sub(r'\AUsage: .*\n.*\n\n', '', err).splitlines()  # how to do it right comes first
    if len(lines) != 1 or not lines[0].startswith('Error: ') or len(lines[0]) < 12:
        return 'failure, but not told in one line'
    return None
