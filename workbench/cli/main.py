"""The command line: a stable interface for people, scripts and CI."""

import argparse
import gc
import importlib
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from workbench import __version__
from workbench.app.redaction.kept_keys import without_kept_keys
from workbench.app.redaction.redacted_text import keep_keys_out_of_sight, keyless
from workbench.cli.commands import COMMANDS
from workbench.cli.display import has_display
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.errors import WorkbenchError
from workbench.core.secret import without_likely_keys
from workbench.core.visible_text import visible_line
from workbench.store.keys import KeyStore
from workbench.store.redaction import Redactor

OpenWindow = Callable[[Path | None], int]


def main(arguments: list[str], open_window: OpenWindow) -> int:
    """Do what the arguments say and return the exit code. No traceback reaches the user for a foreseen failure."""
    terminal = Terminal()
    # Before a project is open and after it is closed, usage errors print what was typed.
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
        terminal.complain(f"workbench: this is a bug in the workbench, please report it: {_bug(error)}")
        return ExitCode.FAILED


def _bug(error: BaseException) -> str:
    """What a bug report needs, without any user text: what was raised, and where."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    return f"{type(error).__name__} in {' ← '.join(reversed(places[-6:]))}"


def _dispatch(arguments: list[str], terminal: Terminal, open_window: OpenWindow) -> int:
    if not arguments:
        return open_window(None) if has_display() else _demonstrate(terminal)
    if arguments[0] not in COMMANDS and not arguments[0].startswith("-"):
        return _open(arguments, terminal, open_window)
    parsed = command_parser(arguments[0]).parse_args(arguments)
    _collect_garbage()
    with _remarks_on(terminal):
        result: int = parsed.do(parsed, terminal)
    return result


def _collect_garbage() -> None:
    """Collect garbage from now on, but not among the objects of the start."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _demonstrate(terminal: Terminal) -> int:
    from workbench.cli.demonstration import demonstration_command

    _collect_garbage()
    return demonstration_command(terminal)


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


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence and points to the help."""

    def error(self, message: str) -> NoReturn:
        said = visible_line(without_likely_keys(without_kept_keys(keyless(message))))
        self.exit(ExitCode.USAGE, f"workbench: {said}. Try `{self.prog} --help`.\n")


def command_parser(name: str) -> argparse.ArgumentParser:
    """The parser of the program. Only the command of this name gets its arguments, and only its module is imported."""
    parser = _Parser(
        prog="workbench",
        usage="workbench [PROJECT]\n       workbench COMMAND …",
        description="Write tool schemas, watch a model use them, approve sensitive calls.",
        epilog="workbench [PROJECT] opens the window. Exit codes: 0 answered, 1 failed, 2 wrong usage or project file, "
        "3 a limit was reached, 4 provider failure, 5 stopped by a rejection, 6 regression, "
        "7 insufficient data, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"workbench {__version__}")
    commands = parser.add_subparsers(prog="workbench", metavar="COMMAND", required=True, parser_class=_Parser)
    for command, about in COMMANDS.items():
        own = commands.add_parser(command, help=about)
        if command == name:
            importlib.import_module(f"workbench.cli.{name.replace('-', '_')}").add_arguments(own)
    return parser
