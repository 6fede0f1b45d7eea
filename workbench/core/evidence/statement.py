"""Evidence: what was exported and what it was tested with, as an in-toto statement.

Source: in-toto attestation framework, Statement v1 and the predicate test-result v0.1. Fields that are ours stand
together under one name; by the framework's rules others ignore it.
"""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.interval import Interval
from workbench.core.json_text import JsonValue, parse_strict, parse_strict_object, pretty

STATEMENT: Final = "https://in-toto.io/Statement/v1"
TEST_RESULT: Final = "https://in-toto.io/attestation/test-result/v0.1"
FORMAT: Final = 1
ToolState = Literal["tested", "stale", "never tested"]
TestOutcome = Literal["passed", "warned", "failed"]
FileName = Annotated[str, msgspec.Meta(pattern=r"^[^/\\\x00-\x1f]{1,255}$")]
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Digest(msgspec.Struct, frozen=True):
    """Of the exact bytes."""

    sha256: Sha256


class Subject(msgspec.Struct, frozen=True):
    """An exported file, which lies in the folder of the evidence."""

    name: FileName
    digest: Digest


class Configuration(msgspec.Struct, frozen=True):
    """A suite the tools were tested with. The digest is of the sorted keys of its cases."""

    name: str
    digest: dict[str, str]


class TestedTool(msgspec.Struct, frozen=True):
    """A tool of the export. `digest` is of its document in the project. `stale`: a suite tested another text of it."""

    name: str
    digest: Sha256
    state: ToolState
    suite_runs: tuple[str, ...] = ()


class MeasuredArm(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one variant and model. `right` is a share from 0 to 1, None where nothing was graded; `shares` are
    the same for each case of the measurement, in its order, so that a later run can be compared case by case."""

    title: str
    variant: str
    model: str
    wire: str
    answered_as: tuple[str, ...]
    cases: int
    clusters: int
    trials: int
    failed: int
    missing: int
    right: float | None
    interval: Interval
    shares: tuple[float | None, ...] = ()


class MeasuredCase(msgspec.Struct, frozen=True):
    """A case that was put to the model. `key` changes with what it asks and expects."""

    name: str
    key: str
    split: str
    outcome: TestOutcome | None


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """A suite run. Times are in seconds since 1970; `family_size` is how many comparisons count together."""

    suite_run_id: str
    suite: str
    suite_digest: str
    program_version: str
    split: str
    began_at: float
    ended_at: float
    trials_per_case: int
    family_size: int
    held_out_readings: int
    arms: tuple[MeasuredArm, ...]
    cases: tuple[MeasuredCase, ...]
    warnings: tuple[str, ...]


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What is ours. `canonical` is the SHA-256 of each file's RFC 8785 form, by file; a file without one is absent."""

    format: Literal[1] = FORMAT
    program_version: str
    exported_at: float
    export_format: str
    strict: bool
    tools: tuple[TestedTool, ...]
    measurements: tuple[Measurement, ...]
    canonical: dict[FileName, Sha256]
    ledger: tuple[str, ...] = ()


class TestResult(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The predicate. A test is a case, named with its suite; `warned` are those whose trials differ."""

    result: Literal["PASSED", "WARNED", "FAILED"]
    configuration: tuple[Configuration, ...]
    passed_tests: tuple[str, ...] = ()
    warned_tests: tuple[str, ...] = ()
    failed_tests: tuple[str, ...] = ()
    tool_calling_workbench: Details


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """The whole document."""

    type: Literal["https://in-toto.io/Statement/v1"] = msgspec.field(default=STATEMENT, name="_type")
    subject: Annotated[tuple[Subject, ...], msgspec.Meta(min_length=1)]
    predicate_type: Literal["https://in-toto.io/attestation/test-result/v0.1"] = msgspec.field(
        default=TEST_RESULT, name="predicateType"
    )
    predicate: TestResult

    @property
    def details(self) -> Details:
        """What is ours."""
        return self.predicate.tool_calling_workbench


def statement_of(files: Mapping[str, str], details: Details) -> Statement:
    """The statement about these exported texts, by file name. One failed case makes it FAILED; one whose trials differ,
    a warning, or a tool that was not tested as it is makes it WARNED."""
    tests: dict[str, list[str]] = {"passed": [], "warned": [], "failed": []}
    for measured in details.measurements:
        for case in measured.cases:
            if case.outcome is not None:
                tests[case.outcome].append(f"{measured.suite_run_id}/{case.name}")
    has_doubts = bool(tests["warned"]) or any(tool.state != "tested" for tool in details.tools)
    has_doubts = has_doubts or any(measured.warnings for measured in details.measurements)
    suites = {(each.suite, each.suite_digest) for each in details.measurements}
    return Statement(
        subject=tuple(Subject(name, Digest(sha256_of(text.encode()))) for name, text in files.items()),
        predicate=TestResult(
            result="FAILED" if tests["failed"] else "WARNED" if has_doubts else "PASSED",
            configuration=tuple(
                Configuration(f"{name}.jsonl", {"workbenchCases": digest}) for name, digest in sorted(suites)
            ),
            passed_tests=tuple(tests["passed"]),
            warned_tests=tuple(tests["warned"]),
            failed_tests=tuple(tests["failed"]),
            tool_calling_workbench=details,
        ),
    )


def statement_text(statement: Statement) -> str:
    """What goes into the file of the evidence."""
    return pretty(msgspec.to_builtins(statement)) + "\n"


def read_statement(text: str) -> Statement:
    """The statement that a text stands for. Raises `MalformedJson` for anything else."""
    try:
        return msgspec.convert(parse_strict_object(text), Statement)
    except msgspec.ValidationError as error:
        raise MalformedJson(str(error)) from None


def sha256_of(data: bytes) -> str:
    """In hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def canonical_sha256(text: str) -> str | None:
    """The SHA-256 of the RFC 8785 form of a JSON text; None for what is not JSON, or has numbers that the form cannot
    hold: it knows integers up to 2^53 only."""
    import rfc8785

    try:
        value: JsonValue = parse_strict(text)
        return sha256_of(rfc8785.dumps(value))
    except (MalformedJson, rfc8785.CanonicalizationError):
        return None
