"""`workbench runs` and `workbench show`: what was run before."""

from datetime import datetime
from itertools import chain
from pathlib import Path

import msgspec

from workbench.app.runs.run_report import JsonReport, RunReport, trace_lines
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.trace import fold
from workbench.core.visible_text import visible_line


def runs_command(project: Path, terminal: Terminal, *, as_json: bool) -> int:
    """List the runs, the newest first."""
    session = Session(project)
    try:
        rows = session.runs.recorded()
        if as_json:
            for row in rows:
                terminal.json(msgspec.json.encode(row).decode())
            return ExitCode.ANSWERED
        if not rows:
            terminal.say("No runs yet. `workbench run PROJECT PROMPT` makes one.", "dim")
        for row in rows:
            state = row.outcome or ("running" if row.is_live else "interrupted")
            terminal.say(
                f"{visible_line(row.run_id)}  {_when(row.started_at)}  {visible_line(state):<11}  {row.calls:>3} calls"
                f"  {visible_line(row.model, max_chars=24):<24}  {visible_line(row.title, max_chars=60)}"
            )
        return ExitCode.ANSWERED
    finally:
        session.store.close()


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
        # A key that was not known when the run was recorded may be known now.
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


def _when(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError, TypeError):  # whatever stands in the record
        return "at no known time"
