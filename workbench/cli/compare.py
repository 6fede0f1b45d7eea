"""`workbench compare`: recorded runs side by side."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

import msgspec

from workbench.app.compare.comparison_markdown import comparison_markdown
from workbench.app.compare.comparison_page import comparison_page
from workbench.app.compare.comparisons import compare_runs
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.store.tool_file import write_whole


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("runs", nargs="+", metavar="RUN", help="two or more: run ids, id prefixes, or `last`")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--json", action="store_true", help="one JSON object")
    way.add_argument("--html", type=Path, metavar="FILE", help="write a self-contained HTML page")
    parser.add_argument("--differences", action="store_true", help="show only rounds that differ")
    parser.set_defaults(do=lambda parsed, terminal: compare_command(parsed, terminal))


def compare_command(parsed: Namespace, terminal: Terminal) -> int:
    """Compare runs; prints Markdown unless told otherwise. Nothing is executed or sent.

    Raises `UsageError` for a file that cannot be written.
    """
    session = Session(parsed.project)
    try:
        logs = [tuple(session.runs.load(session.runs.find(run))) for run in parsed.runs]
        compared = compare_runs(logs, session.prices.list)
        redacted = session.redactor.text
        if parsed.json:
            terminal.json(msgspec.json.encode(compared.document()).decode())
        elif parsed.html is not None:
            try:
                write_whole(parsed.html, redacted(comparison_page(compared)))
            except OSError as error:
                raise UsageError(f"cannot write {parsed.html}: {error.strerror or error}") from None
            terminal.complain(f"wrote {parsed.html}", "dim")
        else:
            for line in redacted(comparison_markdown(compared, only_differences=parsed.differences)).splitlines():
                terminal.say(line)
        return ExitCode.ANSWERED
    finally:
        session.store.close()
