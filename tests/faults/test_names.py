#!/usr/bin/env python3
"""Names of hosts that nobody resolves, and databases that do not answer. test_names.py PGHA LIBRARY"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

LIBRARY = os.path.abspath(sys.argv.pop(2)) if len(sys.argv) > 2 else None

from faultkit import TIMEOUT, TOLERANCE, FaultCase, Server, Silent, etcd3, finish, waited_for_processor  # noqa: E402

NAME = 'nobody.example'


class Names(FaultCase):
    """The look-up hangs: it is bounded like everything else, and no reason to miss a Ctrl-C."""

    def environment(self, **more):
        return super().environment(LD_PRELOAD=LIBRARY, **more)

    def cluster(self, host='127.0.0.1:1', api=f'{NAME}:8008'):
        keys = {'/service/batman/initialize': '1', '/service/batman/leader': 'pg1',
                '/service/batman/config': '{"ttl":30}', '/service/batman/members/pg1': json.dumps({
                    'conn_url': f'postgres://{host}/postgres', 'api_url': f'http://{api}/patroni', 'state': 'running',
                    'role': 'primary', 'version': '4.1.5', 'timeline': 1, 'xlog_location': 1})}
        return self.config(self.with_end(Server(lambda request: etcd3(request, keys))).place)

    COMMANDS = (['query', 'batman', '-c', 'select 1'], ['version', 'batman'], ['reload', 'batman', '--force'],
                ['restart', 'batman', '--force'])

    def test_bounded(self):
        config = self.cluster(host=f'{NAME}:5432')
        for words in self.COMMANDS:
            self.within(TIMEOUT, self.run_program(config, *words), 5, what=words[0])
        for section in 'etcd3', 'etcd':
            config = self.config(f'{NAME}:2379', section=section)
            self.within(TIMEOUT, self.run_program(config, 'list'), 5, 'is not reachable', what=section)
        config = self.config(f'{NAME}:2379', self.server().place)
        self.within(0.4, self.run_program(config, 'list', timeout=5), 0, '| pg1 ', what='another one')

    def test_interrupted(self):
        """In a tenth of a second, whatever was being looked up."""
        for config, words in (*((self.cluster(host=f'{NAME}:5432'), words) for words in self.COMMANDS),
                              (self.config(f'{NAME}:2379'), ['list'])):
            with tempfile.TemporaryFile('w+') as err:
                process = subprocess.Popen(self.words(config, words, timeout=10), stdin=subprocess.DEVNULL, stderr=err,
                                           stdout=subprocess.DEVNULL, env=self.environment())
                time.sleep(0.5)
                before, start = waited_for_processor(process.pid), time.monotonic()
                process.send_signal(signal.SIGINT)
                status, seconds, waited = finish(process, start)
                seconds -= waited - before
                err.seek(0)
                print(f'{self.id().split(".", 1)[1]} {words[0]}: {seconds:.3f} s, bound 0.100 s', flush=True)
                self.assertEqual((status, err.read()), (1, '\nAborted!\n'), words)
                self.assertLessEqual(seconds, 0.1 + TOLERANCE)

    def test_silent_database(self):
        config = self.cluster(host=self.with_end(Silent()).place)
        self.within(TIMEOUT, self.run_program(config, *self.COMMANDS[0]), 5, 'timeout expired')


if __name__ == '__main__':
    unittest.main()
