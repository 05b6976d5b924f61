#!/usr/bin/env python3
"""Every allocation between main() and the end fails once: test_memory.py PGHA INJECT.SO [RUN...]

After each failure the program has given its whole output, or says in one line that it has not and ends with a status
other than 0. Each tenth allocation fails together with all that come after it, too.
"""
import concurrent.futures
import os
import signal
import subprocess
import sys
import time

import worlds


class Forker:
    """The program, loaded once, to be run from main() on as often as wanted; see inject.c."""

    def __init__(self, world, program, library, words, name):
        self._files = [open(os.path.join(world.directory, f'{name}.{stream}'), 'w+b', buffering=0)
                       for stream in ('out', 'err')]
        streams = [open(file.name, 'ab', buffering=0) for file in self._files]
        commands, self._commands = os.pipe()
        results, end = os.pipe()
        self._results = os.fdopen(results)
        self._process = subprocess.Popen(
            [program, *words], stdin=subprocess.DEVNULL, stdout=streams[0], stderr=streams[1], cwd=world.directory,
            pass_fds=[commands, end],
            env={**world.environment, **({'INJECT_SPARE': '1'} if name != 'list' else {}), 'LD_PRELOAD': library, 'INJECT_COMMANDS': str(commands),
                 'INJECT_RESULTS': str(end)})
        for descriptor in (commands, end, *streams):
            os.close(descriptor) if isinstance(descriptor, int) else descriptor.close()

    def run(self, at, mode='once'):
        """Returns exit status (or -signal), both streams, and the number of allocations."""
        for file in self._files:
            file.truncate(0)
        os.write(self._commands, f'{at} {mode}\n'.encode())
        line = self._results.readline()
        if not line:
            raise RuntimeError(f'the program has ended before its time with status {self._process.wait()}: '
                               + self._read(1))
        status, count = map(int, line.split())
        return os.waitstatus_to_exitcode(status), self._read(0), self._read(1), count

    def _read(self, which):
        self._files[which].seek(0)
        return self._files[which].read().decode(errors='replace')

    def stop(self):
        os.close(self._commands)
        self._process.wait()
        for file in (*self._files, self._results):
            file.close()


def check(world, program, library, name):
    """Returns the number of runs and what was wrong."""
    forker = Forker(world, program, library, world.words(name), name)
    wrong = []
    try:
        *good, total = forker.run(0)
        runs = 0
        if good[0] != worlds.RUNS[name][1]:
            raise RuntimeError(f'{name}: exit {good[0]} without any failure: {good[2]}')
        at = 1
        while at <= total:
            for mode in ('once', 'on') if at % 10 == 0 else ('once',):
                status, out, err, count = forker.run(at, mode)
                runs += 1
                total = max(total, count)
                problem = worlds.judge(status, out, err, good)
                if status == -signal.SIGALRM:
                    problem = 'has not ended in time'
                if not problem and (status, err) != (good[0], good[2]) and 'memory' not in err:
                    problem = 'does not say what it lacks'
                if problem:
                    wrong.append(f'{name}: allocation {at} ({mode}): {problem}: exit {status}, {err[:600]!r}')
            at += 1
    finally:
        forker.stop()
    return runs, wrong


def main():
    program, library, *names = sys.argv[1:]
    program, library = os.path.abspath(program), os.path.abspath(library)
    world = worlds.World()
    failed = False
    try:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            began = time.monotonic()
            for name, (runs, wrong) in zip(names or worlds.RUNS, pool.map(
                    lambda name: check(world, program, library, name), names or worlds.RUNS)):
                print(f'{name}: {runs} runs, {len(wrong)} of them wrong ({time.monotonic() - began:.1f} s)', flush=True)
                for line in wrong[:20]:
                    print('  ' + line)
                failed |= bool(wrong)
    finally:
        world.stop()
    sys.exit(failed)


if __name__ == '__main__':
    main()
