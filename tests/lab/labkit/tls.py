"""The lab's certification authority and what it signs, made with the openssl command."""
import os
import subprocess

from .layout import NODES
from .process import give

EXTENSIONS = """\
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
subjectAltName = {addresses}
extendedKeyUsage = serverAuth, clientAuth
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[client]
extendedKeyUsage = clientAuth
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


class Certificates:
    """Files in a directory: ca.pem, server.pem and .key, client.pem and .key.

    Servers are clients as well: etcd's gateway of etcd, Patroni's members of each other. No subject has a common name:
    with authentication, etcd turns away requests to its gateway where the certificate has one.
    """

    def __init__(self, directory: str) -> None:
        self._dir = directory
        self.ca = os.path.join(directory, 'ca.pem')
        self.server, self.server_key = (os.path.join(directory, name) for name in ('server.pem', 'server.key'))
        self.client, self.client_key = (os.path.join(directory, name) for name in ('client.pem', 'client.key'))

    def make(self) -> None:
        """Make all files anew."""
        os.mkdir(self._dir)
        with open(os.path.join(self._dir, 'extensions'), 'w') as file:
            # 127.0.0.1 because connections within the lab come from there, and etcd holds its peers to their address
            addresses = ', '.join(f'IP:{address}' for address in ('127.0.0.1', *NODES.values()))
            file.write(EXTENSIONS.format(addresses=addresses))
        for name in ('ca', 'server', 'client'):
            self._openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', f'{name}.key')
            self._openssl('req', '-new', '-key', f'{name}.key', '-subj', f'/O=pgha lab {name}', '-out', f'{name}.csr')
            signer = ['-signkey', 'ca.key'] if name == 'ca' else ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial']
            self._openssl('x509', '-req', '-days', '30', '-in', f'{name}.csr', '-extfile', 'extensions',
                          '-extensions', name, *signer, '-out', f'{name}.pem')
        give(self._dir)

    def _openssl(self, *args: str) -> None:
        done = subprocess.run(['openssl', *args], cwd=self._dir, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f'openssl {args[0]} failed: {done.stderr}')
