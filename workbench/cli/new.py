"""`workbench new`: create a project folder."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from workbench.app.project.new_project import new_project
from workbench.app.project.resources import sample_names
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("dir", type=Path, metavar="DIR")
    parser.add_argument("--sample", choices=sample_names(), help="start from a sample instead of the minimal starter")
    parser.set_defaults(do=_new)


def _new(parsed: Namespace, terminal: Terminal) -> int:
    folder = new_project(parsed.dir, sample_name=parsed.sample or "")
    terminal.say(f"Created {folder}. Open it with: workbench {folder}")
    return ExitCode.ANSWERED
