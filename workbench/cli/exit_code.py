"""What the program returns to the shell. A stable interface."""

from enum import IntEnum
from typing import assert_never

from workbench.core.event import RunFinished


class ExitCode(IntEnum):
    """The exit codes of every command."""

    ANSWERED = 0
    FAILED = 1
    USAGE = 2
    LIMIT = 3
    PROVIDER = 4
    REJECTED = 5
    REGRESSION = 6
    INSUFFICIENT = 7
    MALFORMED = 10
    DIGEST_MISMATCH = 11
    STALE = 12
    NOT_COVERED = 13
    SUITE_CHANGED = 14
    UNSIGNED = 15
    BAD_SIGNATURE = 16
    UNKNOWN_SIGNER = 17
    INTERRUPTED = 130


def exit_code_of(finished: RunFinished) -> ExitCode:
    """The code for how a run ended."""
    match finished.ended_by:
        case "answer":
            return ExitCode.ANSWERED
        case "limit":
            return ExitCode.LIMIT
        case "provider":
            return ExitCode.PROVIDER
        case "rejection":
            return ExitCode.REJECTED
        case "stop" | "interruption":
            return ExitCode.INTERRUPTED
        case "error":
            return ExitCode.FAILED
        case _:
            assert_never(finished.ended_by)
