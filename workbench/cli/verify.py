"""`workbench verify`: whether the evidence of an export still holds."""

import asyncio
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from math import isfinite
from pathlib import Path

import msgspec

from workbench.app.exports.evidence import project_now
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.core.evidence.verification import EvidenceState, ProjectNow, Verified, verify
from workbench.core.json_text import compact
from workbench.core.visible_text import visible_line

MAX_BYTES = 100_000_000
CODES: dict[EvidenceState, ExitCode] = {
    "ok": ExitCode.ANSWERED,
    "malformed": ExitCode.MALFORMED,
    "digest mismatch": ExitCode.DIGEST_MISMATCH,
    "stale": ExitCode.STALE,
    "not covered": ExitCode.NOT_COVERED,
    "suite changed": ExitCode.SUITE_CHANGED,
}


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes, and what does it."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the evidence, beside the exported files")
    parser.add_argument("--project", type=Path, metavar="PROJECT", help="also compare with this project as it is now")
    parser.add_argument("--max-age", type=_days, metavar="DAYS", help="older suite runs are stale")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(do=verify_command)


def verify_command(parsed: Namespace, terminal: Terminal) -> int:
    """Say the state and everything that is wrong. Raises `UsageError` for a file that cannot be read."""
    data = _bytes_of(parsed.file)
    if data is None:
        raise UsageError(f"there is no file {parsed.file}", hint="Give the evidence that the export wrote.")
    found = verify(
        data.decode("utf-8", "replace"),
        lambda name: _bytes_of(parsed.file.parent / name),
        now=time.time(),
        max_age_days=parsed.max_age,
        project=asyncio.run(_project(parsed.project)) if parsed.project is not None else None,
    )
    if parsed.json:
        terminal.json(compact(_document(found)))
    else:
        _say(found, terminal)
    return CODES[found.state]


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
    terminal.say("The evidence is not signed.", "dim")


def _document(found: Verified) -> dict[str, object]:
    statement = found.statement
    return {
        "state": found.state,
        "exit_code": int(CODES[found.state]),
        "faults": [msgspec.to_builtins(fault) for fault in found.faults],
        "result": statement.predicate.result if statement else None,
        "tools": msgspec.to_builtins(statement.details.tools) if statement else [],
    }


async def _project(folder: Path) -> ProjectNow:
    session = Session(folder)
    try:
        if session.project.errors:
            raise UsageError(str(session.project.problems[0]))
        return project_now(session.suites, list(session.project.toolset))
    finally:
        await session.close()


def _bytes_of(path: Path) -> bytes | None:
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path} is larger than {MAX_BYTES:,} bytes", hint="It is not what an export wrote.")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None


def _day(at: float) -> str:
    try:
        return time.strftime("%Y-%m-%d", time.gmtime(at))
    except (OverflowError, ValueError, OSError):
        return "at an impossible date"


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = -1.0
    if not isfinite(days) or days < 0:
        raise ArgumentTypeError(f"{text!r} is not a number of days")
    return days
