"""The command line: a stable interface for people, scripts and CI."""

import argparse
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from workbench import __version__
from workbench.app.exports.tool_export import FORMATS
from workbench.app.models.model_spec import USAGE
from workbench.app.project.new_project import new_project
from workbench.app.project.resources import sample_names
from workbench.app.redaction.redacted_text import keep_keys_out_of_sight, keyless
from workbench.cli.ablate import add_ablate_command
from workbench.cli.command_names import COMMAND_NAMES
from workbench.cli.compare import add_compare_command
from workbench.cli.demonstration import demonstration_command
from workbench.cli.display import has_display
from workbench.cli.doctor import doctor_command
from workbench.cli.exit_code import ExitCode
from workbench.cli.export import export_command
from workbench.cli.history import runs_command, show_command
from workbench.cli.import_python import import_python_command
from workbench.cli.marks import add_marks_command
from workbench.cli.mcp import add_mcp_command
from workbench.cli.mock import add_mock_command
from workbench.cli.overlaps import add_overlaps_command
from workbench.cli.policy import add_policy_commands
from workbench.cli.replay import add_replay_command
from workbench.cli.run import RunOrder, run_command
from workbench.cli.terminal import Terminal
from workbench.cli.variants import add_variants_command
from workbench.core.errors import WorkbenchError
from workbench.core.secret import without_likely_keys
from workbench.core.visible_text import visible_line
from workbench.store.keys import KeyStore
from workbench.store.redaction import Redactor

OpenWindow = Callable[[Path | None], int]


def main(arguments: list[str], open_window: OpenWindow) -> int:
    """Do what the arguments say and return the exit code. No traceback reaches the user for a foreseen failure."""
    terminal = Terminal()
    # Before a project is open, and after it is closed: usage errors print back what was typed.
    redactor = Redactor()
    KeyStore(redactor).watch_environment()
    keep_keys_out_of_sight(redactor)
    try:
        code = _dispatch(arguments, terminal, open_window)
        return ExitCode.FAILED if terminal.is_gone else code
    except WorkbenchError as error:
        terminal.complain(f"workbench: {error}")
        return ExitCode.USAGE
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except OSError as error:
        where = f"{str(error.filename)[:200]}: " if error.filename else ""
        terminal.complain(f"workbench: {where}{error.strerror or error or type(error).__name__}")
        return ExitCode.FAILED
    except Exception as error:  # noqa: BLE001 — door: a traceback helps nobody who uses the program
        terminal.complain(f"workbench: this is a bug of the workbench, please report it: {_bug(error)}")
        return ExitCode.FAILED


def _bug(error: BaseException) -> str:
    """What a report needs, and none of the text that was worked on: what was raised, and where."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    return f"{type(error).__name__} in {' ← '.join(reversed(places[-6:]))}"


def _dispatch(arguments: list[str], terminal: Terminal, open_window: OpenWindow) -> int:
    if not arguments:
        return open_window(None) if has_display() else demonstration_command(terminal)
    if arguments[0] not in COMMAND_NAMES and not arguments[0].startswith("-"):
        return _open(arguments, terminal, open_window)
    parsed = _parser().parse_args(arguments)
    with _remarks_on(terminal):
        result: int = parsed.do(parsed, terminal)
    return result


class _Remarks(logging.Handler):
    """What the program logs about itself, in one line each."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__(logging.WARNING)
        self._terminal = terminal

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        said = record.getMessage().partition("\n")[0]
        self._terminal.complain(f"workbench: {said}" + (f": {_bug(error)}" if error is not None else ""), "dim")


@contextmanager
def _remarks_on(terminal: Terminal) -> Iterator[None]:
    handler = _Remarks(terminal)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


def _open(arguments: list[str], terminal: Terminal, open_window: OpenWindow) -> int:
    folder = Path(arguments[0])
    if len(arguments) > 1 or not folder.is_dir():
        terminal.complain(
            f"workbench: {arguments[0]!r} is neither a command nor a project folder. Try workbench --help."
        )
        return ExitCode.USAGE
    if not has_display():
        terminal.complain("workbench: there is no display to open a window on. Use `workbench run PROJECT PROMPT`.")
        return ExitCode.USAGE
    return open_window(folder)


def _new(parsed: argparse.Namespace, terminal: Terminal) -> int:
    folder = new_project(parsed.dir, sample_name=parsed.sample or "")
    terminal.say(f"Made {folder}. Open it with: workbench {folder}")
    return ExitCode.ANSWERED


