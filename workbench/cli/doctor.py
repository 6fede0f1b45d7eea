"""`workbench doctor`: what this machine has, what is missing, and how to fix it. Shows no key."""

import importlib.metadata
import importlib.util
import platform
import sys
from argparse import ArgumentParser

from workbench import __version__
from workbench.app.models.wires import KEY_OF_WIRE, WIRES
from workbench.app.project.folders import UserFolders
from workbench.app.project.resources import resources, sample_names
from workbench.cli.display import has_display
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.errors import ProjectError
from workbench.store.keys import KeyStore, has_keyring
from workbench.store.redaction import Redactor

_PACKAGES = (
    *dict.fromkeys(package for wire in WIRES for package in wire.packages),
    *("pydantic", "jsonschema", "PySide6-Essentials", "qasync"),
)


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.set_defaults(do=lambda parsed, terminal: doctor_command(terminal))


def doctor_command(terminal: Terminal) -> int:
    """Print the findings; 0 when everything needed is there, 1 otherwise."""
    is_well = True
    terminal.say(f"workbench {__version__} · Python {platform.python_version()} · {platform.platform()}", "strong")
    for name in _PACKAGES:
        version = _version_of(name)
        is_well &= version is not None
        _finding(terminal, version is not None, name, version or "missing: install the project again")
    if sys.version_info < (3, 12) and (_version_of("PySide6-Essentials") or "").startswith("6.12.0"):
        is_well = False
        _finding(terminal, False, "PySide6 6.12.0", "aborts Python 3.11: install another version")
    has_local = importlib.util.find_spec("needle") is not None
    _finding(terminal, has_local, "local model", "Needle 3" if has_local else "install the extra [local]")
    _finding(terminal, has_keyring(), "keyring", "found" if has_keyring() else "none: keys are kept in memory only")
    keys = KeyStore(Redactor())
    for name in dict.fromkeys(KEY_OF_WIRE.values()):
        found = keys.describe(name)
        _finding(terminal, found is not None, name, f"…{found.ending} from {found.source}" if found else "not set")
    _finding(terminal, has_display(), "display", "found" if has_display() else "none: runs in the terminal only")
    try:
        _finding(terminal, True, "samples", ", ".join(sample_names()) + f" in {resources()}")
    except ProjectError as error:
        is_well = False
        _finding(terminal, False, "samples", str(error))
    terminal.say(f"  your files: {UserFolders.of_this_user().state}", "dim")
    return ExitCode.ANSWERED if is_well else ExitCode.FAILED


def _finding(terminal: Terminal, is_good: bool, name: str, text: str) -> None:
    terminal.say(f"  {'✓' if is_good else '–'} {name:<20} {text}", "good" if is_good else "warn")


def _version_of(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
