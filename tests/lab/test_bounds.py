"""Real servers that are stopped (SIGSTOP): how long the answers of the others take then."""
import json
import os
import re
import select
import subprocess
import tempfile
import time

from labkit.layout import ETCD, ETCD_PORT, MEMBERS, REST_PORT, SCOPE
from labkit.process import waited_for_processor
from labtest import LabTest

TIMEOUT = 2  # seconds, of --timeout
TOLERANCE = 0.2
RUNS = 50


class Bounds(LabTest):
    def timed(self, *args: str) -> tuple[int, str, float]:
        """Return the status of pgha, what it prints, and its seconds without those that it waited for a processor."""
        with tempfile.TemporaryFile('w+') as out:
            start, mine = time.monotonic(), waited_for_processor('thread-self')
            process = subprocess.Popen([self.pgha, '--timeout', str(TIMEOUT), *args], stdin=subprocess.DEVNULL,
                                       stdout=out, stderr=out, env=os.environ | self.lab.environment())
            ended = os.pidfd_open(process.pid)
            self.addCleanup(os.close, ended)
            if not select.select([ended], [], [], 60)[0]:  # it has ended, but can still be asked about
                process.kill()
            seconds = time.monotonic() - start
            waited = waited_for_processor(process.pid) + waited_for_processor('thread-self') - mine
            status = process.wait()
            out.seek(0)
            print(f'{" ".join(args)}: {seconds:.3f} s, {waited:.3f} s of them for a processor', flush=True)
            return status, out.read(), seconds - waited

    def measure(self, bound: float, status: int, *args: str) -> str:
        """Return what pgha prints, which has to come within *bound* seconds."""
        found, shown, seconds = self.timed(*args)
        self.assertEqual(found, status, shown)
        self.assertLessEqual(seconds, bound)
        return shown

    def shows(self, pattern: str, status: int, *args: str) -> str:
        """Return what pgha prints once it has *pattern*: members may take their time, pgha has --timeout each time."""
        def attempt() -> str | None:
            shown = self.measure(TIMEOUT + TOLERANCE, status, *args)
            return shown if re.search(pattern, shown) else None
        return self.lab.wait_until(attempt, 30, pattern)

    def freeze(self, name: str) -> None:
        self.lab.freeze(name)
        self.addCleanup(self.lab.thaw, name)

    def test_first_etcd(self):
        self.freeze('etcd1')
        deadline = time.monotonic() + 30  # if it was the leader, there has to be another one
        while self.lab.client(self.pgha, 'list').returncode and time.monotonic() < deadline:
            time.sleep(0.2)
        with self.configuration(self.own_configuration((f'{ETCD["etcd1"]}:{ETCD_PORT},', ''))) as config:
            for _ in range(RUNS):  # the others may be slow themselves on a busy machine
                status, shown, usual = self.timed('-c', config, 'list')
                self.assertEqual(status, 0, shown)
                self.measure(0.6 + usual, 0, 'list')

    def written(self) -> bool:
        """Return whether the members have written to the store which timeline they are on."""
        rows = json.loads(self.ask('list', '-f', 'json'))
        return len(rows) == len(MEMBERS) and all(row.get('TL') == self.lab.member(row['Member']).get('timeline')
                                                 for row in rows)

    def test_no_quorum(self):
        self.lab.wait_until(self.written, 30, 'timelines in the store')
        self.freeze('etcd1')
        self.freeze('etcd3')
        shown = self.measure(TIMEOUT + TOLERANCE, 5, 'list')
        self.assertIn('UNVERIFIED, possibly old', shown)
        self.assertIn('| pg2 ', shown)
        # The leader steps down when retry_timeout is over, which began with the first server's stop: what it says then
        # is not what the store has. The replicas say what they said.
        self.assertRegex(shown, r'(\| pg. .* \| (member agrees|etcd3 says .*|not confirmed: .*) *\|\n){3}')
        self.assertGreaterEqual(shown.count(' | member agrees '), 2, shown)
        self.assertNotIn('| pg', self.measure(TIMEOUT + TOLERANCE, 5, 'list', '-f', 'tsv'))
        rows = self.measure(TIMEOUT + TOLERANCE, 5, 'list', '-f', 'tsv', '--unverified')
        self.assertRegex(rows, r'(.*\t(member agrees|etcd3 says .*|not confirmed: .*)\n){3}')
        self.measure(TIMEOUT + TOLERANCE, 5, 'reload', SCOPE, '--force')

    def test_no_etcd(self):
        """This node's Patroni is asked: at once, and when it and the others know that etcd is gone."""
        with open(self.lab.environment()['PATRONICTL_CONFIG_FILE']) as file:
            text = file.read() + f'name: pg1\nrestapi:\n  connect_address: {MEMBERS["pg1"]}:{REST_PORT}\n'
        self.lab.kill(*ETCD)
        self.addCleanup(lambda: [self.lab.start(name) for name in ETCD])
        with self.configuration(text) as config:
            self.shows(r'\| pg1 .*(member agrees|its own word) ', 5, '-c', config, 'list')
            self.lab.wait_until(lambda: all(self.lab.in_recovery(name) for name in MEMBERS), 60, 'no primary')
            shown = self.shows(r'\| pg1 .*\| Replica ', 5, '-c', config, 'list')
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
        self.shows(r'(?s)(: Patroni .*){2}', 3, 'version', SCOPE)
        shown = self.measure(TIMEOUT + TOLERANCE, 4, 'reload', SCOPE, '--force')
        self.assertIn('Unknown: reload for member pg2', shown)
        self.assertEqual(shown.count('for member pg2'), 1, shown)
