"""`workbench marks`: the decisions marked as wrong, and what would have been right."""

from argparse import ArgumentParser
from pathlib import Path

import msgspec

from workbench.app.microscope.marks import Marks
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.visible_text import visible_line


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--run", metavar="RUN", help="only those of one run: its id, a prefix of it, or `last`")
    parser.add_argument("--json", action="store_true", help="one JSON object per line, with all a test case needs")
    parser.set_defaults(
        do=lambda parsed, terminal: marks_command(parsed.project, terminal, run=parsed.run, as_json=parsed.json)
    )


def marks_command(project: Path, terminal: Terminal, *, run: str | None = None, as_json: bool = False) -> int:
    """List the marks, oldest first."""
    session = Session(project)
    try:
        store = Marks(session.store.folder, session.redactor)
        marks = store.all() if run is None else store.of_run(session.runs.find(run))
        if store.unreadable:
            terminal.complain(f"{store.unreadable} lines of the marks file cannot be read", "warn")
        for mark in marks:
            if as_json:
                terminal.json(msgspec.json.encode(mark).decode())
                continue
            note = f"  “{visible_line(mark.note, max_chars=80)}”" if mark.note else ""
            terminal.say(f"{visible_line(mark.run_id)}  {visible_line(mark.span)}  {mark.words}{note}")
        if not marks and not as_json:
            terminal.say("No marks. In the window, open the menu of a call and choose “Mark as wrong…”.", "dim")
        return ExitCode.ANSWERED
    finally:
        session.store.close()
