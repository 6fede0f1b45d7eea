"""Whether evidence still holds: one state for each way in which it may not."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Literal, get_args

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.evidence.envelope import SignatureState, check_signatures, open_evidence
from workbench.core.evidence.statement import Statement, canonical_sha256, read_statement, sha256_of

EvidenceState = Literal[
    "malformed",
    "bad signature",
    "unknown signer",
    "digest mismatch",
    "stale",
    "not covered",
    "suite changed",
    "unsigned",
    "ok",
]
STATES: tuple[EvidenceState, ...] = get_args(EvidenceState)
"""The weightiest first."""
NOBODY: Mapping[str, bytes] = MappingProxyType({})
DAY_S = 86_400
AGAIN = "Run the suite again and export again."


class EvidenceFault(msgspec.Struct, frozen=True):
    """One thing that is wrong, and how to fix it. `about` is a file, a tool, or a suite."""

    state: EvidenceState
    about: str
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.about}: {self.what}. {self.fix}"


class Verified(msgspec.Struct, frozen=True):
    """The state is that of the weightiest fault. `statement` is None where it could not be read; `signer` is the known
    signer whose signature fits, empty where there is none."""

    statement: Statement | None
    faults: tuple[EvidenceFault, ...] = ()
    signer: str = ""

    @property
    def state(self) -> EvidenceState:
        """`ok` without a fault."""
        return min((fault.state for fault in self.faults), key=STATES.index, default="ok")


class ProjectNow(msgspec.Struct, frozen=True):
    """The project as it is: digests of tools by name, and of suites by name."""

    tools: Mapping[str, str]
    suites: Mapping[str, str]


def verify(
    data: bytes,
    read_file: Callable[[str], bytes | None],
    *,
    now: float,
    signers: Mapping[str, bytes] = NOBODY,
    may_be_unsigned: bool = False,
    max_age_days: float | None = None,
    project: ProjectNow | None = None,
) -> Verified:
    """Check the bytes of evidence. `read_file` gives the bytes of a file beside it, None where there is none; `signers`
    are the public keys of known signers by name. The age is that of the oldest suite run in it, however new export and
    signature are."""
    try:
        signed = open_evidence(data)
        statement = read_statement(signed.statement.decode())
    except (MalformedJson, UnicodeDecodeError) as error:
        what = str(error).rstrip(".")
        return Verified(None, (EvidenceFault("malformed", "evidence", what, "Export with --evidence again."),))
    signature, signer = check_signatures(signed, signers)
    faults = [*_signature(signature, may_be_unsigned=may_be_unsigned), *_changed_files(statement, read_file)]
    faults += [*_tools(statement, project), *_suites(statement, project)]
    ends = [measured.ended_at for measured in statement.details.measurements]
    if max_age_days is not None and ends and now - min(ends) > max_age_days * DAY_S:
        days = (now - min(ends)) / DAY_S
        what = f"the oldest suite run ended {days:,.1f} days ago, and {max_age_days:,g} are allowed"
        faults.append(EvidenceFault("stale", "age", what, AGAIN))
    return Verified(statement, tuple(sorted(faults, key=lambda fault: STATES.index(fault.state))), signer)


def _signature(state: SignatureState, *, may_be_unsigned: bool) -> Iterator[EvidenceFault]:
    match state:
        case "unsigned" if not may_be_unsigned:
            what = "nobody signed it, so anybody may have written it"
            yield EvidenceFault(state, "signature", what, "Export with --sign, or accept that with --allow-unsigned.")
        case "bad signature":
            what = "the signature does not fit: the evidence was changed after it was signed"
            yield EvidenceFault(state, "signature", what, "Get the signed file again.")
        case "unknown signer":
            what = "it is signed by somebody you have not trusted"
            yield EvidenceFault(
                state, "signature", what, "Get the signer's public key, and use workbench signer trust."
            )


def _changed_files(statement: Statement, read_file: Callable[[str], bytes | None]) -> Iterator[EvidenceFault]:
    for subject in statement.subject:
        found = read_file(subject.name)
        if found is None:
            yield EvidenceFault("digest mismatch", subject.name, "the file is missing", "Put it beside the evidence.")
        elif sha256_of(found) != subject.digest.sha256:
            form = statement.details.canonical.get(subject.name)
            is_same = form is not None and form == canonical_sha256(found.decode("utf-8", "replace"))
            what = "only its layout changed since the export" if is_same else "its content changed since the export"
            yield EvidenceFault("digest mismatch", subject.name, what, "Restore the exported file, or export again.")


def _tools(statement: Statement, project: ProjectNow | None) -> Iterator[EvidenceFault]:
    tools = statement.details.tools
    known = {measured.suite_run_id for measured in statement.details.measurements}
    if not tools:
        yield EvidenceFault("not covered", "tools", "the evidence names no tool", AGAIN)
    for tool in tools:
        if tool.state == "stale":
            yield EvidenceFault("stale", tool.name, "its text changed between the suite run and the export", AGAIN)
        elif tool.state == "never tested" or not known.intersection(tool.suite_runs):
            yield EvidenceFault(
                "not covered", tool.name, "no suite run tested it", "Add cases that expect it, and run them."
            )
        elif project is not None and project.tools.get(tool.name) != tool.digest:
            is_there = tool.name in project.tools
            what = "its text in the project changed since the export" if is_there else "the project has no such tool"
            yield EvidenceFault("stale", tool.name, what, AGAIN if is_there else "Export again without it.")


def _suites(statement: Statement, project: ProjectNow | None) -> Iterator[EvidenceFault]:
    if project is None:
        return
    for name, digest in sorted({(each.suite, each.suite_digest) for each in statement.details.measurements}):
        if project.suites.get(name) != digest:
            what = "its cases changed since the run" if name in project.suites else "the project has no such suite"
            yield EvidenceFault("suite changed", name, what, AGAIN)
