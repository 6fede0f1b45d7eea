"""Whether evidence still holds: one state for each way in which it may not."""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, get_args

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.evidence.statement import Statement, canonical_sha256, read_statement, sha256_of

EvidenceState = Literal["malformed", "digest mismatch", "stale", "not covered", "suite changed", "ok"]
STATES: tuple[EvidenceState, ...] = get_args(EvidenceState)
"""The weightiest first."""
DAY_S = 86_400
AGAIN = "Run the suite again and export again."


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong, and how to fix it. `about` is a file, a tool, or a suite."""

    state: EvidenceState
    about: str
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.about}: {self.what}. {self.fix}"


class Verified(msgspec.Struct, frozen=True):
    """The state is that of the weightiest fault. `statement` is None where it could not be read."""

    statement: Statement | None
    faults: tuple[Fault, ...] = ()

    @property
    def state(self) -> EvidenceState:
        """`ok` without a fault."""
        return min((fault.state for fault in self.faults), key=STATES.index, default="ok")


class ProjectNow(msgspec.Struct, frozen=True):
    """The project as it is: digests of tools by name, and of suites by name."""

    tools: Mapping[str, str]
    suites: Mapping[str, str]


def verify(
    text: str,
    read_file: Callable[[str], bytes | None],
    *,
    now: float,
    max_age_days: float | None = None,
    project: ProjectNow | None = None,
) -> Verified:
    """Check the text of evidence. `read_file` gives the bytes of a file beside it, None where there is none. The age is
    that of the oldest suite run in it, however new the export is."""
    try:
        statement = read_statement(text)
    except MalformedJson as error:
        return Verified(
            None, (Fault("malformed", "evidence", str(error).rstrip("."), "Export with --evidence again."),)
        )
    faults = [*_changed_files(statement, read_file), *_tools(statement, project), *_suites(statement, project)]
    ends = [measured.ended_at for measured in statement.details.measurements]
    if max_age_days is not None and ends and now - min(ends) > max_age_days * DAY_S:
        days = (now - min(ends)) / DAY_S
        what = f"the oldest suite run ended {days:,.1f} days ago, and {max_age_days:,g} are allowed"
        faults.append(Fault("stale", "age", what, AGAIN))
    return Verified(statement, tuple(sorted(faults, key=lambda fault: STATES.index(fault.state))))


def _changed_files(statement: Statement, read_file: Callable[[str], bytes | None]) -> Iterator[Fault]:
    for subject in statement.subject:
        found = read_file(subject.name)
        if found is None:
            yield Fault("digest mismatch", subject.name, "the file is missing", "Put it beside the evidence.")
        elif sha256_of(found) != subject.digest.sha256:
            form = statement.details.canonical.get(subject.name)
            is_same = form is not None and form == canonical_sha256(found.decode("utf-8", "replace"))
            what = "only its layout changed since the export" if is_same else "its content changed since the export"
            yield Fault("digest mismatch", subject.name, what, "Restore the exported file, or export again.")


def _tools(statement: Statement, project: ProjectNow | None) -> Iterator[Fault]:
    tools = statement.details.tools
    known = {measured.suite_run_id for measured in statement.details.measurements}
    if not tools:
        yield Fault("not covered", "tools", "the evidence names no tool", AGAIN)
    for tool in tools:
        if tool.state == "stale":
            yield Fault("stale", tool.name, "its text changed between the suite run and the export", AGAIN)
        elif tool.state == "never tested" or not known.intersection(tool.suite_runs):
            yield Fault("not covered", tool.name, "no suite run tested it", "Add cases that expect it, and run them.")
        elif project is not None and project.tools.get(tool.name) != tool.digest:
            is_there = tool.name in project.tools
            what = "its text in the project changed since the export" if is_there else "the project has no such tool"
            yield Fault("stale", tool.name, what, AGAIN if is_there else "Export again without it.")


def _suites(statement: Statement, project: ProjectNow | None) -> Iterator[Fault]:
    if project is None:
        return
    for name, digest in sorted({(each.suite, each.suite_digest) for each in statement.details.measurements}):
        if project.suites.get(name) != digest:
            what = "its cases changed since the run" if name in project.suites else "the project has no such suite"
            yield Fault("suite changed", name, what, AGAIN)
