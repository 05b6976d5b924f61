"""list and topology show what the installed patronictl and the members themselves say of the same moment."""
import os
import unittest

import yaml

from labkit.layout import ETCD, MEMBERS
from labtest import LabTest, json_rows

SHARED = 'Cluster', 'Member', 'Host', 'Role', 'State', 'TL'  # what both versions of patronictl show


def shared(rows: list[dict]) -> list[dict]:
    """Return what both versions show, as text."""
    return [{name: str(row.get(name)) for name in SHARED} for row in rows]  # what is not known is left out


def tsv_rows(text: str) -> list[dict]:
    """Return the rows of a listing with tabs."""
    head, *lines = [line.split('\t') for line in text.rstrip('\n').split('\n')]
    return [dict(zip(head, line)) for line in lines]


def table_rows(text: str) -> list[dict]:
    """Return the rows of a drawn table, of columns with the same name the first, with the cluster of its title."""
    lines = text.rstrip('\n').split('\n')
    cluster = lines[0].removeprefix('+ Cluster: ').split()[0]
    head, *rows = [[cell.strip() for cell in line.strip('|').split('|')] for line in lines if line.startswith('|')]
    return [{'Cluster': cluster, **dict(reversed(list(zip(head, row))))} for row in rows]


class Views(LabTest):
    maxDiff = None

    def agree(self, *args: str, rows) -> list[dict]:
        """Let pgha and the installed patronictl list the same moment, compare, and return pgha's rows."""
        mine, theirs = self.same_moment(lambda: rows(self.ask('list', *args)),
                                        lambda: shared(rows(self.installed('list', *args))))
        self.assertEqual(shared(mine), theirs)
        self.assertEqual(len(mine), len(MEMBERS))
        return mine

    def test_table(self):
        self.agree(rows=table_rows)

    def test_table_with_everything(self):
        for row in self.agree('-e', rows=table_rows):
            self.assertIn('Pending restart reason', row)

    def test_json(self):
        self.agree('-f', 'json', rows=json_rows)

    def test_yaml(self):
        self.agree('-f', 'yaml', rows=yaml.safe_load)

    def test_tsv(self):
        self.agree('-f', 'tsv', rows=tsv_rows)

    def test_name_given(self):
        self.agree('pg-cluster', '-f', 'json', rows=json_rows)

    def test_topology(self):
        mine, theirs = self.same_moment(lambda: table_rows(self.ask('topology')),
                                        lambda: shared(table_rows(self.installed('topology'))))
        self.assertEqual(shared(mine), theirs)
        self.assertEqual([row['Member'] for row in mine[1:]], ['+ ' + name for name in MEMBERS if name != mine[0]['Member']])

    def test_members_say_the_same(self):
        def listed() -> dict:
            return {row['Member']: (row['Host'], row['Role'], row.get('TL')) for row in json_rows(self.ask('list', '-f', 'json'))}

        def told() -> dict:
            return {name: (address, 'Replica' if self.lab.in_recovery(name) else 'Leader', self.lab.member(name)['timeline'])
                    for name, address in MEMBERS.items()}

        # After a failover, replicas follow the new timeline a moment later than they are known to.
        self.lab.wait_until(lambda: listed() == told(), 30, 'agreement of the list with the members')

    def test_tags_and_pending_restart(self):
        def pending() -> list[dict]:
            return [row for row in json_rows(self.installed('list', '-e', '-f', 'json')) if row.get('Pending restart')]

        def set_connections(number: int) -> None:
            change = {'postgresql': {'parameters': {'max_connections': number}}}
            self.assertEqual(self.lab.rest('pg1', 'PATCH', '/config', change, timeout=30)[0], 200)

        set_connections(41)
        try:
            self.lab.wait_until(lambda: len(pending()) == len(MEMBERS), 60, 'pending restarts')
            for row in json_rows(self.ask('list', '-f', 'json')):
                self.assertEqual(row['Pending restart'], '*')
        finally:
            set_connections(40)
            self.lab.wait_until(lambda: not pending(), 60, 'end of pending restarts')

    def test_as_patronictl(self):
        for args in (['list'], ['list', '-e', '-f', 'json'], ['topology']):
            with self.subTest(args=args):
                mine, theirs = self.same_moment(lambda: self.ask(*args, client=self.link), lambda: self.ask(*args))
                self.assertEqual(mine, theirs)

    def test_same_text_as_a_new_patronictl(self):
        """Patroni 4.1 shows the columns that pgha shows; by the name of patronictl, pgha prints the same bytes."""
        version = self.installed('version').split()[2]
        if [int(part) for part in version.split('.')[:2]] < [4, 1]:
            return  # then the shared columns are compared, see agree()
        for args in (['list'], ['list', '-e'], ['list', '-f', 'json'], ['list', '-e', '-f', 'json'], ['list', '-f', 'yaml'],
                     ['list', '-f', 'tsv'], ['topology'], ['history'], ['show-config'], ['dsn', '--role', 'leader']):
            with self.subTest(args=args):
                mine, theirs = self.same_moment(lambda: self.ask(*args, client=self.link), lambda: self.installed(*args))
                self.assertEqual(mine, theirs)

    def test_goes_on_without_an_etcd(self):
        for name in ('etcd1', 'etcd2'):
            self.lab.kill(name)
            try:  # once the others have agreed on a leader
                self.lab.wait_until(lambda: self.lab.store.healthy() == len(ETCD) - 1, 30, 'two members of etcd')
                self.assertEqual(len(json_rows(self.ask('list', '-f', 'json'))), len(MEMBERS))
            finally:
                self.lab.start(name)
                self.lab.wait_until(lambda: self.lab.store.healthy() == len(ETCD), 30, 'etcd')

    def test_unknown_cluster_names_the_known(self):
        done = self.lab.client(self.pgha, 'list', 'pg-custer')
        self.assertEqual((done.returncode, done.stdout), (1, ''))
        self.assertIn('pg-cluster', done.stderr)


if __name__ == '__main__':
    unittest.main()
