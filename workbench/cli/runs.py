"""`workbench runs`: what was run before."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path

import msgspec

from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.visible_text import visible_line


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes, and what does it."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.set_defaults(do=lambda parsed, terminal: runs_command(parsed.project, terminal, as_json=parsed.json))


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
            terminal.say("No runs yet. `workbench run PROJECT PROMPT` starts one.", "dim")
        for row in rows:
            state = row.outcome or ("running" if row.is_live else "interrupted")
            terminal.say(
                f"{visible_line(row.run_id)}  {_when(row.started_at)}  {visible_line(state):<11}  {row.calls:>3} calls"
                f"  {visible_line(row.model, max_chars=24):<24}  {visible_line(row.title, max_chars=60)}"
            )
        return ExitCode.ANSWERED
    finally:
        session.store.close()


def _when(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError, TypeError):  # whatever is in the record
        return "at an unknown time"
