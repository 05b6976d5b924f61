"""What takes longer than a moment to come, and what must not come."""
from acting import REFUSED, ActingTest, soon
from labkit.layout import MEMBERS, SCOPE


class Waiting(ActingTest):
    def test_pause_stops_a_failover(self):
        old, replicas = self.roles()
        self.addCleanup(self.lab.client, self.pgha, 'resume')
        self.confirmed('pause')
        with self.gone(old):
            self.wait(lambda: self.lab.key('leader') is None, 'the end of the lease')
            self.holds(lambda: [self.lab.in_recovery(name) for name in replicas] == [True, True], 3)
            self.act('resume')
            new = self.wait(self.lab.primary, 'the failover')
            self.assertIn(new, replicas)
        self.wait_primary(new)

    def test_switchover_to_the_dead(self):
        old, (dead, _) = self.roles()
        with self.gone(dead):
            done = self.act('switchover', '--candidate', dead, '--force', status=REFUSED)
            self.assertIn('412', done.stdout)
            self.assertEqual(self.lab.primary(), old)
            self.assertFalse(self.value('failover'))

    def test_restart_by_role_and_version(self):
        primary, replicas = self.roles()
        before = {name: self.started(name) for name in MEMBERS}
        self.act('restart', SCOPE, '--role', 'replica', '--force', '--pg-version', '9.5.2', status=REFUSED)
        self.assertEqual({name: self.started(name) for name in MEMBERS}, before)
        self.act('restart', SCOPE, '--role', 'replica', '--force')
        self.assertEqual(self.started(primary), before[primary])
        self.assertTrue(all(self.started(name) != before[name] for name in replicas))

    def test_scheduled_restart_flushed(self):
        name = self.roles()[1][0]
        before = self.started(name)
        self.act('restart', SCOPE, name, '--scheduled', soon(4), '--force')
        self.wait(lambda: self.value(f'members/{name}').get('scheduled_restart'), 'the scheduled restart')
        self.act('flush', SCOPE, name, 'restart', '--force')
        self.holds(lambda: self.started(name) == before, 6)

    def test_scheduled_switchover(self):
        old, (new, _) = self.roles()
        self.act('switchover', '--candidate', new, '--scheduled', soon(5), '--force')
        self.assertTrue(self.value('failover').get('scheduled_at'))
        self.assertEqual(self.roles()[0], old)
        self.wait_primary(new)
        self.wait(lambda: not self.value('failover').get('scheduled_at'), 'the end of the key')

    def test_scheduled_in_a_pause(self):
        old, (name, _) = self.roles()
        before = self.started(name)
        with self.paused():
            for args in (['switchover', '--candidate', name], ['restart', SCOPE, name]):
                self.act(*args, '--scheduled', '2099-01-01T00:00Z', '--force', status=1)
            self.assertFalse(self.value('failover'))
            self.assertEqual({self.value(f'members/{name}').get('scheduled_restart') for name in MEMBERS}, {None})
            self.assertEqual((self.roles()[0], self.started(name)), (old, before))
