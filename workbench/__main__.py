"""Hand over to the window or to the command line; the only file that may import both."""

import importlib
import sys
from pathlib import Path

_CHILDREN = frozenset(
    {"workbench.executors.python_worker", "workbench.providers.local.worker", "workbench.checking.worker"}
)


def main() -> int:
    """The entry point of `workbench`, of `python -m workbench` and of the packaged program."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--child"]:
        return _be_child(arguments[1:])
    from workbench.cli.main import main as command_line

    return command_line(arguments, _open_window)


def _open_window(project: Path | None) -> int:
    from workbench.gui.app import run_window

    return run_window(project)


def _be_child(arguments: list[str]) -> int:
    """The packaged program is no interpreter: its child processes are the program itself in another role."""
    if not arguments or arguments[0] not in _CHILDREN:
        return 2
    result: int = importlib.import_module(arguments[0]).main(arguments[1:])
    return result


if __name__ == "__main__":
    sys.exit(main())
