"""Targets that die, hang or stop in the middle: every command ends in time and reports nothing as done that was not."""
import os
import signal
import time

from acting import DONE, REFUSED, UNKNOWN, UNREACHABLE, ActingTest, soon
from labkit.layout import ETCD, MEMBERS, SCOPE

TIMES = '--timeout', '1', '--operation-timeout', '2'
LONG = '--timeout', '60', '--operation-timeout', '60'  # nothing that has to be ended by a death is to be ended by these
BOUND = 8  # seconds: those times, twice over, and a busy machine


class Dying(ActingTest):
    def of_replica(self, name: str) -> list[tuple[str, ...]]:
        """Return the commands that ask one replica."""
        return [('reload', SCOPE, name, '--force'),
                ('restart', SCOPE, name, '--force'),
                ('restart', SCOPE, name, '--force', '--scheduled', soon(3600)),
                ('reinit', SCOPE, name, '--force'),
                ('reinit', SCOPE, name, '--force', '--wait'),
                ('flush', SCOPE, name, 'restart', '--force')]

    def of_leader(self, leader: str, candidate: str) -> list[tuple[str, ...]]:
        """Return the commands that ask the leader and nobody else."""
        return [('switchover', '--candidate', candidate, '--force'),
                ('switchover', '--candidate', candidate, '--scheduled', soon(3600), '--force'),
                ('failover', '--candidate', candidate, '--force'),
                ('restart', SCOPE, leader, '--force'),
                ('reload', SCOPE, leader, '--force'),
                ('demote-cluster', '--host', '127.0.2.9', '--force')]

    def check_all(self, commands: list[tuple[str, ...]], options: tuple[str, ...], statuses: set[int], death) -> None:
        """Run all commands at once, let *death* come over their target, and see how they end."""
        running = [self.begin(*options, *command) for command in commands]
        death()
        for command, client in zip(commands, running):
            with self.subTest(command=command):
                done = self.end(client, BOUND)
                self.assertIn(done.returncode, statuses, f'{done.stdout}{done.stderr}')
                self.assertNotIn('Success', done.stdout)

    def scheduled_on(self, name: str) -> None:
        self.act('restart', SCOPE, name, '--scheduled', soon(3600), '--force')
        self.wait(lambda: self.value(f'members/{name}').get('scheduled_restart'), 'the scheduled restart')

    def die(self, name: str):
        """Return what kills Patroni once everybody had time to ask it."""
        def death() -> None:
            time.sleep(1)
            self.daemons(name, signal.SIGKILL)
        return death

    # Hung before it was asked: who asks cannot know. Python's servers let five wait at the door; the sixth is not in.

    def test_replica_frozen(self):
        name = self.roles()[1][0]
        before = self.started(name)
        self.scheduled_on(name)
        with self.frozen(name):
            self.check_all(self.of_replica(name), TIMES, {UNKNOWN, UNREACHABLE}, lambda: None)
            self.assertEqual(self.started(name), before)

    def test_replica_killed_while_asked(self):
        name = self.roles()[1][0]
        before = self.started(name)
        self.scheduled_on(name)
        with self.frozen(name):
            self.check_all(self.of_replica(name), LONG, {UNKNOWN, UNREACHABLE}, self.die(name))
            self.assertEqual(self.started(name), before)

    def test_replica_gone(self):
        primary, (name, other) = self.roles()
        self.scheduled_on(name)
        with self.gone(name):
            self.check_all(self.of_replica(name), TIMES, {UNREACHABLE}, lambda: None)
            for command, *options in ('reload',), ('restart', '--keep-going'):
                before = self.started(other)
                done = self.act(command, SCOPE, other, name, '--force', *options, status=REFUSED)
                self.assertIn(f'Failed: {command} for member {name}', done.stdout)
                self.assertEqual(self.started(other) != before, command == 'restart')
            self.assertIn(f'member {name}', self.act('reload', SCOPE, '--force', status=REFUSED).stdout)

    def test_leader_frozen(self):
        leader, (candidate, _) = self.roles()
        with self.frozen(leader):
            self.check_all(self.of_leader(leader, candidate), TIMES, {UNKNOWN}, lambda: None)
            self.assertFalse(self.value('failover'))
            self.assertNotIn('standby_cluster', self.value('config'))

    def test_leader_killed_while_asked(self):
        leader, (candidate, _) = self.roles()
        with self.frozen(leader):
            self.check_all(self.of_leader(leader, candidate), LONG, {UNKNOWN}, self.die(leader))
            self.assertFalse(self.value('failover'))
            self.assertNotIn('standby_cluster', self.value('config'))

    def test_others_do_it_for_a_frozen_leader(self):
        """Any member can write the DCS."""
        leader, (candidate, _) = self.roles()
        self.act('switchover', '--candidate', candidate, '--scheduled', soon(3600), '--force')
        with self.frozen(leader):
            self.end(self.begin(*TIMES, 'flush', SCOPE, 'switchover', '--force'), BOUND)
            self.assertFalse(self.value('failover').get('scheduled_at'))
            done = self.end(self.begin(*TIMES, 'pause', '--wait'), BOUND)
            paused = self.value('config').get('pause')
            resumed = self.end(self.begin(*TIMES, 'resume'), BOUND)  # before anything fails: a pause lasts
            self.assertIs(paused, True)
            self.assertEqual(done.returncode, UNKNOWN, done.stdout)  # the frozen one has not noticed
            self.assertRegex(done.stdout, f'not confirmed within .* by: {leader}\n')
            self.assertEqual(resumed.returncode, DONE)
            self.assertNotIn('pause', self.value('config'))

    # at work

    def test_restart_patroni_killed(self):
        name = self.roles()[1][0]
        os.kill(self.postmaster(name), signal.SIGSTOP)
        running = self.begin(*LONG, 'restart', SCOPE, name, '--force')
        try:
            self.wait(lambda: self.lab.member(name).get('state') not in ('running', None), 'the beginning of the restart')
        finally:
            self.lab.kill(name)
            self.lab.start(name)
        done = self.end(running, BOUND)
        self.assertEqual(done.returncode, UNKNOWN, done.stdout)
        self.assertNotIn('Success', done.stdout)

    def test_restart_postgres_stopped(self):
        name = self.roles()[1][0]
        before, pid = self.started(name), self.postmaster(name)
        os.kill(pid, signal.SIGSTOP)
        try:
            done = self.end(self.begin(*TIMES, 'restart', SCOPE, name, '--force'), BOUND)
            self.assertEqual(done.returncode, UNKNOWN, done.stdout)
        finally:
            os.kill(pid, signal.SIGCONT)
        self.wait(lambda: self.restarted(name, before), 'the restart, late')

    def test_restart_postgres_killed(self):
        """Patroni may start it in place of restarting it: what counts is that it runs, if that is what is said."""
        name = self.roles()[1][0]
        before = self.started(name)
        os.kill(self.postmaster(name), signal.SIGKILL)
        done = self.end(self.begin('restart', SCOPE, name, '--force'), 30)
        if done.returncode == DONE:
            self.assertNotEqual(self.started(name), before)
        else:
            self.assertNotIn('Success', done.stdout)
            self.assertIn(done.returncode, (REFUSED, UNKNOWN))

    def test_restart_killed_by_unanswered(self):
        """A request that was not answered is not one that was not heard."""
        name = self.roles()[1][0]
        before = self.started(name)
        self.lab.freeze(name)
        try:
            done = self.end(self.begin(*TIMES, 'restart', SCOPE, name, '--force'), BOUND)
        finally:
            self.lab.thaw(name)
        self.assertEqual(done.returncode, UNKNOWN, done.stdout)
        self.wait(lambda: self.restarted(name, before), 'the restart, late')

    def test_reinit_patroni_killed(self):
        name = self.roles()[1][0]
        marker = self.lab.file(os.path.join(name, 'data', 'marker'))
        open(marker, 'w').close()
        os.kill(self.postmaster(name), signal.SIGSTOP)
        running = self.begin('--timeout', '1', '--operation-timeout', '20', 'reinit', SCOPE, name, '--force', '--wait')
        time.sleep(3)
        self.lab.kill(name)
        self.assertTrue(os.path.exists(marker))
        self.lab.start(name)
        done = self.end(running, 60)
        if done.returncode == DONE:
            self.assertFalse(os.path.exists(marker))
        else:
            self.assertEqual(done.returncode, UNKNOWN, done.stdout)
            self.assertNotIn('completed', done.stdout)

    def at_work(self, leader: str, candidate: str, end) -> None:
        """Begin a switchover, which cannot come to its end, and let *end* happen to it."""
        os.kill(self.postmaster(leader), signal.SIGSTOP)
        try:
            running = self.begin(*LONG, 'switchover', '--candidate', candidate, '--force')
            self.wait(lambda: self.value('failover').get('member') == candidate, 'the beginning of the switchover')
            end()
            done = self.end(running, 45)
        finally:
            self.lab.kill(leader)
            self.lab.start(leader)
        if done.returncode == DONE:
            self.assertEqual(self.lab.key('leader'), candidate)
        else:
            self.assertIn(done.returncode, (REFUSED, UNKNOWN), done.stdout + done.stderr)
            self.assertNotIn('Success', done.stdout)

    def test_switchover_patroni_killed(self):
        leader, (candidate, _) = self.roles()
        self.at_work(leader, candidate, lambda: self.daemons(leader, signal.SIGKILL))

    def test_switchover_node_killed(self):
        leader, (candidate, _) = self.roles()
        self.at_work(leader, candidate, lambda: self.lab.kill(leader))

    def test_switchover_candidate_killed(self):
        leader, (candidate, _) = self.roles()
        self.at_work(leader, candidate, lambda: self.kill_and_start(candidate))

    def kill_and_start(self, name: str) -> None:
        with self.gone(name):
            time.sleep(1)

    # the DCS

    def test_etcd_frozen(self):
        before = self.lab.keys()
        leader, (candidate, _) = self.roles()
        commands = [('edit-config', '--force', '-s', 'ttl=11'), ('pause',), ('reload', SCOPE, '--force'),
                    ('switchover', '--candidate', candidate, '--force'), ('restart', SCOPE, '--force'),
                    ('remove', SCOPE), ('history',), ('version', SCOPE)]
        for name in ETCD:
            self.lab.freeze(name)
        try:
            self.check_all(commands, TIMES, {UNREACHABLE}, lambda: None)
        finally:
            for name in ETCD:
                self.lab.thaw(name)
        self.wait(self.lab.store.healthy, 'etcd')
        self.assertEqual(self.lab.key('config'), before['config'])
        self.assertEqual(set(self.lab.keys()) - {'leader'}, set(before) - {'leader'})

    def test_etcd_killed_before_the_write(self):
        """The cluster was read and shown, the user thinks it over, and the DCS dies meanwhile."""
        before = self.value('config')
        terminal = self.terminal('--timeout', '1', 'edit-config', '-s', 'ttl=11')
        terminal.expect('Apply these changes?')
        for name in ETCD:
            self.lab.freeze(name)
        try:
            terminal.type('y\n')
            self.assertIn(terminal.end(BOUND), (UNKNOWN, UNREACHABLE), terminal.text)
            self.assertNotIn('Configuration changed', terminal.text)
        finally:
            self.lab.kill(*ETCD)
            for name in ETCD:
                self.lab.start(name)
        self.wait(self.lab.store.healthy, 'etcd')
        self.assertEqual(self.value('config'), before)

    def test_two_of_three_etcd(self):
        """The frozen one may have led the others, who need a moment to choose anew: then nobody claims a success."""
        for name in ETCD:
            self.lab.freeze(name)
            try:
                for _ in range(3):
                    done = self.end(self.begin('--timeout', '4', 'edit-config', '--force', '-s', f'notes={name}'), 2 * BOUND)
                    if done.returncode == DONE:
                        break
                    self.assertIn(done.returncode, (UNKNOWN, UNREACHABLE), done.stdout + done.stderr)
            finally:
                self.lab.thaw(name)
            self.assertEqual(done.returncode, DONE, done.stdout + done.stderr)
            self.assertEqual(self.value('config')['notes'], name)
        self.act('edit-config', '--force', '-s', 'notes=null')

    def test_nobody_reachable(self):
        with self.gone(*MEMBERS):
            for command in ('reload', SCOPE, '--force'), ('restart', SCOPE, '--force'), ('pause',), ('version', SCOPE):
                with self.subTest(command=command):
                    self.act(*TIMES, *command, status=UNREACHABLE)
            self.assertNotIn('pause', self.value('config'))
