"""The commands of the program: what the parser takes is what the README says."""

import gc
import re
import sys
from argparse import Action, ArgumentParser
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.__main__ import main
from workbench.cli import commands, demonstration
from workbench.cli.commands import COMMANDS
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import command_parser
from workbench.cli.main import main as run_command

CLI = Path(commands.__file__).parent
README = (Path(__file__).resolve().parents[3] / "README.md").read_text("utf-8")
LINES = {line.split()[1]: line for line in README.splitlines() if line.startswith("    workbench ")}


def parser_of(name: str) -> ArgumentParser:
    parser = ArgumentParser(prog=name)
    import_module(f"workbench.cli.{name.replace('-', '_')}").add_arguments(parser)
    return parser


def actions_of(parser: ArgumentParser) -> Iterator[Action]:
    """What it takes, and what its own commands take."""
    for action in parser._actions:
        yield action
        if isinstance(action.choices, dict):
            for own in action.choices.values():
                yield from actions_of(own)


def options_of(parser: ArgumentParser) -> dict[str, Action]:
    return {option: action for action in actions_of(parser) for option in action.option_strings}


def test_every_module_that_takes_arguments_is_a_command() -> None:
    modules = {path.stem for path in CLI.glob("*.py") if "def add_arguments(" in path.read_text("utf-8")}
    assert modules == {name.replace("-", "_") for name in COMMANDS}


def test_the_readme_has_a_line_for_each_command_and_for_no_other() -> None:
    assert {name for name in LINES if name != "[PROJECT]"} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_takes_what_its_line_in_the_readme_says(name: str) -> None:
    parser, line = parser_of(name), LINES[name]
    known = options_of(parser)
    usage = re.split(r" {2,}| \[| --", line.strip())[0]
    assert set(re.findall(r"(?<!\S)\[?(--[a-z-]+)", line)) <= set(known)
    values = {str(action.metavar or action.dest.upper()) for action in actions_of(parser)}
    assert set(re.findall(r"\b[A-Z]{2,}\b", usage)) <= values
    for option, choices in re.findall(r"(--[a-z-]+) ([a-z-]+(?:\|[a-z-]+)+)", line):
        assert choices.split("|") == list(known[option].choices or ())


def test_the_readme_names_every_option_of_a_run() -> None:
    paragraph = README[README.index("`run` takes") :].partition("\n\n")[0]
    named = set(re.findall(r"`(--[a-z-]+)", paragraph))
    assert named == set(options_of(parser_of("run"))) - {"-h", "--help"}


def test_the_help_has_every_command_with_what_it_is_for() -> None:
    text = " ".join(command_parser("").format_help().split())
    assert all(f"{name} {about}" in text for name, about in COMMANDS.items())


def test_a_command_collects_garbage_but_not_what_the_start_has_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[bool, bool, bool]] = []

    def parser(name: str) -> ArgumentParser:
        was_on = gc.isenabled()
        made = ArgumentParser()
        made.add_argument("name")
        made.set_defaults(do=lambda *_: seen.append((was_on, gc.isenabled(), gc.get_freeze_count() > 0)) or 0)
        return made

    monkeypatch.setattr("workbench.cli.main.command_parser", parser)
    monkeypatch.setattr(sys, "argv", ["workbench", "show"])
    try:
        assert main() == 0
    finally:
        gc.enable()
        gc.unfreeze()
    assert seen == [(False, True, True)]


def test_the_demonstration_collects_garbage_as_a_command_does(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    for place in ("workbench.cli.display.has_display", "workbench.cli.main.has_display"):
        monkeypatch.setattr(place, lambda: False)
    monkeypatch.setattr(demonstration, "demonstration_command", lambda _: seen.append(gc.isenabled()) or 0)
    monkeypatch.setattr(sys, "argv", ["workbench"])
    try:
        assert main() == 0
    finally:
        gc.enable()
        gc.unfreeze()
    assert seen == [True]


def test_a_project_may_be_named_from_the_folder_it_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(tmp_path / "gate", {"text": "Hello."})
    monkeypatch.chdir(tmp_path)
    assert run_command(["run", "gate", "Hi"], lambda _: 99) == ExitCode.ANSWERED
    assert run_command(["runs", "gate"], lambda _: 99) == ExitCode.ANSWERED
    assert "Hi" in capsys.readouterr().out
