#!/usr/bin/python3
"""What the packages do in a clean root that has /packages/*.deb: test_installed.py ROOT NAME-VERSION"""
import os
import re
import subprocess
import sys
import unittest

import pexpect

ROOT, VERSION = sys.argv[1], sys.argv[2].rpartition('-')[2]
ENVIRONMENT = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': '/root', 'TERM': 'vt100', 'LC_ALL': 'C.UTF-8',
               'DEBIAN_FRONTEND': 'noninteractive', 'MANPAGER': 'cat'}
SHELLS = {'bash': (['bash', '--norc', '-i'],
                   "PS1='READY> '; bind 'set enable-bracketed-paste off'; . /usr/share/bash-completion/bash_completion"),
          'zsh': (['zsh', '-f', '-i'],
                  "PS1='READY> '; bindkey -e; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D"),
          'fish': (['fish', '--private'], 'function fish_prompt; echo "READY> "; end')}


def run(*argv: str) -> str:
    """Run a command in the root and return what it prints; it has to succeed."""
    done = subprocess.run(['chroot', ROOT, *argv], env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise AssertionError(f'{argv}: status {done.returncode}\n{done.stdout}')
    return done.stdout


def install(*packages: str) -> None:
    run('apt-get', 'install', '-y', '--reinstall', '--no-install-recommends', *packages)


def package(name: str) -> str:
    found = [file for file in os.listdir(f'{ROOT}/packages') if file.startswith(name + '_')]
    return '/packages/' + found[0]


def patroni(version: str) -> str:
    """Make a package that has the file that matters, and return its name in the root."""
    tree = f'{ROOT}/packages/patroni'
    for name, mode, text in (('DEBIAN/control', 0o644, f'Package: patroni\nVersion: {version}\nArchitecture: all\n'
                              'Maintainer: nobody <nobody@localhost>\nDescription: patronictl and no more\n'),
                             ('usr/bin/patronictl', 0o755, f'#!/bin/sh\necho Patroni {version}\n')):
        os.makedirs(os.path.dirname(f'{tree}/{name}'), exist_ok=True)
        with open(f'{tree}/{name}', 'w', encoding='ascii') as file:
            file.write(text)
        os.chmod(f'{tree}/{name}', mode)
    run('dpkg-deb', '--root-owner-group', '-b', '/packages/patroni', f'/packages/patroni-{version}.deb')
    return f'/packages/patroni-{version}.deb'


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        install(package('pgha'))

    def test_version(self) -> None:
        self.assertEqual(run('pgha', '--version'), f'pgha {VERSION}\n')

    def test_man(self) -> None:
        self.assertRegex(run('man', 'pgha'), r'NAME\n +pgha - control')
        self.assertIn('pgha', run('man', '-w', 'pgha'))

    def completes(self, shell: str, *lines: tuple[str, str]) -> None:
        argv, settings = SHELLS[shell]
        child = pexpect.spawn('chroot', [ROOT, *argv], env=ENVIRONMENT, encoding='utf-8', timeout=30, dimensions=(50, 160))
        self.addCleanup(child.close, True)
        child.sendline(settings + '; echo BE"GUN"')
        child.expect('BEGUN')
        for typed, rest in lines:
            child.expect('READY> ')
            child.send(typed + '\t')
            child.expect(re.escape(rest))
            child.send('\x01echo GOT \r')
            child.expect(r'\n(?:[^\n]*\x07)?[^\nG]*GOT ' + re.escape(typed + rest))

    def test_bash_completes(self) -> None:
        self.completes('bash', ('pgha switcho', 'ver'), ('pgha list --form', 'at'))

    def test_zsh_completes(self) -> None:
        self.completes('zsh', ('pgha switcho', 'ver'), ('pgha list --form', 'at'))

    def test_fish_completes(self) -> None:
        self.completes('fish', ('pgha switcho', 'ver'), ('pgha list --form', 'at'))

    def assert_patronictl(self, ours: bool, theirs: str | None) -> None:
        """Who answers to the name, and what Patroni's own program says, wherever it is."""
        diverted = '/usr/bin/patronictl.patroni'
        if ours:
            self.assertIn('Usage: patronictl [OPTIONS] COMMAND', run('patronictl', '--help'))
        elif theirs:
            self.assertEqual(run('patronictl'), f'Patroni {theirs}\n')
        else:
            self.assertFalse(os.path.lexists(f'{ROOT}/usr/bin/patronictl'))
        if ours and theirs:
            self.assertEqual(run(diverted), f'Patroni {theirs}\n')
        else:
            self.assertFalse(os.path.lexists(ROOT + diverted))
        self.assertEqual('patronictl' in run('dpkg-divert', '--list'), ours)

    def test_patronictl(self) -> None:
        first, second, ours = patroni('1'), patroni('2'), package('pgha-patronictl')
        install(first)
        self.assert_patronictl(False, '1')
        install(ours)
        self.assert_patronictl(True, '1')
        self.assertIn('pgha - control', run('man', 'patronictl'))
        for shell in SHELLS:
            self.completes(shell, ('patronictl switcho', 'ver'))
        install(second)
        self.assert_patronictl(True, '2')
        install(ours)  # over itself, as in an upgrade
        self.assert_patronictl(True, '2')
        run('dpkg', '--remove', 'pgha-patronictl')
        self.assert_patronictl(False, '2')
        install(ours)
        run('dpkg', '--remove', 'patroni')
        self.assert_patronictl(True, None)
        install(first)  # in the other order
        self.assert_patronictl(True, '1')
        run('dpkg', '--purge', 'patroni')
        run('dpkg', '--purge', 'pgha-patronictl', 'pgha')
        self.assert_patronictl(False, None)
        install(package('pgha'))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
