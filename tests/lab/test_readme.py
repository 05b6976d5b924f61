"""The commands in README.md and doc/tasks.md print what is shown there."""
import os
import re
import subprocess
import time

from labtest import LabTest

TREE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
ASKING = re.compile(r'pgha (list|topology|history)\b')  # the cluster may need a moment until they say it
PATIENCE = 60
RUNNING = 'running', 'streaming', 'in archive recovery'
VOLATILE = (
    (r'\b\d{19}\b', 'SYSTEM'),
    (r'\b20\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d+(\+00:00)?', 'NOW'),
    (r'\b[0-9A-F]+/[0-9A-F]+\b', 'LSN'),
    (r'"TL": \d+', '"TL": N'),
    (r'"(Receive|Replay) Lag": \d+', r'"\1 Lag": N'),
    (r'^\| +(\d+) \| +\d+ \|', r'| \1 | LSN |'),  # history
    (r'pgha version \S+', 'pgha version V'),
)
OLD = (  # what members tell is a matter of Patroni's version
    (r', "(Receive|Replay) (LSN|Lag)": [^,}]*', ''),
    (r'\bstreaming\b', 'running'),
)
SHOWN = 4, 1  # the Patroni of the screens


def examples(text: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a text in Markdown, and the lines that each prints."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r'^```\n(\$ pgha .*?)^```$', text, re.M | re.S):
        for line in block.splitlines():
            if line.startswith('$ '):
                found.append((line[2:], []))
            elif line.startswith('> ') and not found[-1][1]:
                found[-1] = (f'{found[-1][0]}\n{line[2:]}', [])
            else:
                found[-1][1].append(line)
    return [(command, lines[:-1] if lines and not lines[-1] else lines) for command, lines in found]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip('|').split('|')]


def member(line: str, old: bool) -> list[str]:
    """Return what a row says of a member, with LSN for where it is; nothing of that if *old*."""
    row = cells(line)
    if old:
        return row[:3] + [row[3].replace('streaming', 'running')]
    return row[:4] + [re.sub(r'^[0-9A-F]+/[0-9A-F]+$', 'LSN', cell) for cell in (row[5], row[7])]


def masked(lines: list[str], old: bool) -> list:
    """Take out of an output what is another thing each time, and the width of columns with it.

    With *old*, what only the Patroni of the screens tells as well.
    """
    rows = []
    if any(line.startswith('+++') for line in lines):  # a change in a configuration whose rest is the lab's
        lines = [line for line in lines if not line.startswith((' ', '@@'))]
    for line in lines:
        if line.startswith('+'):
            line = re.sub(r'-+', '-', line.replace('+', '-'))
        elif line.startswith('|') and 'Host' not in line and '127.0.2.' in line:
            rows.append(member(line, old))
            continue
        for pattern, word in (*(OLD if old else ()), *VOLATILE):
            line = re.sub(pattern, word, line)
        rows.append(re.sub(r' +', ' ', line).strip())
    return rows


def same_member(left: list[str], right: list[str], synchronous: bool, settled: bool) -> bool:
    """Whether two rows say the same of a member, except for a state that passes unless it has to be *settled*."""
    if left[:2] != right[:2] or left[2] != right[2] and not synchronous:
        return False
    if left[3] == right[3]:
        return left[4:] == right[4:] or left[3] not in RUNNING
    return not settled and (left[3] not in RUNNING or right[3] in RUNNING)


def alike(shown: list, printed: list, settled: bool) -> bool:
    """Whether two masked outputs are the same, except for who is synchronous, and states that pass."""
    if len(shown) != len(printed):
        return False
    synchronous = any(isinstance(row, list) and row[2] == 'Sync Standby' for row in shown)
    if synchronous:
        roles = [sorted(row[2] for row in rows if isinstance(row, list)) for rows in (shown, printed)]
        if roles[0] != roles[1]:
            return False
    for left, right in zip(shown, printed):
        if isinstance(left, list) and isinstance(right, list):
            if not same_member(left, right, synchronous, settled):
                return False
        elif left != right:
            return False
    return True


class Readme(LabTest):
    maxDiff = None

    def setUp(self) -> None:
        super().setUp()
        version = self.lab.member('pg1')['patroni']['version']
        self.old = tuple(int(part) for part in version.split('.')[:2]) < SHOWN
        if self.lab.primary() != 'pg1':
            self.ask('switchover', 'pg-cluster', '--candidate', 'pg1', '--force')
        self.addCleanup(self.restore)

    def restore(self) -> None:
        self.lab.client(self.pgha, 'resume')
        self.lab.client(self.pgha, 'edit-config', '-s', 'synchronous_mode=null', '-p', 'work_mem=null', '--force')
        self.lab.wait_whole()

    def printed(self, command: str) -> list[str]:
        environment = {**os.environ, **self.lab.environment(), 'LC_ALL': 'C.UTF-8'}
        environment['PATH'] = os.path.dirname(self.pgha) + ':' + environment['PATH']
        done = subprocess.run(['bash', '-c', command], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
        return done.stdout.splitlines()

    def check(self, name: str, least: int) -> None:
        with open(os.path.join(TREE, name), encoding='utf-8') as file:
            commands = examples(file.read())
        self.assertGreaterEqual(len(commands), least)
        for command, lines in commands:
            self.lab.wait_whole()
            asking = bool(ASKING.match(command))
            deadline = time.monotonic() + (PATIENCE if asking else 0)
            shown, printed = masked(lines, self.old), masked(self.printed(command), self.old)
            while not alike(shown, printed, asking) and time.monotonic() < deadline:
                time.sleep(0.5)
                printed = masked(self.printed(command), self.old)
            if not alike(shown, printed, asking):
                self.assertEqual(shown, printed, command)
                self.fail(command)

    def test_as_shown(self) -> None:
        self.check('doc/tasks.md', 15)  # first: it shows the history of a new cluster
        self.check('README.md', 5)
