"""Suite runs on disk: a folder each beside the history, with what was set out to do, the cases as they were then, and
one line a trial, added to and never rewritten. The trials' own runs lie in a history of their own next to them."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import msgspec

from workbench.core.errors import MalformedJson, StoreError, WorkbenchError
from workbench.core.json_text import compact, parse_strict_object
from workbench.core.suite.case import Case
from workbench.core.suite.case_line import case_document, read_case
from workbench.core.suite.trial import FORMAT, SuiteRun, Trial
from workbench.store.line_file import add_lines
from workbench.store.redaction import Redactor
from workbench.store.tool_file import write_whole

TRIALS_FOLDER = "suites"
HEADER = "suite_run.json"
CASES = "cases.jsonl"
TRIALS = "trials.jsonl"
MAX_BYTES = 1_000_000_000
_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


class StoredSuiteRun(msgspec.Struct, frozen=True):
    """A suite run as it was read. `unreadable` lines are left where they are and count as not made."""

    run: SuiteRun
    cases: dict[str, Case]
    trials: tuple[Trial, ...]
    unreadable: int = 0


class TrialStore:
    """Reads and writes the suite runs of one project's history."""

    def __init__(self, history: Path, redactor: Redactor) -> None:
        self.folder = history / TRIALS_FOLDER
        self._redactor = redactor

    def begin(self, run: SuiteRun, cases: Iterable[Case]) -> None:
        """Write down what a run sets out to do. Raises `StoreError`."""
        lines = "".join(f"{compact(case_document(case))}\n" for case in cases)
        try:
            write_whole(self._path(run.suite_run_id, CASES), self._redactor.line(lines.encode()).decode())
            header = self._redactor.line(msgspec.json.encode(run)).decode()
            write_whole(self._path(run.suite_run_id, HEADER), f"{header}\n")
        except OSError as error:
            raise StoreError(f"the suite run cannot be saved: {error.strerror or error}") from None

    def add(self, suite_run_id: str, trial: Trial) -> None:
        """Record one trial. Raises `StoreError`."""
        try:
            add_lines(self._path(suite_run_id, TRIALS), [self._redactor.line(msgspec.json.encode(trial))])
        except OSError as error:
            raise StoreError(f"the trial cannot be saved: {error.strerror or error}") from None

    def headers(self) -> tuple[SuiteRun, ...]:
        """All suite runs, newest first; what cannot be read is left out."""
        try:
            folders = [path for path in self.folder.iterdir() if path.is_dir() and not path.is_symlink()]
        except OSError:
            return ()
        found = []
        for folder in folders:
            try:
                found.append(self._header(folder.name))
            except StoreError:
                continue
        return tuple(sorted(found, key=lambda run: (run.at, run.suite_run_id), reverse=True))

    def state(self) -> tuple[tuple[str, int, int], ...]:
        """Something that differs once a trial was added or a run deleted; cheap, because nothing is read."""
        found = []
        for path in sorted(self.folder.glob(f"*/{TRIALS}")):
            try:
                stat = path.stat()
            except OSError:
                continue
            found.append((path.parent.name, stat.st_size, stat.st_mtime_ns))
        return tuple(found)

    def find(self, text: str) -> str:
        """The id that `text` means: an id, its unique beginning, or `last`. Raises `StoreError`."""
        known = [run.suite_run_id for run in self.headers()]
        if text == "last" and known:
            return known[0]
        matching = [text] if text in known else [each for each in known if each.startswith(text)]
        if len(matching) == 1:
            return matching[0]
        what = f"{text!r} fits {len(matching)} suite runs" if matching else f"there is no suite run {text!r}"
        raise StoreError(what, hint="`workbench suite show PROJECT` lists them.")

    def load(self, suite_run_id: str) -> StoredSuiteRun:
        """A suite run with all its trials. Raises `StoreError`."""
        run = self._header(suite_run_id)
        cases: dict[str, Case] = {}
        unreadable = 0
        for line in _filled(self._content(suite_run_id, CASES)):
            try:
                case = read_case(parse_strict_object(line.decode()))
            except (WorkbenchError, MalformedJson, UnicodeDecodeError):
                unreadable += 1
                continue
            cases[case.key] = case
        trials, torn = self._trials(suite_run_id)
        return StoredSuiteRun(run, cases, tuple(trials), unreadable + torn)

    def _trials(self, suite_run_id: str) -> tuple[list[Trial], int]:
        """All trials, and how many lines cannot be read. A hundred thousand are read at once or not soon enough."""
        decoder = msgspec.json.Decoder(Trial)
        content = self._content(suite_run_id, TRIALS)
        try:
            return decoder.decode_lines(content), 0
        except (msgspec.DecodeError, RecursionError):
            pass
        trials, unreadable = [], 0
        for line in _filled(content):
            try:
                trials.append(decoder.decode(line))
            except (msgspec.DecodeError, RecursionError):
                unreadable += 1
        return trials, unreadable

    def size(self, suite_run_id: str) -> int:
        """How many bytes the trials take; it grows with each. 0 where there are none."""
        try:
            return self._path(suite_run_id, TRIALS).stat().st_size
        except OSError:
            return 0

    def delete(self, suite_run_id: str) -> None:
        """Delete a suite run; the runs of its trials stay. Raises `StoreError`."""
        try:
            shutil.rmtree(self._folder_of(suite_run_id))
        except OSError as error:
            raise StoreError(f"the suite run cannot be deleted: {error.strerror or error}") from None

    def _header(self, suite_run_id: str) -> SuiteRun:
        path = self._path(suite_run_id, HEADER)
        try:
            run = msgspec.json.decode(path.read_bytes(), type=SuiteRun)
        except (OSError, msgspec.DecodeError, RecursionError) as error:
            raise StoreError(f"the suite run {suite_run_id!r} cannot be read: {error}") from None
        if run.format > FORMAT or run.suite_run_id != suite_run_id:
            raise StoreError(f"the suite run {suite_run_id!r} cannot be read", hint="Update the workbench.")
        return run

    def _content(self, suite_run_id: str, name: str) -> bytes:
        path = self._path(suite_run_id, name)
        try:
            if not path.exists():
                return b""
            if path.stat().st_size > MAX_BYTES:
                raise StoreError(f"{path.name} is larger than {MAX_BYTES:,} bytes and is not read")
            return path.read_bytes()
        except OSError as error:
            raise StoreError(f"the suite run cannot be read: {error.strerror or error}") from None

    def _folder_of(self, suite_run_id: str) -> Path:
        if not _ID.fullmatch(suite_run_id):
            raise StoreError(f"{suite_run_id[:40]!r} is not the id of a suite run")
        return self.folder / suite_run_id

    def _path(self, suite_run_id: str, name: str) -> Path:
        return self._folder_of(suite_run_id) / name


def _filled(content: bytes) -> list[bytes]:
    """The lines that are not empty."""
    return [line for line in content.split(b"\n") if line.strip()]
