#!/usr/bin/env python3
"""Every system call between main() and the end fails once: test_calls.py PGHA

strace makes them fail. A run without failures says which calls there are; then each of them fails alone, with the
errors that it has in real life. After each failure the program has given its whole output, or it ends with a status
other than 0 and a line that says why.
"""
import collections
import concurrent.futures
import os
import re
import subprocess
import sys
import time

import worlds

MOST_SECONDS = 15

# What goes wrong with which call. A call that is interrupted is not a failure for the user.
ERRORS = {
    'openat': ['EMFILE', 'EACCES'],
    'read': ['EIO', 'EINTR'],
    'getdents64': ['EIO'],
    'write': ['ENOSPC', 'EINTR'],
    'socket': ['EMFILE'],
    'connect': ['ECONNREFUSED', 'ENETUNREACH'],
    'sendto': ['ECONNRESET', 'EINTR'],
    'recvfrom': ['ECONNRESET', 'EINTR'],
    'poll': ['ENOMEM', 'EINTR'],
    'ppoll': ['ENOMEM', 'EINTR'],
    'brk': [0],  # what the kernel says in place of an error
    'mmap': ['ENOMEM'],
    'pipe2': ['EMFILE'],
    'socketpair': ['EMFILE'],
    'eventfd2': ['EMFILE'],
    'clone3': ['EAGAIN'],
    'clone': ['EAGAIN'],
    'getrandom': ['EAGAIN'],
    'newfstatat': ['EIO'],
    'fstat': ['EIO'],
    'ioctl': ['ENOTTY'],
    'lseek': ['ESPIPE'],
    'setsockopt': ['EINVAL'],
    'getsockopt': ['EINVAL'],
    'getsockname': ['ENOBUFS'],
    'getpeername': ['ENOTCONN'],
    'fcntl': ['EINVAL'],
    'close': ['EIO'],
    'rt_sigaction': ['EINVAL'],
}
# Nothing to fail: the end itself, and giving memory back.
SPARED = {'exit_group', 'exit', 'munmap', 'rt_sigreturn', 'madvise', 'futex', 'rt_sigprocmask'}


class Strace:
    def __init__(self, world, program, name):
        self._world, self._argv, self._name = world, [program, *world.words(name)], name

    def run(self, *options):
        """Returns exit status (or -signal) and both streams; what strace writes is in self.trace."""
        path = os.path.join(self._world.directory, self._name + '.trace')
        argv = ['strace', '-f', '-o', path, *options, *self._argv]
        try:
            done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors='replace',
                                  cwd=self._world.directory, env=self._world.environment, timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            return -14, '', ''
        with open(path, errors='replace') as file:
            self.trace = file.read()
        return done.returncode, done.stdout, done.stderr


def calls(trace):
    """Yields name and number (among those of its name) of each call that main() makes."""
    numbers, inside = collections.Counter(), False
    for line in trace.splitlines():
        found = re.match(r'\d+ +(\w+)\((.*)', line)
        if not found:
            continue
        name = found[1]
        numbers[name] += 1
        inside = inside or name == 'pipe2'  # signals_install()
        if inside and name not in SPARED:
            yield name, numbers[name], found[2]


def check(world, program, name):
    """Returns the number of runs and what was wrong."""
    strace = Strace(world, program, name)
    good = strace.run()
    if good[0] != worlds.RUNS[name][1]:
        raise RuntimeError(f'{name}: exit {good[0]} without any failure: {good[2]}')
    runs, wrong = 0, []
    for call, number, rest in list(calls(strace.trace)):
        for error in ERRORS.get(call, ['EINVAL']):
            failure = f'error={error}' if error else 'retval=0'
            status, out, err = strace.run('-e', f'trace={call}', '-e', f'inject={call}:{failure}:when={number}')
            runs += 1
            problem = worlds.judge(status, out, err, good)
            if status == -14:
                problem = 'has not ended in time'
            if call == 'write' and rest.startswith('2,') and err in good[2]:
                problem = None  # no place is left to say it
            if problem:
                wrong.append(f'{call} {number} ({rest[:50]}): {error}: {problem}: exit {status}, {err[:300]!r}')
            elif os.environ.get('INJECT_VERBOSE'):
                print(name, call, number, rest[:40], error, status, err, flush=True)
    return runs, wrong


def main():
    program, *names = sys.argv[1:]
    program = os.path.abspath(program)
    world = worlds.World()
    failed = False
    began = time.monotonic()
    try:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            names = names or list(worlds.RUNS)
            for name, (runs, wrong) in zip(names, pool.map(lambda name: check(world, program, name), names)):
                print(f'{name}: {runs} runs, {len(wrong)} of them wrong ({time.monotonic() - began:.1f} s)', flush=True)
                for line in wrong[:20]:
                    print('  ' + line)
                failed |= bool(wrong)
    finally:
        world.stop()
    sys.exit(failed)


if __name__ == '__main__':
    main()
