"""Which cases hold a row of the table of differences: those that fail with a program that does without the row."""
import concurrent.futures
import contextlib
import os
import tempfile

from .case import Case
from .compare import differences
from .etcd import Pool
from .postgres import Postgres
from .runner import observe
from .tls import Certificates

ATTEMPTS = 3  # at building the world of a case
PATIENCE = 10  # seconds: without its row a case may never end


class Worlds:
    """What cases run in, for as many as *jobs* at a time."""

    def __init__(self, client: list[str], jobs: int) -> None:
        self._client, self._stack = client, contextlib.ExitStack()
        self._postgres, self._certificates = Postgres(), Certificates()
        self._servers = Pool(jobs, self._certificates)
        for part in (self._postgres, self._certificates, self._servers):
            self._stack.callback(part.stop)
        self.threads = self._stack.enter_context(concurrent.futures.ThreadPoolExecutor(jobs))

    def __enter__(self) -> 'Worlds':
        return self

    def __exit__(self, *_) -> None:
        self.threads.shutdown(cancel_futures=True)
        self._stack.close()

    def observe(self, case: Case, **environment: str) -> list[str]:
        """Run a case; return how it differs from its record."""
        client = ['env', *(f'{name}={value}' for name, value in environment.items()), *self._client]
        for attempt in range(ATTEMPTS):
            try:
                with self._servers.lend(case.get('dcs', {})) as server:
                    return differences(case, observe(case, client, server, self._postgres, self._certificates))
            except OSError:  # the world was not there in time
                if attempt == ATTEMPTS - 1:
                    raise
        return []

    def fails_without(self, case: Case, row: str) -> bool:
        """Tell whether a case fails with the row switched off."""
        patience = min(case.get('timeout', PATIENCE), PATIENCE)
        hasty = Case(case.path)
        hasty.data['timeout'] = patience
        return bool(self.observe(hasty, DIFFERENCE_OFF=row))

    def asked(self, case: Case) -> set[str]:
        """Return the rows that a case asks for; none if it fails as it is."""
        with tempfile.NamedTemporaryFile('r', prefix='asked-') as file:
            problem = self.observe(case, DIFFERENCES_ASKED=file.name)
            if problem:
                print(f'{case.name} is passed over: it fails', flush=True)
            return set() if problem else set(file.read().split())

    def asked_by(self, cases: list[Case]) -> dict[str, list[Case]]:
        """Return for each row the cases that ask for it, those that ask for few rows first."""
        rows = list(self.threads.map(self.asked, cases))
        found = {}
        for case, asked in sorted(zip(cases, rows), key=lambda pair: len(pair[1])):
            for row in asked:
                found.setdefault(row, []).append(case)
        return found

    def held_by(self, row: str, cases: list[Case], most: int) -> list[Case]:
        """Return up to *most* of *cases* that fail without the row."""
        found = []
        for start in range(0, len(cases), self.threads._max_workers):
            some = cases[start:start + self.threads._max_workers]
            failing = self.threads.map(lambda case: self.fails_without(case, row), some)
            found += [case for case, fails in zip(some, failing) if fails]
            if len(found) >= most:
                break
        return found[:most]


def named(cases: list[Case]) -> list[tuple[Case, str]]:
    """Return the rows that cases say they hold."""
    return [(case, row) for case in cases for row in case.get('differences', [])]
