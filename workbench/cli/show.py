"""`workbench show`: one run, from its record."""

from argparse import ArgumentParser
from itertools import chain
from pathlib import Path

from workbench.app.runs.run_report import JsonReport, RunReport, trace_lines
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.trace import fold


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("run", metavar="RUN", help="a run id, a prefix of one, or `last`")
    parser.add_argument("--json", action="store_true", help="one event per line")
    parser.set_defaults(
        do=lambda parsed, terminal: show_command(parsed.project, parsed.run, terminal, as_json=parsed.json)
    )


def show_command(project: Path, run: str, terminal: Terminal, *, as_json: bool) -> int:
    """Show one run as it happened, from its record; nothing is executed or sent."""
    session = Session(project)
    try:
        recorded = session.runs.load(session.runs.find(run))
        if as_json:
            lines = JsonReport(session.prices.list, session.redactor)
            for text in (*chain.from_iterable(map(lines.take, recorded)), *lines.rest()):
                terminal.json(text)
            return ExitCode.ANSWERED
        # A key that was unknown when the run was recorded may be known now.
        log = [session.redactor.event(event) for event in recorded]
        prices = session.prices.list
        for problem in session.prices.problems:
            terminal.complain(str(problem), "warn")
        report = RunReport(prices)
        for event in log:
            for line in report.lines(event):
                terminal.line(line)
        terminal.say("")
        for line in trace_lines(fold(log), prices=prices):
            terminal.line(line)
        return ExitCode.ANSWERED
    finally:
        session.store.close()
