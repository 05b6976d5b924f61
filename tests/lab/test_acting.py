"""Every command that changes something does it: seen in PostgreSQL and the DCS, not in what the command says."""
import json
import os

import yaml

from acting import REFUSED, ActingTest, soon
from labkit.layout import MEMBERS, SCOPE

ANSWERS = f'{SCOPE}\nYes I am aware\n'  # to what "remove" wants to know first


class Acting(ActingTest):
    def test_switchover(self):
        old, (new, _) = self.roles()
        timeline = len(json.loads(self.lab.key('history') or '[]'))
        self.act('switchover', '--leader', old, '--candidate', new, '--force')
        self.assertEqual(self.lab.key('leader'), new)
        self.wait_primary(new)
        self.wait(lambda: len(json.loads(self.lab.key('history'))) == timeline + 1, 'a line of history')
        self.assertEqual(table_of(self.act('history', '-f', 'tsv').stdout)[-1][-1], new)

    def test_failover_without_leader(self):
        old, (_, new) = self.roles()
        with self.gone(old):
            self.act('failover', '--candidate', new, '--force')
            self.assertTrue(self.value('failover').get('member') == new or self.lab.key('leader') == new)
            self.wait(lambda: self.lab.primary() == new and self.lab.key('leader') == new, 'the failover')
        self.wait_primary(new)

    def test_restart(self):
        before = {name: self.started(name) for name in MEMBERS}
        for name in self.roles()[1][0], self.roles()[0]:
            self.act('restart', SCOPE, name, '--force')
            self.assertNotEqual(self.started(name), before[name])
            before[name] = self.started(name)
            self.assertEqual({name: self.started(name) for name in MEMBERS}, before)

    def test_reload(self):
        name, other = self.roles()[1]
        line = '    wal_keep_size: 64MB\n'
        for member in name, other:
            self.member_file(member, line, line + '    work_mem: 5MB\n')
        try:
            self.assertEqual(self.show(name, 'work_mem'), '4MB')
            self.act('reload', SCOPE, name, '--force')
            self.wait(lambda: self.show(name, 'work_mem') == '5MB', 'the new setting')
            self.assertEqual(self.show(other, 'work_mem'), '4MB')
        finally:
            for member in name, other:
                self.member_file(member, line + '    work_mem: 5MB\n', line)
            self.act('reload', SCOPE, '--force')
            self.wait(lambda: self.show(name, 'work_mem') == '4MB', 'the old setting')

    def test_reinit(self):
        name = self.roles()[1][0]
        marker = self.lab.file(os.path.join(name, 'data', 'marker'))
        before = self.started(name)
        open(marker, 'w').close()
        done = self.act('reinit', SCOPE, name, '--force', '--wait')
        self.assertIn(f'completed on: {name}', done.stdout)
        self.assertFalse(os.path.exists(marker))
        self.assertNotEqual(self.started(name), before)
        self.assertIs(self.lab.in_recovery(name), True)

    def test_reinit_of_the_leader(self):
        primary = self.roles()[0]
        before = self.started(primary)
        self.act('reinit', SCOPE, primary, '--force', status=1)
        self.assertEqual(self.started(primary), before)

    def test_pause_and_resume(self):
        with self.paused():
            self.assertIs(self.value('config').get('pause'), True)
            for name in MEMBERS:
                self.assertIs(self.lab.member(name).get('pause'), True)
            self.act('pause', status=1)
        self.assertNotIn('pause', self.value('config'))
        for name in MEMBERS:
            self.assertNotIn('pause', self.lab.member(name))

    def test_edit_config(self):
        """More connections: replicas first."""
        connections = str(int(self.show('pg1', 'max_connections')) + 1)
        self.act('edit-config', '--force', '--pg', f'max_connections={connections}')
        self.assertEqual(self.value('config')['postgresql']['parameters']['max_connections'], int(connections))
        self.wait(lambda: self.pending() == [*MEMBERS], 'the flags')
        self.assertNotEqual(self.show('pg1', 'max_connections'), connections)
        primary, replicas = self.roles()
        for names in replicas, [primary]:
            self.act('restart', SCOPE, *names, '--pending', '--force')
            for name in names:
                self.assertEqual(self.show(name, 'max_connections'), connections)
        self.wait(lambda: not self.pending(), 'the end of the flags')

    def test_edit_config_decrease(self):
        """Fewer connections, by the manual's recipe: a replica that restarts before its leader keeps what it had."""
        connections = int(self.show('pg1', 'max_connections'))
        self.act('edit-config', '--force', '--pg', f'max_connections={connections + 1}')
        self.wait(lambda: self.pending() == [*MEMBERS], 'the flags')
        self.act('restart', SCOPE, '--pending', '--force')
        self.assertEqual({self.show(name, 'max_connections') for name in MEMBERS}, {str(connections + 1)})
        self.act('edit-config', '--force', '--pg', f'max_connections={connections}')
        self.wait(lambda: self.pending() == [*MEMBERS], 'the flags')
        self.act('restart', SCOPE, '--role', 'leader', '--pending', '--force')
        self.wait(lambda: self.pending() == self.roles()[1], 'the flags of the replicas alone')
        self.act('restart', SCOPE, '--pending', '--force')
        self.assertEqual({self.show(name, 'max_connections') for name in MEMBERS}, {str(connections)})

    def test_restart_that_fails(self):
        """There are no huge pages: the first replica does not come up again, and nobody else is touched."""
        primary, (first, second) = self.roles()
        before = {name: self.started(name) for name in (primary, second)}
        self.act('edit-config', '--force', '--pg', 'huge_pages=on')
        try:
            self.wait(lambda: self.pending() == [*MEMBERS], 'the flags')
            done = self.act('restart', SCOPE, '--pending', '--force', status=REFUSED)
            self.assertIn(f'stopped after member "{first}"; not restarted: {second}, {primary} ', done.stderr)
            self.assertEqual({name: self.started(name) for name in before}, before)
            self.assertIs(self.lab.in_recovery(primary), False)
        finally:
            self.act('edit-config', '--force', '--pg', 'huge_pages=null')
            self.lab.wait_whole(60)
            self.act('restart', SCOPE, '--force')
            self.wait(lambda: not self.pending(), 'the end of the flags')

    def pending(self) -> list[str]:
        """Return the members that wait for a restart, as they tell the DCS."""
        return [name for name in MEMBERS if self.value(f'members/{name}').get('pending_restart')]

    def test_edit_config_by_files(self):
        before = self.value('config')
        patch = json.dumps({'maximum_lag_on_failover': 12345678901234567890123, 'notes': {'a': '0123', 'b': 1.5}})
        self.act('edit-config', '--force', '--apply', '-', input=patch)
        self.assertEqual(self.value('config'), before | json.loads(patch))
        self.act('edit-config', '--force', '--replace', '-', input=yaml.safe_dump(before))
        self.assertEqual(self.value('config'), before)
        self.assertEqual(yaml.safe_load(self.act('show-config').stdout), before)

    def test_scheduled_restart(self):
        name, other = self.roles()[1]
        before = self.started(name), self.started(other)
        for member in name, other:
            self.act('restart', SCOPE, member, '--scheduled', soon(3600 if member == other else 5), '--force')
            self.wait(lambda: self.value(f'members/{member}').get('scheduled_restart'), 'the scheduled restart')
        self.assertEqual((self.started(name), self.started(other)), before)
        self.act('flush', SCOPE, other, 'restart', '--force')
        self.wait(lambda: not self.value(f'members/{other}').get('scheduled_restart'), 'the flush')
        self.wait(lambda: self.restarted(name, before[0]), 'the restart')
        self.assertEqual(self.started(other), before[1])

    def test_scheduled_switchover_flushed(self):
        old, (new, _) = self.roles()
        self.act('switchover', '--candidate', new, '--scheduled', soon(4), '--force')
        self.assertTrue(self.value('failover').get('scheduled_at'))
        self.act('flush', SCOPE, 'switchover', '--force')
        self.assertFalse(self.value('failover').get('scheduled_at'))
        self.holds(lambda: self.lab.key('leader') == old, 6)
        self.assertEqual(self.roles()[0], old)

    def test_demote_and_promote_cluster(self):
        self.act('demote-cluster', '--host', '127.0.2.9', '--force')
        self.assertEqual(self.value('config')['standby_cluster'], {'host': '127.0.2.9'})
        self.assertEqual(self.recovery(), dict.fromkeys(MEMBERS, True))
        self.act('demote-cluster', '--host', '127.0.2.9', '--force', status=1)
        self.act('promote-cluster', '--force')
        self.assertNotIn('standby_cluster', self.value('config'))
        self.wait_primary(self.lab.key('leader'), 10)

    def test_remove(self):
        leader = self.lab.key('leader')
        for name in MEMBERS:
            self.lab.freeze(name)
        try:
            for answers in ANSWERS + 'nobody\n', f'{SCOPE}\nYes\n', 'batman\n':
                self.act('remove', SCOPE, input=answers, status=1)
                self.assertTrue(self.lab.keys())
            self.act('remove', SCOPE, input=ANSWERS + leader + '\n')
            self.assertEqual(self.lab.keys(), {})
        finally:
            for name in MEMBERS:
                self.lab.thaw(name)

    def test_reading(self):
        primary, replicas = self.roles()
        self.assertEqual(yaml.safe_load(self.act('show-config').stdout), self.value('config'))
        self.assertIn(f'host={MEMBERS[primary]} port=5432', self.act('dsn').stdout)
        self.assertIn(f'host={MEMBERS[replicas[0]]} port=5432', self.act('dsn', '-m', replicas[0]).stdout)
        lines = self.act('version', SCOPE).stdout.splitlines()
        for name in MEMBERS:
            told = self.lab.member(name)
            number = told['server_version']
            self.assertIn(f'{name}: Patroni {told["patroni"]["version"]} PostgreSQL {number // 10000}.{number % 10000}', lines)
        for role, recovery in (('primary', 'f'), ('replica', 't')):
            done = self.act('query', '-U', 'postgres', '-d', 'postgres', '--role', role, '--format', 'tsv', '-c',
                            'SELECT pg_is_in_recovery()::text AS r')
            self.assertEqual(done.stdout.split(), ['r', {'f': 'false', 't': 'true'}[recovery]])
        self.assertEqual([line['TL'] for line in json.loads(self.act('history', '-f', 'json').stdout)],
                         [line[0] for line in json.loads(self.lab.key('history') or '[]')])


def table_of(text: str) -> list[list[str]]:
    """Return the cells of rows with tabs."""
    return [line.split('\t') for line in text.splitlines()]
