#!/usr/bin/env python3
"""The rules of tests/lint/lint find what they are there for, and nothing else."""
import os
import subprocess
import sys
import tempfile
import unittest

LINT = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lint')


class Rules(unittest.TestCase):
    def offences(self, rule: str, files: dict[str, str]) -> list[str]:
        with tempfile.TemporaryDirectory() as tree:
            for name, text in files.items():
                os.makedirs(os.path.dirname(os.path.join(tree, name)), exist_ok=True)
                with open(os.path.join(tree, name), 'w') as file:
                    file.write(text)
            if rule == 'paths':
                subprocess.run(['git', 'init', '-q', tree], check=True)
                subprocess.run(['git', '-C', tree, 'add', '.'], check=True)
            done = subprocess.run([sys.executable, LINT, rule, tree], capture_output=True, text=True)
            self.assertEqual(done.stderr, '')
            self.assertEqual(done.returncode, int(bool(done.stdout.strip())))
            return done.stdout.split('\n') if done.stdout.strip() else []

    def test_layers_accepts_what_points_left(self):
        self.assertEqual(self.offences('layers', {
            'src/base/str.c': '#include "pgha/str.h"\n', 'include/pgha/str.h': '#include <stdio.h>\n',
            'src/view/rows.c': '#include "pgha/str.h"\n#include "rows.h"\n', 'src/view/rows.h': ''}), [])

    def test_layers_finds_what_points_right(self):
        found = self.offences('layers', {'src/base/str.c': '#include "pgha/rows.h"\n', 'src/view/rows.c': '',
                                         'include/pgha/rows.h': ''})
        self.assertIn("src/base/str.c: rows.h of ['view'] is not left of base", found)

    def test_layers_finds_siblings(self):
        self.assertTrue(self.offences('layers', {'src/net/http.c': '#include "pgha/table.h"\n', 'src/format/table.c': ''}))

    def test_layers_finds_public_headers_that_point_right(self):
        self.assertTrue(self.offences('layers', {'include/pgha/str.h': '#include "pgha/rows.h"\n', 'src/base/str.c': '',
                                                 'src/view/rows.c': ''}))

    def test_layers_finds_private_headers_of_others(self):
        self.assertTrue(self.offences('layers', {'src/cmd/a.c': '#include "view/rows.h"\n', 'src/view/rows.h': ''}))
        self.assertTrue(self.offences('layers', {'src/cmd/a.c': '#include "../view/rows.h"\n', 'src/view/rows.h': ''}))

    def test_layers_finds_headers_of_nobody(self):
        self.assertTrue(self.offences('layers', {'include/pgha/lost.h': ''}))

    def test_banned(self):
        self.assertEqual(self.offences('banned', {'src/a.c': '/* strcpy(a, b) */ x = "atoi(1)"; my_strcpy(a); s.exit();\n',
                                                  'src/main.c': 'exit(1);\n'}), [])
        self.assertIn('src/cmd/a.c:2: strcpy', self.offences('banned', {'src/cmd/a.c': '\nstrcpy(a, b);\n'}))
        self.assertIn('src/cmd/a.c:1: exit', self.offences('banned', {'src/cmd/a.c': 'exit(1);\n'}))

    def test_differences(self):
        self.assertEqual(self.offences('differences', {
            'src/new/a.c': '/* as_patronictl */ differs(ctx, DIFF_A);\n', 'src/base/differs.c': 'x.as_patronictl;\n',
            'include/pgha/difference_rows.h': 'ROW(DIFF_A, "", "", "")\n', 'tests/a.c': '/* Holds DIFF_A. */'}), [])
        self.assertIn('src/new/a.c:2: ask for a row of the table of differences', self.offences('differences', {
            'src/new/a.c': '\nif (ctx->as_patronictl)\n', 'include/pgha/difference_rows.h': ''}))

    def test_differences_nobody_needs(self):
        self.assertEqual(self.offences('differences', {'include/pgha/difference_rows.h': 'ROW(DIFF_A, "", "", "")\n'})[:2], [
            'include/pgha/difference_rows.h: no code asks for DIFF_A',
            'include/pgha/difference_rows.h: no case and no test holds DIFF_A'])

    def test_paths(self):
        self.assertEqual(self.offences('paths', {'a': 'network/work/x and ~/root/\n'}), [])
        self.assertTrue(self.offences('paths', {'a': 'see /' + 'work/main\n'}))

    def test_tests(self):
        self.assertEqual(self.offences('tests', {'src/net/a.c': '', 'tests/unit/net/test_a.c': '', 'src/cmd/b.c': '',
                                                 'src/main.c': ''}), [])
        self.assertEqual(self.offences('tests', {'src/net/a.c': ''}), ['src/net/a.c: no tests/unit/net/test_a.c', ''])


if __name__ == '__main__':
    unittest.main()
