"""`workbench verify`: whether the evidence of an export still holds."""

import asyncio
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path

import msgspec

from workbench.app.exports.evidence import project_now
from workbench.app.exports.repeating import repeat
from workbench.app.exports.signers import Signers
from workbench.app.session import Session
from workbench.app.suites.suite_progress import SuiteProgress
from workbench.app.suites.suite_words import progress_words
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.core.evidence.drift import Drift
from workbench.core.evidence.statement import Statement
from workbench.core.evidence.verification import EvidenceState, Verified, verify
from workbench.core.json_text import compact
from workbench.core.suite.trial import Trial
from workbench.core.visible_text import visible_line
from workbench.store.keys import KeyStore
from workbench.store.redaction import Redactor

MAX_BYTES = 100_000_000
CODES: dict[EvidenceState, ExitCode] = {
    "ok": ExitCode.ANSWERED,
    "malformed": ExitCode.MALFORMED,
    "digest mismatch": ExitCode.DIGEST_MISMATCH,
    "stale": ExitCode.STALE,
    "not covered": ExitCode.NOT_COVERED,
    "suite changed": ExitCode.SUITE_CHANGED,
    "unsigned": ExitCode.UNSIGNED,
    "bad signature": ExitCode.BAD_SIGNATURE,
    "unknown signer": ExitCode.UNKNOWN_SIGNER,
}
_NOT_REPEATED: tuple[EvidenceState, ...] = ("malformed", "bad signature", "unknown signer", "digest mismatch")
"""Evidence in these states is not re-run."""


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the evidence, beside the exported files")
    parser.add_argument("--project", type=Path, metavar="PROJECT", help="also compare with this project as it is now")
    parser.add_argument("--max-age", type=_days, metavar="DAYS", help="older suite runs are stale")
    parser.add_argument("--allow-unsigned", action="store_true", help="evidence without a signature is ok")
    parser.add_argument(
        "--run",
        action="store_true",
        help="with --project: run the suites again, and compare case by case",
    )
    parser.add_argument("--trust", action="store_true", help="with --run: trust the project's code for this command")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(do=verify_command)


def verify_command(parsed: Namespace, terminal: Terminal) -> int:
    """Print the state and every fault. Raises `UsageError` for a file that cannot be read."""
    if parsed.run and parsed.project is None:
        raise UsageError("--run needs a project", hint="Add --project PROJECT.")
    data = _bytes_of(parsed.file)
    if data is None:
        raise UsageError(f"there is no file {parsed.file}", hint="Give the evidence that the export wrote.")
    signers = Signers(KeyStore(Redactor())).public_keys()
    return asyncio.run(_verify(parsed, data, signers, terminal))


async def _verify(parsed: Namespace, data: bytes, signers: Mapping[str, bytes], terminal: Terminal) -> int:
    session = _open(parsed) if parsed.project is not None else None
    try:
        found = verify(
            data,
            lambda name: _bytes_of(parsed.file.parent / name),
            now=time.time(),
            signers=signers,
            may_be_unsigned=parsed.allow_unsigned,
            max_age_days=parsed.max_age,
            project=project_now(session.suites, list(session.project.toolset)) if session is not None else None,
        )
        if not parsed.json:
            _say(found, terminal)
        drifts: tuple[Drift, ...] = ()
        if session is not None and parsed.run and found.statement is not None and found.state not in _NOT_REPEATED:
            drifts = await _repeat(session, found.statement, terminal, as_json=parsed.json)
    finally:
        if session is not None:
            await session.close()
    code = CODES[found.state] or _code_of(drifts)
    if parsed.json:
        terminal.json(compact({**_document(found, code), "drift": msgspec.to_builtins(drifts)}))
    return code


def _open(parsed: Namespace) -> Session:
    session = Session(parsed.project, trust_for_now=parsed.trust)
    if session.project.errors:
        session.store.close()
        raise UsageError(str(session.project.problems[0]))
    return session


async def _repeat(session: Session, statement: Statement, terminal: Terminal, *, as_json: bool) -> tuple[Drift, ...]:
    await session.mcp.connect()

    def heard(_: Trial, progress: SuiteProgress) -> None:
        if terminal.shows_progress:
            terminal.progress(progress_words(progress, is_running=True))

    drifts = await repeat(session.suites, statement, heard)
    terminal.progress("")
    for drift in () if as_json else drifts:
        change = f"{drift.before:.1%} right then, {drift.after:.1%} now"
        counts = f"{drift.fixed} fixed, {drift.broken} broken of {drift.cases} cases"
        interval = f"{100 * drift.interval.low:+.1f} to {100 * drift.interval.high:+.1f} points"
        words = (
            f"{drift.suite} · {drift.title}: {drift.word}. {change}; {counts}; {interval}, p = {drift.adjusted_p:.3f}"
        )
        terminal.say(visible_line(words), "bad" if drift.word == "regression" else "plain")
        if drift.left_out:
            terminal.say(f"  {drift.left_out} cases cannot be compared", "warn")
    return drifts


def _code_of(drifts: Sequence[Drift]) -> ExitCode:
    """As in `suite run`: a regression, or too little data to decide."""
    words = {drift.word for drift in drifts}
    if any(drift.failed for drift in drifts):
        return ExitCode.PROVIDER
    if "regression" in words:
        return ExitCode.REGRESSION
    return ExitCode.INSUFFICIENT if "insufficient data" in words else ExitCode.ANSWERED


def _say(found: Verified, terminal: Terminal) -> None:
    terminal.say(found.state, "good" if found.state == "ok" else "bad")
    for fault in found.faults:
        terminal.say(visible_line(f"{fault.state}: {fault}"), "warn")
    if found.statement is None:
        return
    for measured in found.statement.details.measurements:
        for arm in measured.arms:
            share = "nothing graded" if arm.right is None else f"{arm.right:.1%} right"
            interval = f"{arm.interval.low:.1%} to {arm.interval.high:.1%}"
            words = f"{measured.suite} · {arm.title}: {share} ({interval}) of {arm.cases} cases"
            terminal.say(visible_line(f"{words}, {_day(measured.ended_at)}"))
        for warning in measured.warnings:
            terminal.say(visible_line(f"{measured.suite}: {warning}"), "warn")
    terminal.say(f"Signed by {found.signer}." if found.signer else "Not signed by anybody you trust.", "dim")


def _document(found: Verified, code: ExitCode) -> dict[str, object]:
    statement = found.statement
    return {
        "state": found.state,
        "exit_code": int(code),
        "signer": found.signer or None,
        "faults": [msgspec.to_builtins(fault) for fault in found.faults],
        "result": statement.predicate.result if statement else None,
        "tools": msgspec.to_builtins(statement.details.tools) if statement else [],
    }


def _bytes_of(path: Path) -> bytes | None:
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path} is larger than {MAX_BYTES:,} bytes", hint="Exports never write files this large.")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None


def _day(at: float) -> str:
    try:
        return time.strftime("%Y-%m-%d", time.gmtime(at))
    except (OverflowError, ValueError, OSError):
        return "on an invalid date"


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = -1.0
    if not isfinite(days) or days < 0:
        raise ArgumentTypeError(f"{text!r} is not a number of days")
    return days