def _run(parsed: argparse.Namespace, terminal: Terminal) -> int:
    order = RunOrder(
        project=parsed.project,
        prompt=parsed.prompt,
        model=parsed.model,
        base_url=parsed.base_url,
        system=parsed.system,
        tool_choice=parsed.tool_choice,
        parallel=not parsed.no_parallel,
        approve=parsed.approve,
        max_rounds=parsed.max_rounds,
        trust=parsed.trust,
        as_json=parsed.json,
        may_emulate=not parsed.no_emulation,
        variant=parsed.variant,
    )
    return run_command(order, terminal)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence and points to the help."""

    def error(self, message: str) -> NoReturn:
        said = visible_line(without_likely_keys(keyless(message)))
        self.exit(ExitCode.USAGE, f"workbench: {said}. Try `{self.prog} --help`.\n")


def _positive(text: str) -> int:
    if not text.isdecimal() or len(text) > 9 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a number from 1 to 999,999,999")
    return int(text)


def _text(text: str) -> str:
    """An argument that goes into a request and a record has to be text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("this is not UTF-8") from None
    return text


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="workbench",
        usage="workbench [PROJECT]\n       workbench COMMAND …",
        description="Write tool schemas, watch a model use them, approve what is sensitive.",
        epilog="workbench [PROJECT] opens the window. Exit codes: 0 answered, 1 failed, 2 wrong usage or project file, "
        "3 a limit was reached, 4 provider failure, 5 ended by a rejection, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"workbench {__version__}")
    commands = parser.add_subparsers(prog="workbench", metavar="COMMAND", required=True, parser_class=_Parser)

    new = commands.add_parser("new", help="make a project folder")
    new.add_argument("dir", type=Path, metavar="DIR")
    new.add_argument("--sample", choices=sample_names(), help="start from a sample instead of the small starter")
    new.set_defaults(do=_new)

    _add_run(commands)

    runs = commands.add_parser("runs", help="list the runs of a project")
    runs.add_argument("project", type=Path, metavar="PROJECT")
    runs.add_argument("--json", action="store_true", help="one JSON object a line")
    runs.set_defaults(do=lambda parsed, terminal: runs_command(parsed.project, terminal, as_json=parsed.json))

    show = commands.add_parser("show", help="show a recorded run; nothing is executed")
    show.add_argument("project", type=Path, metavar="PROJECT")
    show.add_argument("run", metavar="RUN", help="a run id, the beginning of one, or `last`")
    show.add_argument("--json", action="store_true", help="one event a line")
    show.set_defaults(
        do=lambda parsed, terminal: show_command(parsed.project, parsed.run, terminal, as_json=parsed.json)
    )

    export = commands.add_parser("export", help="write the tools in a vendor's shape")
    export.add_argument("project", type=Path, metavar="PROJECT")
    export.add_argument("--tool", action="append", default=[], metavar="NAME", help="only this tool (repeatable)")
    export.add_argument("--format", choices=FORMATS, required=True)
    export.add_argument("--strict", action="store_true", help="rewrite the schemas for strict mode; changes are listed")
    export.add_argument("--out", type=Path, metavar="FILE", help="a file instead of standard output")
    export.set_defaults(
        do=lambda parsed, terminal: export_command(
            parsed.project, parsed.tool, parsed.format, terminal, strict=parsed.strict, out=parsed.out
        )
    )

    bring = commands.add_parser("import-python", help="make tools from the @tool functions of a module in python/")
    bring.add_argument("project", type=Path, metavar="PROJECT")
    bring.add_argument("module", metavar="MODULE")
    bring.add_argument("--trust", action="store_true", help="trust the project's code as it is now, for this import")
    bring.add_argument("--replace", action="store_true", help="write tool files anew that are there already")
    bring.set_defaults(
        do=lambda parsed, terminal: import_python_command(
            parsed.project, parsed.module, terminal, trust=parsed.trust, replace=parsed.replace
        )
    )

    add_mcp_command(commands)
    add_mock_command(commands)

    add_policy_commands(commands)

    add_replay_command(commands)
    add_compare_command(commands)
    add_ablate_command(commands)
    add_overlaps_command(commands)
    add_marks_command(commands)
    add_variants_command(commands)

    doctor = commands.add_parser("doctor", help="say what this machine has and what is missing")
    doctor.set_defaults(do=lambda parsed, terminal: doctor_command(terminal))
    return parser


def _add_run(commands: "argparse._SubParsersAction[_Parser]") -> None:
    run = commands.add_parser("run", help="run one prompt with the project's tools")
    run.add_argument("project", type=Path, metavar="PROJECT")
    run.add_argument("prompt", type=_text, metavar="PROMPT")
    run.add_argument("--model", type=_text, metavar="SPEC", help=USAGE)
    run.add_argument(
        "--base-url", type=_text, default="", metavar="URL", help="another server that speaks the same wire format"
    )
    run.add_argument("--system", type=_text, metavar="TEXT", help="instructions instead of the project's")
    run.add_argument("--tool-choice", type=_text, metavar="CHOICE", help="auto, none, required, or NAME[,NAME…]")
    run.add_argument("--no-parallel", action="store_true", help="at most one call a round")
    run.add_argument(
        "--approve",
        choices=("ask", "deny", "all", "policy"),
        default="ask",
        help="ask: as the project's rules say, asking you here; policy: the same, but nobody is asked and what "
        "would be asked is rejected; deny: reject every call; all: approve every call the project does not deny",
    )
    run.add_argument("--max-rounds", type=_positive, metavar="N")
    run.add_argument("--trust", action="store_true", help="trust the project's code as it is now, for this run")
    run.add_argument("--variant", metavar="NAME", help="a variant of the project; what it says comes first")
    run.add_argument("--no-emulation", action="store_true", help="fail where the wire refuses the tool choice")
    run.add_argument("--json", action="store_true", help="one event a line; the last one is run.finished")
    run.set_defaults(do=_run)
