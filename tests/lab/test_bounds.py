"""Real servers that are stopped (SIGSTOP): how long the answers of the others take then."""
import time

from labkit.layout import ETCD, MEMBERS, REST_PORT, SCOPE
from labtest import LabTest

TIMEOUT = 2  # seconds, of --timeout
TOLERANCE = 0.2
RUNS = 50


class Bounds(LabTest):
    def measure(self, bound: float, status: int, *args: str) -> str:
        """Return what pgha prints, which has to come within *bound* seconds."""
        start = time.monotonic()
        done = self.lab.client(self.pgha, '--timeout', str(TIMEOUT), *args)
        seconds = time.monotonic() - start
        print(f'{" ".join(args)}: {seconds:.3f} s, bound {bound:.3f} s', flush=True)
        self.assertEqual(done.returncode, status, f'{done.stdout}{done.stderr}')
        self.assertLessEqual(seconds, bound)
        return done.stdout + done.stderr

    def freeze(self, name: str) -> None:
        self.lab.freeze(name)
        self.addCleanup(self.lab.thaw, name)

    def test_first_etcd(self):
        self.freeze('etcd1')
        deadline = time.monotonic() + 30  # if it was the leader, there has to be another one
        while self.lab.client(self.pgha, 'list').returncode and time.monotonic() < deadline:
            time.sleep(0.2)
        for _ in range(RUNS):
            self.measure(0.6, 0, 'list')

    def test_no_quorum(self):
        self.freeze('etcd1')
        self.freeze('etcd3')
        shown = self.measure(TIMEOUT + TOLERANCE, 5, 'list')
        self.assertIn('UNVERIFIED, possibly old', shown)
        self.assertIn('| pg2 ', shown)
        self.assertEqual(shown.count(' | member agrees '), 3, shown)
        self.assertNotIn('| pg', self.measure(TIMEOUT + TOLERANCE, 5, 'list', '-f', 'tsv'))
        rows = self.measure(TIMEOUT + TOLERANCE, 5, 'list', '-f', 'tsv', '--unverified')
        self.assertEqual(rows.count('\tmember agrees\n'), 3, rows)
        self.measure(TIMEOUT + TOLERANCE, 5, 'reload', SCOPE, '--force')

    def test_no_etcd(self):
        """This node's Patroni is asked: at once, and when it and the others know that etcd is gone."""
        with open(self.lab.environment()['PATRONICTL_CONFIG_FILE']) as file:
            text = file.read() + f'name: pg1\nrestapi:\n  connect_address: {MEMBERS["pg1"]}:{REST_PORT}\n'
        self.lab.kill(*ETCD)
        self.addCleanup(lambda: [self.lab.start(name) for name in ETCD])
        with self.configuration(text) as config:
            shown = self.measure(TIMEOUT + TOLERANCE, 5, '-c', config, 'list')
            self.assertRegex(shown, r'(?m)^\| pg1 .*(member agrees|its own word) ')
            self.lab.wait_until(lambda: all(self.lab.in_recovery(name) for name in MEMBERS), 60, 'no primary')
            shown = self.measure(TIMEOUT + TOLERANCE, 5, '-c', config, 'list')
            self.assertRegex(shown, r'(?m)^\| pg1 .*\| Replica ')
            self.assertNotRegex(shown, r'(?m)^\| pg. .*\| Leader .*(member agrees|its own word)')

    def test_slow_store_and_hung_member(self):
        """The first server of etcd costs a moment, the member the rest, and both together no more than the timeout."""
        self.freeze('etcd1')
        self.freeze('pg2')
        self.lab.wait_until(lambda: self.lab.client(self.pgha, 'list').returncode == 0, 30, 'etcd without etcd1')
        self.measure(TIMEOUT + TOLERANCE, 3, 'version', SCOPE)

    def test_all_of_etcd(self):
        for name in 'etcd1', 'etcd2', 'etcd3':
            self.freeze(name)
        self.measure(TIMEOUT + TOLERANCE, 5, 'list')

    def test_one_member(self):
        self.freeze('pg2')
        shown = self.measure(TIMEOUT + TOLERANCE, 3, 'version', SCOPE)
        self.assertEqual(shown.count(': Patroni '), 2, shown)
        shown = self.measure(TIMEOUT + TOLERANCE, 4, 'reload', SCOPE, '--force')
        self.assertIn('Unknown: reload for member pg2', shown)
        self.assertEqual(shown.count('for member pg2'), 1, shown)
