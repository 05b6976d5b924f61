"""A program at a terminal of its own: what it shows, what it is told, and how it leaves the terminal."""
import fcntl
import os
import struct
import subprocess
import termios
import threading
import time

from faultkit import finish


END = b'<all was read>'  # written by the test itself behind what the program has written


class Terminal:
    def __init__(self, words, stdout=None, rows=24, columns=80, **options):
        self._master, self._slave = os.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
        self._before = termios.tcgetattr(self._slave)
        self._shown = bytearray()
        self.start = time.monotonic()
        self.process = subprocess.Popen(words, stdin=self._slave, stdout=self._slave if stdout is None else stdout,
                                        stderr=self._slave, preexec_fn=self._take, **options)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _take(self):
        os.setsid()
        fcntl.ioctl(self._slave, termios.TIOCSCTTY, 0)

    def _read(self):
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            if not data:
                return
            self._shown += data

    @property
    def raw(self):
        return bytes(self._shown.replace(END, b''))

    @property
    def shown(self):
        return self._shown.replace(END, b'').decode(errors='replace')

    def wait_for(self, text, timeout=20):
        self.wait_until(lambda shown: text in shown, repr(text), timeout)

    def wait_until(self, condition, what, timeout=20):
        deadline = time.monotonic() + timeout
        while not condition(self.shown):
            if time.monotonic() > deadline:
                raise AssertionError(f'{what} is not shown, but: {self.shown!r}')
            time.sleep(0.005)

    def type(self, text):
        os.write(self._master, text.encode())

    def finish(self, start=None, timeout=30):
        """Exit status, seconds since `start`, and how much of them it waited for a processor. All is shown then."""
        result = finish(self.process, self.start if start is None else start, timeout)
        os.write(self._slave, END)
        deadline = time.monotonic() + timeout
        while END not in self._shown and time.monotonic() < deadline:
            time.sleep(0.005)
        return result

    def is_restored(self):
        """Whether the settings are those of the beginning, and the cursor and the usual screen are there."""
        time.sleep(0.02)
        shown = self.shown
        return (termios.tcgetattr(self._slave) == self._before
                and shown.rfind('\033[?25l') <= shown.rfind('\033[?25h')
                and shown.rfind('\033[?1049h') <= shown.rfind('\033[?1049l'))

    def left_behind(self):
        """Programs that were started and still run."""
        left = []
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open(f'/proc/{pid}/stat') as file:
                    fields = file.read().rpartition(')')[2].split()
            except OSError:
                continue
            if fields[3] == str(self.process.pid) and fields[0] != 'Z':
                left.append(pid)
        return left

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._slave)
        self._reader.join(1)
        os.close(self._master)
