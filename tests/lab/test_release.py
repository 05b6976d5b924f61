"""A lab of another release: its servers are those of the release, and have no privileges."""
import os
import pwd

from labkit import process, roots
from labkit.layout import ETCD, ETCD_PORT, MEMBERS, NODES
from labkit.web import Server
from labtest import LabTest


class Release(LabTest):
    def test_versions(self):
        """A release that still moves may have newer ones."""
        wanted = roots.RELEASES[self.lab.release].versions
        told = {name: self.lab.member(name) for name in MEMBERS}
        found = {'Patroni': {answer['patroni']['version'] for answer in told.values()},
                 'PostgreSQL': {self.lab.psql(name, 'SHOW server_version').split()[0] for name in MEMBERS},
                 'etcd': {Server(host, ETCD_PORT, None).call('GET', '/version')[1]['etcdserver'] for host in ETCD.values()}}
        for server, versions in found.items():
            for version in versions:
                self.assertGreaterEqual(numbers(version), numbers(wanted[server]), f'{server} {version}')

    def test_privileges(self):
        nobody = pwd.getpwnam('nobody').pw_uid
        for name in NODES:
            pids = process.find(self.lab.file(name))
            self.assertTrue(pids)
            for pid in pids:
                try:
                    with open(f'/proc/{pid}/status') as file:
                        told = dict(line.rstrip('\n').split(':\t', 1) for line in file if ':\t' in line)
                    root = os.readlink(f'/proc/{pid}/root')
                except FileNotFoundError:  # PostgreSQL has processes that come and go
                    continue
                self.assertEqual(set(told['Uid'].split()), {str(nobody)}, told['Name'])
                self.assertEqual(int(told['CapEff'], 16), 0, told['Name'])
                self.assertEqual(root, self.lab.root, told['Name'])


def numbers(version: str) -> list[int]:
    """Return "4.1.5" as numbers, which compare."""
    return [int(part) for part in version.split('.')]
