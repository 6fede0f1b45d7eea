"""`workbench runs` and `workbench show`: what was run before."""

from datetime import datetime
from pathlib import Path

import msgspec

from workbench.app.run_report import RunReport, trace_lines
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.event import encode_event
from workbench.core.trace import fold
from workbench.core.visible_text import visible_line


def runs_command(project: Path, terminal: Terminal, *, as_json: bool) -> int:
    """List the runs, the newest first."""
    session = Session(project)
    try:
        rows = session.runs.recorded()
        if as_json:
            for row in rows:
                terminal.raw(msgspec.json.encode(row).decode() + "\n")
            return ExitCode.ANSWERED
        if not rows:
            terminal.say("No runs yet. `workbench run PROJECT PROMPT` makes one.", "dim")
        for row in rows:
            when = datetime.fromtimestamp(row.started_at).astimezone().strftime("%Y-%m-%d %H:%M")
            state = row.outcome or ("running" if row.is_live else "interrupted")
            terminal.say(
                f"{row.run_id}  {when}  {state:<11}  {row.calls:>3} calls  {visible_line(row.model, max_chars=24):<24}"
                f"  {visible_line(row.title, max_chars=60)}"
            )
        return ExitCode.ANSWERED
    finally:
        session.store.close()


def show_command(project: Path, run: str, terminal: Terminal, *, as_json: bool) -> int:
    """Show one run as it happened, from its record; nothing is executed or sent."""
    session = Session(project)
    try:
        log = session.runs.load(session.runs.find(run))
        if as_json:
            for event in log:
                terminal.raw(encode_event(event).decode() + "\n")
            return ExitCode.ANSWERED
        report = RunReport()
        for event in log:
            for line in report.lines(event):
                terminal.line(line)
        terminal.say("")
        for line in trace_lines(fold(log)):
            terminal.line(line)
        return ExitCode.ANSWERED
    finally:
        session.store.close()
