"""The etcd members of the lab, and what is in their two stores."""
import base64
import contextlib
import os
import urllib.parse

from .layout import ETCD, ETCD_PEER_PORT, ETCD_PORT, ETCD_ROOT, ETCD_USER, NAMESPACE, program
from .process import spawn
from .tls import Certificates
from .web import Server, basic


def start(name: str, node_dir: str, certificates: Certificates | None, v2: bool, root: str) -> None:
    """Start one member; *v2* makes it serve the v2 API as well. *root* is where its program is, see spawn()."""
    scheme = 'https' if certificates else 'http'
    client, peer = (f'{scheme}://{ETCD[name]}:{port}' for port in (ETCD_PORT, ETCD_PEER_PORT))
    argv = [program('etcd', root), '--name', name, '--data-dir', os.path.join(node_dir, 'data'), '--logger', 'zap',
            '--listen-client-urls', client, '--advertise-client-urls', client,
            '--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster-token', 'pgha-lab',
            '--initial-cluster', ','.join(f'{other}={scheme}://{ETCD[other]}:{ETCD_PEER_PORT}' for other in ETCD),
            '--initial-cluster-state', 'new', '--bcrypt-cost', '4']
    if v2:
        argv.append('--enable-v2')
    if certificates:
        files = [certificates.server, certificates.server_key, certificates.ca]
        for prefix in ('', 'peer-'):
            for option, file in zip(('cert-file', 'key-file', 'trusted-ca-file'), files):
                argv += [f'--{prefix}{option}', file]
            argv.append(f'--{prefix}client-cert-auth')
    spawn(node_dir, argv, root)


def _encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _prefix_end(prefix: str) -> str:
    return base64.b64encode(prefix[:-1].encode() + bytes([ord(prefix[-1]) + 1])).decode()


class Store:
    """The keys and values in one of the APIs, through any member that answers."""

    def __init__(self, api: str, certificates: Certificates | None) -> None:
        self._api, self.servers = api, [Server(host, ETCD_PORT, certificates) for host in ETCD.values()]

    def _call(self, method: str, path: str, body=None, again: bool = True) -> dict:
        problems = []
        for server in self.servers:
            try:
                status, answer = server.call(method, path, body)
            except OSError as error:
                problems.append(f'{server.host}: {error}')
                continue
            if status == 401 and again and server.authorization:  # tokens do not survive a restart of their etcd
                self.login()
                return self._call(method, path, body, again=False)
            if status == 503:  # such as in an election
                problems.append(f'{server.host}: {answer}')
                continue
            if status >= 400 and not (isinstance(answer, dict) and answer.get('errorCode') == 100):  # key not found
                raise RuntimeError(f'{method} {path}: {status} {answer}')
            return answer
        raise OSError('no etcd answers: ' + '; '.join(problems))

    def healthy(self) -> int:
        """Return how many members answer and have a leader."""
        count = 0
        for server in self.servers:
            with contextlib.suppress(OSError, AttributeError):
                count += server.call('GET', '/health')[1].get('health') == 'true'
        return count

    def tree(self, prefix: str) -> dict[str, str]:
        """Return all keys below *prefix*, which ends with a slash, and their values."""
        if self._api == 'etcd3':
            found = self._call('POST', '/v3/kv/range', {'key': _encode(prefix), 'range_end': _prefix_end(prefix)})
            return {base64.b64decode(kv['key']).decode(): base64.b64decode(kv.get('value', '')).decode()
                    for kv in found.get('kvs', [])}
        answer = self._call('GET', f'/v2/keys{urllib.parse.quote(prefix)}?recursive=true&quorum=true')
        values, pending = {}, [answer.get('node', {})]
        while pending:
            node = pending.pop()
            pending += node.get('nodes', [])
            if 'value' in node:
                values[node['key']] = node['value']
        return values

    def get(self, key: str) -> str | None:
        """Return the value of one key, None if there is none."""
        return self.tree(key.rpartition('/')[0] + '/').get(key)

    def put(self, key: str, value: str) -> None:
        """Set a key."""
        if self._api == 'etcd3':
            self._call('POST', '/v3/kv/put', {'key': _encode(key), 'value': _encode(value)})
        else:
            self._call('PUT', '/v2/keys' + urllib.parse.quote(key), urllib.parse.urlencode({'value': value}).encode())

    def delete(self, key: str) -> None:
        """Remove a key."""
        if self._api == 'etcd3':
            self._call('POST', '/v3/kv/deleterange', {'key': _encode(key)})
        else:
            self._call('DELETE', '/v2/keys' + urllib.parse.quote(key))

    def login(self) -> None:
        """From now on, show the administrator's credentials."""
        if self._api == 'etcd':
            authorization = basic(*ETCD_ROOT)
        else:
            for server in self.servers:
                server.authorization = None
            authorization = self._call('POST', '/v3/auth/authenticate',
                                       {'name': ETCD_ROOT[0], 'password': ETCD_ROOT[1]})['token']
        for server in self.servers:
            server.authorization = authorization

    def require_passwords(self) -> None:
        """Let in only the administrator and Patroni's user, who may do everything below the namespace."""
        if self._api == 'etcd3':
            self._require_v3()
        else:
            self._require_v2()
        self.login()

    def add_reader(self, user: str, password: str) -> None:
        """Add a user who may read what is below the namespace, and change nothing."""
        if self._api == 'etcd3':
            role = {'permType': 'READ', 'key': _encode(NAMESPACE), 'range_end': _prefix_end(NAMESPACE)}
            for method, fields in (('role/add', {'name': user}), ('role/grant', {'name': user, 'perm': role}),
                                   ('user/add', {'name': user, 'password': password}),
                                   ('user/grant', {'user': user, 'role': user})):
                self._call('POST', f'/v3/auth/{method}', fields)
        else:
            keys = [NAMESPACE.rstrip('/') + '/*']
            self._call('PUT', f'/v2/auth/roles/{user}', {'role': user, 'permissions': {'kv': {'read': keys, 'write': []}}})
            self._call('PUT', f'/v2/auth/users/{user}', {'user': user, 'password': password, 'roles': [user]})

    def _require_v3(self) -> None:
        def auth(method: str, **fields) -> None:
            self._call('POST', f'/v3/auth/{method}', fields)

        for (user, password), role in ((ETCD_ROOT, 'root'), (ETCD_USER, 'patroni')):
            auth('role/add', name=role)
            auth('user/add', name=user, password=password)
            auth('user/grant', user=user, role=role)
        auth('role/grant', name='patroni', perm={'permType': 'READWRITE', 'key': _encode(NAMESPACE),
                                                 'range_end': _prefix_end(NAMESPACE)})
        auth('enable')

    def _require_v2(self) -> None:
        def auth(path: str, **fields) -> None:
            self._call('PUT', f'/v2/auth/{path}', fields)

        keys = [NAMESPACE.rstrip('/') + '/*']
        auth(f'users/{ETCD_ROOT[0]}', user=ETCD_ROOT[0], password=ETCD_ROOT[1])
        auth('roles/patroni', role='patroni', permissions={'kv': {'read': keys, 'write': keys}})
        auth(f'users/{ETCD_USER[0]}', user=ETCD_USER[0], password=ETCD_USER[1], roles=['patroni'])
        auth('enable')
        for server in self.servers:
            server.authorization = basic(*ETCD_ROOT)
        auth('roles/guest', role='guest', revoke={'kv': {'read': ['/*'], 'write': ['/*']}})
