"""`workbench mock`: mocks from recorded runs, and what they cover."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from workbench.app.mocks.mock_rules import mock_coverage, mock_from_run, redacted_trace, unmock
from workbench.app.runs.report_line import TerminalTone
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.core.visible_text import visible_line


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("run", metavar="RUN", nargs="*", help="a run id, a prefix of one, or `last`")
    parser.add_argument("--tool", default="", metavar="NAME", help="only this tool")
    parser.add_argument("--coverage", action="store_true", help="show how many calls of these runs each rule answered")
    parser.add_argument("--off", action="store_true", help="remove the tool's mock so that it runs again")
    parser.set_defaults(do=mock_command)


def mock_command(parsed: Namespace, terminal: Terminal) -> int:
    """Write rules, count them, or remove a mock. Raises `UsageError` for options that do not go together."""
    session = Session(parsed.project)
    try:
        if parsed.coverage:
            return _coverage(session, parsed.run, terminal)
        if parsed.off:
            if not parsed.tool or parsed.run:
                raise UsageError("--off needs --tool NAME and no run")
            unmock(session.project, parsed.tool)
            terminal.say(f"{parsed.tool} is no longer mocked.", "good")
            return ExitCode.ANSWERED
        if len(parsed.run) != 1:
            raise UsageError("name one run", hint="`workbench runs PROJECT` lists them; `last` is the newest.")
        written = mock_from_run(
            session.project,
            redacted_trace(session.runs, session.redactor, session.runs.find(parsed.run[0])),
            parsed.tool,
        )
        for tool, added in written.added.items():
            terminal.say(f"{visible_line(tool)}: {added} rule{'' if added == 1 else 's'} added", "good")
        if written.known:
            terminal.say(f"{written.known} already existed", "dim")
        return ExitCode.ANSWERED
    finally:
        session.store.close()


def _coverage(session: Session, texts: list[str], terminal: Terminal) -> int:
    chosen = [session.runs.find(text) for text in texts] or [row.run_id for row in session.runs.recorded()]
    counts = mock_coverage(session.project, session.runs, chosen)
    if not counts:
        terminal.say("This project has no mocks.", "dim")
    for count in counts:
        tone: TerminalTone = "bad" if count.rule == "no rule" and count.calls else "good" if count.calls else "warn"
        terminal.say(f"{count.calls:>5}  {visible_line(count.tool):<24}  {visible_line(count.rule)}", tone)
    return ExitCode.ANSWERED
