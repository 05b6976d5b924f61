"""What tests on a lab have in common."""
import contextlib
import json
import os
import tempfile
import unittest

from labkit import Lab


class LabTest(unittest.TestCase):
    """A test with a lab; on-lab provides both class attributes."""

    lab: Lab
    pgha: str

    def setUp(self) -> None:
        self.lab.wait_whole()

    @property
    def link(self) -> str:
        """The same program by the name of patronictl."""
        return os.path.join(os.path.dirname(self.pgha), 'patronictl')

    def ask(self, *args: str, client: str | None = None, timeout: float = 30) -> str:
        """Return what a client (pgha, unless told otherwise) prints; it has to succeed and to say nothing else."""
        done = self.lab.client(client or self.pgha, *args, timeout=timeout)
        self.assertEqual((done.returncode, done.stderr), (0, ''), f'{args}: {done.stdout}')
        return done.stdout

    def installed(self, *args: str) -> str:
        """Return what the distribution's patronictl prints."""
        client, *rest = self.lab.distributed('patronictl', *args)
        return self.ask(*rest, client=client)

    def same_moment(self, mine, theirs) -> tuple:
        """Return what two functions say of the same moment: the second says the same before and after the first."""
        for _ in range(20):
            before, found, after = theirs(), mine(), theirs()
            if before == after:
                return found, before
        self.fail('the cluster does not come to rest')

    def refuses(self, config: str, *args: str, within: float = 10) -> str:
        """Run pgha with a configuration that cannot work; return its complaint, which has to be one line."""
        done = self.lab.client(self.pgha, '-c', config, *(args or ['list']), timeout=within)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, '')
        self.assertRegex(done.stderr, r'\AError: [^\n]+\n\Z')
        return done.stderr

    @contextlib.contextmanager
    def configuration(self, text: str):
        """Have a configuration file with *text*."""
        with tempfile.NamedTemporaryFile('w', suffix='.yml') as file:
            file.write(text)
            file.flush()
            yield file.name

    def own_configuration(self, *changes: tuple[str, str]) -> str:
        """Return the text of the lab's own configuration with some changes, each of which has to apply."""
        with open(self.lab.config) as file:
            text = file.read()
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        return text


def json_rows(text: str) -> list[dict]:
    """Return the rows of a listing in JSON."""
    return json.loads(text)
