"""Hand over to the window or to the command line; the only file that may import both."""

import gc
import importlib
import sys
from functools import partial
from pathlib import Path

_CHILDREN = frozenset(
    {
        "workbench.checking.worker",
        "workbench.executors.python_worker",
        "workbench.gui.kit.picture_worker",
        "workbench.providers.encoder.worker",
        "workbench.providers.local.worker",
    }
)


def main() -> int:
    """The entry point of `workbench`, of `python -m workbench` and of the packaged program."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--child"]:
        return _be_child(arguments[1:])
    open_window = _open_window
    if _wants_window(arguments):
        try:
            return _open_window(Path(arguments[0]) if arguments else None)
        except Exception as failure:  # noqa: BLE001 — door: the command line says what happened
            open_window = partial(_fail, failure)
    gc.disable()  # until the command begins: nothing that is loaded is garbage, and to look costs a tenth of the start
    from workbench.cli.main import main as command_line

    return command_line(arguments, open_window)


def _wants_window(arguments: list[str]) -> bool:
    """Whether there is nothing else to do than to open the window; what the command line needs is not loaded then."""
    from workbench.cli.commands import COMMANDS
    from workbench.cli.display import has_display

    if not has_display():
        return False
    try:
        return not arguments or (len(arguments) == 1 and arguments[0] not in COMMANDS and Path(arguments[0]).is_dir())
    except (OSError, ValueError):  # no name a folder could have; the command line says so
        return False


def _open_window(project: Path | None) -> int:
    from workbench.gui.window.app import run_window

    return run_window(project)


def _fail(failure: Exception, _project: Path | None) -> int:
    raise failure


def _be_child(arguments: list[str]) -> int:
    """The packaged program is no interpreter: its child processes are the program itself in another role."""
    if not arguments or arguments[0] not in _CHILDREN:
        return 2
    result: int = importlib.import_module(arguments[0]).main(arguments[1:])
    return result


if __name__ == "__main__":
    sys.exit(main())
