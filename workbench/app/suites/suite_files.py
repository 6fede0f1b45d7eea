"""The suites of a project: plain files in `suites/`, one line of JSON per case."""

from pathlib import Path

from workbench.app.redaction.redacted_text import keyless
from workbench.app.tools.tool_changes import Undoable, change_files
from workbench.core.errors import ProjectError, UsageError
from workbench.core.json_text import compact
from workbench.core.suite.case import Case
from workbench.core.suite.case_line import case_document
from workbench.core.suite.suite import Suite, lines_of, read_suite, suite_text
from workbench.core.tool import PORTABLE_NAME

SUITES_FOLDER = "suites"
MAX_BYTES = 64_000_000


class SuiteFiles:
    """Reads and writes the suites of one project. Every change returns its undo."""

    def __init__(self, project_folder: Path) -> None:
        self._folder = project_folder / SUITES_FOLDER

    def names(self) -> tuple[str, ...]:
        """All suites of the project."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.jsonl")))

    def load(self, name: str) -> Suite:
        """The suite of that name; lines that are wrong are its `problems`.

        Raises `UsageError` when there is none, `ProjectError` when the file cannot be read at all.
        """
        return read_suite(self._text(name), name)

    def save(self, suite: Suite) -> Undoable:
        """Write the whole suite, without keys. Raises `UsageError` for one with lines that could not be read, which
        would be lost."""
        if suite.problems:
            raise UsageError(
                f"the suite has {len(suite.problems)} lines that cannot be read", hint="Correct them in the file first."
            )
        return self._write(f"Saved {suite.name}", suite.name, keyless(suite_text(suite)))

    def add(self, name: str, case: Case) -> Undoable:
        """Append a case; unreadable lines stay. Raises `UsageError` when its ID is taken."""
        try:
            text = self._text(name)
        except UsageError:
            text = suite_text(Suite(name=name))
        if read_suite(text, name).case(case.case_id) is not None:
            raise UsageError(f"the suite already has a case {case.case_id!r}", hint="Choose another id.")
        joined = text if not text or text.endswith("\n") else f"{text}\n"
        return self._write(f"Added {case.case_id}", name, f"{joined}{keyless(compact(case_document(case)))}\n")

    def replace(self, name: str, case_id: str, case: Case | None) -> Undoable:
        """Replace or remove the line of this ID. Raises `UsageError` when there is none."""
        text = self._text(name)
        suite = read_suite(text, name)
        old = suite.case(case_id)
        if old is None:
            raise UsageError(f"the suite has no case {case_id!r}")
        if case is not None and case.case_id != case_id and suite.case(case.case_id) is not None:
            raise UsageError(f"the suite already has a case {case.case_id!r}", hint="Choose another id.")
        lines = lines_of(text)
        lines[old.line - 1 : old.line] = [] if case is None else [keyless(compact(case_document(case)))]
        words = f"Deleted {case_id}" if case is None else f"Edited {case_id}"
        return self._write(words, name, "\n".join(lines))

    def delete(self, name: str) -> Undoable:
        """Delete the whole suite."""
        return change_files(f"Deleted {name}", {self.path_of(name): None})

    def path_of(self, name: str) -> Path:
        """The suite's file; raises `UsageError` for a name that cannot be a file's."""
        if not PORTABLE_NAME.fullmatch(name):
            raise UsageError(f"{name!r} cannot be the name of a suite", hint="Use 1 to 64 letters, digits, _ or -.")
        return self._folder / f"{name}.jsonl"

    def _write(self, words: str, name: str, text: str) -> Undoable:
        return change_files(words, {self.path_of(name): text.encode()})

    def _text(self, name: str) -> str:
        path = self.path_of(name)
        place = f"{SUITES_FOLDER}/{path.name}"
        try:
            if path.exists() and not path.is_file():
                raise ProjectError("a suite is an ordinary file", where=place)
            if path.exists() and path.stat().st_size > MAX_BYTES:
                raise ProjectError(f"the file is larger than {MAX_BYTES:,} bytes", where=place, hint="Split it.")
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            known = ", ".join(self.names()) or "none"
            raise UsageError(f"there is no suite {name!r}", hint=f"Suites: {known}.") from None
        except (OSError, UnicodeDecodeError) as error:
            raise ProjectError(f"the file cannot be read: {error}", where=place) from None
