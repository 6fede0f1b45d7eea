"""`workbench runs`: the recorded runs."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path

import msgspec

from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.project_folder import HISTORY_FOLDER
from workbench.core.visible_text import visible_line
from workbench.store.keys import KeyStore
from workbench.store.project_place import project_file_in
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.set_defaults(do=lambda parsed, terminal: runs_command(parsed.project, terminal, as_json=parsed.json))


def runs_command(project: Path, terminal: Terminal, *, as_json: bool) -> int:
    """List the runs, newest first."""
    store = _history_of(project)
    try:
        rows = store.recorded()
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
        store.close()


def _history_of(project: Path) -> RunStore:
    """Only the history: reading the project would take just as long, and one with mistakes has runs, too."""
    project_file_in(project)
    redactor = Redactor()
    KeyStore(redactor).watch_environment()
    return RunStore(project / HISTORY_FOLDER, redactor)


def _when(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError, TypeError):  # whatever is in the record
        return "at an unknown time"
