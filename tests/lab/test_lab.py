#!/usr/bin/python3
"""The lab itself: it takes turns with others, says what is in its way, and leaves nothing behind, however it ends."""
import os
import pwd
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from labkit.keeper import only_one
from labkit.lab import COMMAND, Lab
from labkit.layout import ETCD, ETCD_PORT, NODES
from labkit.process import find, own_network, wait_until


class Lifecycle(unittest.TestCase):
    def setUp(self) -> None:
        self.parent = tempfile.TemporaryDirectory()
        self.addCleanup(self.parent.cleanup)
        os.chmod(self.parent.name, 0o755)
        self.path = os.path.join(self.parent.name, 'lab')

    def lab(self, *args: str, user: str | None = None, more: dict | None = None, **options) -> subprocess.Popen:
        who = {'user': user, 'group': pwd.getpwnam(user).pw_gid, 'extra_groups': []} if user else {}
        return subprocess.Popen([sys.executable, COMMAND, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, env=os.environ | {'PGHA_LAB_DIR': self.path} | (more or {}),
                                **who, **options)

    def done(self, *args: str, **options) -> str:
        with self.lab(*args, **options) as process:
            output = process.communicate(timeout=900)[0]
        self.assertEqual(process.returncode, 0, output)
        return output

    def processes(self) -> list[int]:
        return [pid for name in NODES for pid in find(os.path.join(self.path, name))]

    def assert_nothing_left(self) -> None:
        wait_until(lambda: not self.processes() and not os.path.exists(self.path), 30, 'end of the lab')

    def test_up_and_down(self):
        self.done('up')
        self.addCleanup(self.done, 'down')
        lab = Lab.attach(self.path)
        self.assertTrue(lab.whole())
        self.assertGreaterEqual(len(self.processes()), 9)
        if os.getuid() == 0:
            self.assertEqual({os.stat(f'/proc/{pid}').st_uid for pid in self.processes()}, {pwd.getpwnam('nobody').pw_uid})

        with self.lab('run', '--wait', '0') as second:
            self.assertIn('another lab is still up', second.communicate(timeout=60)[0])
        self.assertEqual(second.returncode, 1)

        lab.freeze('pg2')
        lab.freeze('etcd2')
        self.done('down')
        self.assert_nothing_left()

    def test_whoever_started_it_is_killed(self):
        code = 'import time\nfrom labkit import Lab\nwith Lab.running():\n    print("up", flush=True)\n    time.sleep(600)\n'
        with subprocess.Popen([sys.executable, '-c', code], cwd=os.path.dirname(COMMAND), stdout=subprocess.PIPE, text=True,
                              env=os.environ | {'PGHA_LAB_DIR': self.path}) as user:
            self.assertEqual(user.stdout.readline(), 'up\n')
            self.path = f'{self.path}-{user.pid}'
            self.assertTrue(self.processes())
            user.kill()
        self.assert_nothing_left()

    def test_keeper_is_killed(self):
        self.done('up')
        self.addCleanup(self.done, 'down')
        with open(os.path.join(self.path, 'keeper.pid')) as file:
            os.kill(int(file.read()), signal.SIGKILL)
        self.assertTrue(self.processes())
        self.done('down')
        self.assert_nothing_left()

    def test_interrupted(self):
        with self.lab('up') as process:
            wait_until(self.processes, 900, 'the first servers')
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
        self.assertNotEqual(process.returncode, 0)
        self.assert_nothing_left()

    def test_address_in_use(self):
        with only_one(900):  # no other lab has it
            server = socket.create_server((ETCD['etcd3'], ETCD_PORT))
        with server, self.lab('run') as process:
            self.assertIn(f'{ETCD["etcd3"]}:{ETCD_PORT}', process.communicate(timeout=900)[0])
        self.assertEqual(process.returncode, 1)
        self.assert_nothing_left()

    def test_unreachable_suite(self):
        """The message names the suite, and nothing half made stays."""
        if os.getuid():
            return  # roots are for root
        cache = {'XDG_CACHE_HOME': self.parent.name}
        for archive, words in (('http://127.0.0.1:9/debian', 'suite "trixie" cannot be reached at http://127.0.0.1:9/debian'),
                               ('file:/nowhere', 'suite "trixie" cannot be reached at file:/nowhere')):
            with self.lab('up', '--release', 'trixie', more=cache | {'PGHA_DEBIAN_ARCHIVE': archive}) as process:
                self.assertIn(words, process.communicate(timeout=900)[0])
            self.assertEqual(process.returncode, 1)
            self.assertEqual(os.listdir(os.path.join(self.parent.name, 'pgha-lab')), ['trixie.lock'])

    def test_as_somebody_else(self):
        if os.getuid():
            return  # then the other tests are just that
        entry = pwd.getpwnam('daemon')
        os.chown(self.parent.name, entry.pw_uid, entry.pw_gid)
        self.done('up', '--secure', user='daemon')
        self.addCleanup(self.done, 'down', user='daemon')
        self.assertEqual({os.stat(f'/proc/{pid}').st_uid for pid in self.processes()}, {entry.pw_uid})
        self.done('down', user='daemon')
        self.assert_nothing_left()


if __name__ == '__main__':
    own_network()
    unittest.main(verbosity=2)
