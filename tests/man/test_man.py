#!/usr/bin/env python3
"""The manual: it renders without a warning, and says what --help says. test_man.py PGHA PAGE SOURCES"""
import html.parser
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

PGHA, PAGE, SOURCES = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])


def output(*argv, **options) -> str:
    environment = {**os.environ, 'LC_ALL': 'C.UTF-8', 'COLUMNS': '80'}
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=environment, check=False, **options)
    return done.stdout if done.returncode == 0 else f'{done.stdout}[status {done.returncode}]'


def squeeze(text: str) -> str:
    return ' '.join(text.split())


class Page(html.parser.HTMLParser):
    """What mandoc makes of the page: headings, and below each its text and its list of terms."""

    def __init__(self, text: str):
        super().__init__()
        self.parts = {}     # (heading, heading below it) → [text, [[term, text]]]
        self.heading = ['', '']
        self.open = ''
        self.feed(text)

    def part(self) -> list:
        return self.parts.setdefault(tuple(map(squeeze, self.heading)), ['', []])

    def handle_starttag(self, tag, attrs):
        if tag == 'h1':
            self.heading = ['', '']
        elif tag == 'h2':
            self.heading[1] = ''
        elif tag == 'dt':
            self.part()[1].append(['', ''])
        elif tag in ('p', 'br', 'div', 'dl', 'pre', 'td', 'tr'):
            self.handle_data(' ')
        if tag in ('h1', 'h2', 'dt', 'dd'):
            self.open = tag

    def handle_endtag(self, tag):
        if tag in ('h1', 'h2', 'dd', 'dt'):
            self.open = ''

    def handle_data(self, data):
        if self.open in ('h1', 'h2'):
            self.heading[self.open == 'h2'] += data
        elif self.open in ('dt', 'dd'):
            self.part()[1][-1][self.open == 'dd'] += data
        else:
            self.part()[0] += data


def options_of(help_text: str) -> dict:
    """The options that a --help shows, with what it says of each."""
    found, term = {}, ''
    for line in help_text.split('\nOptions:\n')[1].split('\n\n')[0].splitlines():
        named = re.match(r'  (-\S.*?)(?:  +(\S.*))?$', line)
        if named:
            term = named[1]
        found[term] = f'{found.get(term, "")} {(named[2] if named else line) or ""}'
    return {term: squeeze(text) for term, text in found.items()}


class Manual(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.page = Page(output('mandoc', '-T', 'html', '-O', 'fragment', str(PAGE)))
        cls.help = output(PGHA, '--help')
        groups = cls.help.split('\n\n')[2:]
        groups = groups[:next(at for at, group in enumerate(groups) if group.startswith('Options:'))]
        cls.groups = {group.split(':\n')[0]: re.findall(r'^  (\S+)', group, re.MULTILINE) for group in groups}
        cls.commands = sum(cls.groups.values(), [])
        cls.of_command = {below: part for (above, below), part in cls.page.parts.items() if above == 'COMMANDS' and below}

    def test_mandoc_has_nothing_to_say(self):
        self.assertEqual(output('mandoc', '-T', 'lint', '-W', 'all', str(PAGE)), '')

    def test_groff_has_nothing_to_say(self):
        for device in ('utf8', 'ps'):
            self.assertEqual(output('groff', '-t', '-man', '-ww', '-z', f'-T{device}', str(PAGE)), '')

    def test_man_shows_it_without_warnings(self):
        done = subprocess.run(['man', '--warnings', '-l', str(PAGE)], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, env={**os.environ, 'LC_ALL': 'C.UTF-8', 'MANWIDTH': '80'}, check=True)
        self.assertEqual(done.stderr, '')
        self.assertIn('DIFFERENCES FROM PATRONICTL', done.stdout)

    def test_no_placeholder_is_left(self):
        self.assertEqual(re.findall(r'@\w+@|`|^= ', PAGE.read_text(), re.MULTILINE), [])

    def assert_options(self, help_text: str, part: list):
        wanted = options_of(help_text)
        shown = {squeeze(term): squeeze(text) for term, text in part[1] if term.startswith('-')}
        self.assertEqual(sorted(wanted), sorted({*shown, '--help'}))
        for term, text in shown.items():
            self.assertTrue(text.startswith(wanted[term]), f'{term}: {text!r}, and --help says {wanted[term]!r}')

    def test_global_options_are_those_of_help(self):
        self.assert_options(self.help, self.page.parts['OPTIONS', ''])

    def test_commands_are_those_of_help(self):
        self.assertEqual(self.commands, list(self.of_command))
        self.assertGreater(len(self.commands), 15)

    def test_groups_are_those_of_help(self):
        terms = {squeeze(term): squeeze(text).split(', ') for term, text in self.page.parts['COMMANDS', ''][1]}
        self.assertEqual({title: names for title, names in terms.items() if title in self.groups}, self.groups)
        self.assertGreater(len(self.groups), 4)

    def test_what_a_command_has_is_what_its_help_says(self):
        for command in self.commands:
            with self.subTest(command):
                help_text, part = output(PGHA, command, '--help'), self.of_command[command]
                usage, about = map(squeeze, help_text.split('\n\n')[:2])
                self.assertIn(f'{usage[len("Usage: "):]} {about}', squeeze(part[0]))
                self.assert_options(help_text, part)

    def test_every_command_is_explained(self):
        explained = set(re.findall(r'^= (.*)', (SOURCES / 'man' / 'commands.in').read_text(), re.MULTILINE))
        self.assertEqual(set(self.commands) - explained, set())
        self.assertLessEqual(explained - set(self.commands), {'shell'}, 'a build may lack the shell, and nothing else')

    def test_every_variable_is_there(self):
        text = squeeze(self.page.parts['ENVIRONMENT', ''][0] + str(self.page.parts['ENVIRONMENT', ''][1]))
        sources = '\n'.join(path.read_text() for path in (SOURCES / 'src').rglob('*.c'))
        read = {name for pattern in (r'getenv\("(\w+)"\)', r'\.envvar = "(\w+)"', r'env_find\([^"]*"(\w+)"\)')
                for name in re.findall(pattern, sources)}
        self.assertGreater(len(read), 10)
        self.assertEqual([name for name in sorted(read) if not re.search(rf'\b{name}\b', text)], [])

    def test_every_status_is_there(self):
        self.assertEqual(re.findall(r'\b([0-9]) +[A-Z]', squeeze(self.page.parts['EXIT STATUS', ''][0])), list('012345'))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
