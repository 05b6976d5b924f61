"""What people do at a terminal, with the configuration and the commands that a tutorial prints."""
import os
import stat
import tempfile

from acting import ActingTest, table
from labkit.layout import MEMBERS, SCOPE
from test_tutorial import TUTORIAL


class Tutorial(ActingTest):
    """As printed there, with pgha for patronictl: the tutorial's configuration where etcd speaks its API."""

    @property
    def options(self) -> list[str]:
        return ['-c', TUTORIAL] if self.lab.api == 'etcd' and not self.lab.secure else []

    def test_reload(self):
        line = '    wal_keep_size: 64MB\n'
        self.member_file('pg1', line, line + '    work_mem: 6MB\n')
        try:
            terminal = self.terminal(*self.options, 'reload', 'pg1')
            terminal.expect('Are you sure you want to reload members pg1? [y/N]: ')
            terminal.type('y\n')
            self.assertEqual(terminal.end(), 0, terminal.text)
            self.assertIn('There is no cluster pg1; taking it for a member of cluster pg-cluster', terminal.text)
            self.wait(lambda: self.show('pg1', 'work_mem') == '6MB', 'the new setting')
        finally:
            self.member_file('pg1', line + '    work_mem: 6MB\n', line)
            self.act('reload', SCOPE, 'pg1', '--force')

    def test_failover(self):
        old, (_, new) = self.roles()
        terminal = self.terminal(*self.options, 'failover')
        terminal.expect('Candidate ')
        terminal.expect(' []: ')
        terminal.type(new + '\n')
        terminal.expect(f'Are you sure you want to failover cluster {SCOPE}, demoting current leader {old}? [y/N]: ')
        terminal.type('y\n')
        self.assertEqual(terminal.end(), 0, terminal.text)
        self.assertIn(f'Successfully failed over to "{new}"', terminal.text)
        self.wait_primary(new)

    def test_failover_refused(self):
        old, (_, new) = self.roles()
        for answers in (f'{new}\n', 'n\n'), (f'{new}\n', '\x03'), ('\x03', ), (f'{new}\n', '\x04'), ('\n', ):
            terminal = self.terminal(*self.options, 'failover')
            terminal.expect('Candidate ')
            for answer in answers:
                terminal.expect(']: ')
                terminal.type(answer)
            self.assertEqual(terminal.end(), 1, terminal.text)
        self.assertFalse(self.value('failover'))
        self.assertEqual(self.roles()[0], old)

    def test_synchronous_mode(self):
        with self.editor('sed -i "s/^synchronous_mode:.*//" "$1"; echo "synchronous_mode: true" >> "$1"') as editor:
            terminal = self.terminal(*self.options, 'edit-config', EDITOR=editor)
            terminal.expect('+synchronous_mode: true')
            terminal.expect('Apply these changes? [y/N]: ')
            terminal.type('y\n')
            self.assertEqual(terminal.end(), 0, terminal.text)
        try:
            primary, replicas = self.roles()
            self.wait(lambda: 'sync' in self.synchronous(primary), 'a synchronous standby')
            standby = self.wait(lambda: self.value('sync').get('sync_standby'), 'the standby')
            rows = {row[0]: row for row in table(self.act(*self.options, 'list').stdout)}
            self.assertEqual({name: row[2] for name, row in rows.items()},
                             {name: 'Leader' if name == primary else 'Sync Standby' if name == standby else 'Replica'
                              for name in MEMBERS})
            # The other one is not ready for it, so the user is asked once more.
            other = next(name for name in replicas if name != standby)
            terminal = self.terminal(*self.options, 'failover', '--candidate', other)
            terminal.expect(f'Are you sure you want to failover to the asynchronous node {other}? [y/N]: ')
            terminal.type('n\n')
            self.assertEqual(terminal.end(), 1)
            self.act('switchover', '--candidate', standby, '--force')
            self.wait_primary(standby)
        finally:
            self.act('edit-config', '--force', '-s', 'synchronous_mode=null')
            self.wait(lambda: not self.value('sync').get('sync_standby'), 'the end of synchronous mode')

    def synchronous(self, primary: str) -> str:
        """Return what PostgreSQL says of its standbys."""
        return self.lab.psql(primary, "SELECT string_agg(sync_state, ',') FROM pg_stat_replication WHERE sync_state = 'sync'")

    # the editor

    def editor(self, script: str):
        """Have an editor: a shell script that gets the file as $1."""
        return Editor(script)

    def left(self, directory: str) -> list[str]:
        return [name for name in os.listdir(directory) if name.startswith(SCOPE)]

    def test_editor_interrupted(self):
        before = self.lab.key('config')
        with tempfile.TemporaryDirectory() as place, self.editor('echo "ttl: 99" > "$1"; echo ready; exec sleep 60') as editor:
            terminal = self.terminal('edit-config', EDITOR=editor, TMPDIR=place)
            terminal.expect('ready')
            (name,) = self.left(place)
            self.assertEqual(stat.S_IMODE(os.stat(os.path.join(place, name)).st_mode), 0o600)
            terminal.type('\x03')
            self.assertEqual(terminal.end(5), 1, terminal.text)
            self.assertIn('Aborted!', terminal.text)
            self.assertEqual(self.left(place), [])
        self.assertEqual(self.lab.key('config'), before)

    def test_editor_question_interrupted(self):
        before = self.lab.key('config')
        with tempfile.TemporaryDirectory() as place, self.editor('echo "ttl: 99" > "$1"') as editor:
            terminal = self.terminal('edit-config', EDITOR=editor, TMPDIR=place)
            terminal.expect('Apply these changes?')
            terminal.type('\x03')
            self.assertEqual(terminal.end(5), 1, terminal.text)
            self.assertEqual(self.left(place), [])
        self.assertEqual(self.lab.key('config'), before)

    def test_what_was_typed_is_kept(self):
        before = self.lab.key('config')
        with tempfile.TemporaryDirectory() as place, self.editor('echo "ttl: [11" >> "$1"') as editor:
            terminal = self.terminal('edit-config', EDITOR=editor, TMPDIR=place)
            terminal.expect('Edit again? [y/N]: ')
            terminal.type('y\n')
            terminal.expect('Edit again? [y/N]: ')
            terminal.type('n\n')
            self.assertEqual(terminal.end(5), 1, terminal.text)
            (name,) = self.left(place)
            path = os.path.join(place, name)
            self.assertIn(f'kept in {path}', terminal.text)
            with open(path) as file:
                self.assertEqual(file.read().count('ttl: [11\n'), 2)
        self.assertEqual(self.lab.key('config'), before)

    def test_lost_race(self):
        with tempfile.TemporaryDirectory() as place, self.editor('echo "notes: mine" >> "$1"') as editor:
            terminal = self.terminal('edit-config', EDITOR=editor, TMPDIR=place)
            terminal.expect('Apply these changes?')
            self.configure(notes='theirs')
            terminal.type('y\n')
            self.assertEqual(terminal.end(), 1, terminal.text)
            self.assertIn('concurrent changes', terminal.text)
            (name,) = self.left(place)
            with open(os.path.join(place, name)) as file:
                self.assertIn('notes: mine\n', file.read())
        self.assertEqual(self.value('config')['notes'], 'theirs')
        self.configure(notes=None)


class Editor:
    """A shell script in a file, which is its value in a "with" statement."""

    def __init__(self, script: str) -> None:
        self._script = script

    def __enter__(self) -> str:
        with tempfile.NamedTemporaryFile('w', suffix='.sh', delete=False) as file:
            file.write('#!/bin/sh\n' + self._script + '\n')
        self.path = file.name
        os.chmod(self.path, 0o700)
        return self.path

    def __exit__(self, *_) -> None:
        os.unlink(self.path)
