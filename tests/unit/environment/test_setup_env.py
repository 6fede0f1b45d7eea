"""Which Python the set-up takes, and what it says when there is none."""

import ast
import sys
from pathlib import Path

import pytest
import setup_env

SOURCE = Path(setup_env.__file__).read_text(encoding="utf-8")


def test_an_old_python_can_read_the_script_to_the_end() -> None:
    ast.parse(SOURCE, feature_version=(3, 5))


def test_the_running_python_is_taken_when_it_is_supported() -> None:
    assert setup_env.chosen_python("") == sys.executable


def test_an_unsupported_python_looks_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_env, "SUPPORTED", ((3, 99), (3, 98)))
    answers = {"python3.98": ((3, 98), "/opt/python3.98"), "python3": ((3, 10), "/usr/bin/python3")}
    monkeypatch.setattr(setup_env, "probe", answers.get)
    assert setup_env.chosen_python("") == "/opt/python3.98"


def test_a_named_python_that_is_not_on_the_path_is_found_by_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_env, "probe", lambda command: None)
    monkeypatch.setattr(setup_env, "supported_pythons", lambda: [((3, 12), "/home/ana/.pyenv/bin/python3.12")])
    assert setup_env.chosen_python("python3.12") == "/home/ana/.pyenv/bin/python3.12"
    assert setup_env.chosen_python("python3.13") is None


def test_a_named_python_of_an_unsupported_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_env, "probe", lambda command: ((3, 14), "/usr/bin/python3.14"))
    assert setup_env.chosen_python("python3.14") is None
    assert "PYTHON=python3.14 does not start Python 3.11, 3.12 or 3.13" in setup_env.no_python_message("python3.14")


def test_a_command_that_is_no_python_is_passed_over(tmp_path: Path) -> None:
    liar = tmp_path / "python3"
    liar.write_text("#!/bin/sh\necho pyenv: not found\n")
    liar.chmod(0o755)
    assert setup_env.probe(str(liar)) is None
    assert setup_env.probe(str(tmp_path / "missing")) is None
