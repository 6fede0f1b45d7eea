"""`workbench overlaps` and `workbench ablate --heat`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.projects import make_project
from tests.support.reacting import ASKED, WordyModel, wordy_project
from workbench.app.models.provider_registry import ProviderRegistry
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import main


class Command:
    """The command line in this process."""

    def __init__(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.project = project
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        try:
            code = main([arguments[0], str(self.project), *arguments[1:]], lambda _: 99)
        except SystemExit as ended:
            code = int(str(ended.code))
        captured = self._capsys.readouterr()
        self.out, self.err = captured.out, captured.err
        return code

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setattr(ProviderRegistry, "provider", lambda self, target: WordyModel())
    made = Command(wordy_project(tmp_path / "shop"), capsys)
    assert made("run", ASKED, "--approve", "all", "--trust") == ExitCode.ANSWERED
    return made


def test_overlaps_are_told_and_labelled_for_what_they_are(command: Command) -> None:
    assert command("overlaps", "--request", ASKED) == ExitCode.ANSWERED
    assert "similar to “Where is my parcel now?”" in command.out
    assert command.out.splitlines()[1].endswith("details")
    assert "not the model's reason" in command.err
    assert command("overlaps", "--json") == ExitCode.ANSWERED
    assert command.document["names"] == ["details", "refund", "track"]
    assert command.document["request"] == []
    assert len(command.document["pairs"]) == 3
    assert "not the model's reason" in command.document["note"]


def test_the_heat_of_a_description_is_told_sentence_by_sentence_and_kept(command: Command) -> None:
    order = ("ablate", "last", "--at", "round-1", "--heat", "details", "--expect", "track", "--trials", "4")
    assert command(*order) == ExitCode.ANSWERED
    assert "2 sentences: 12 requests" in command.err
    assert " +100  Tell where my parcel is, now and then." in command.out
    assert "without it, track: 0% → 100%" in command.out
    assert len(list((command.project / ".workbench" / "heat").iterdir())) == 1
    assert command(*order, "--json") == ExitCode.ANSWERED
    assert [one["on_chosen"]["after"] for one in command.document["sentences"]] == [1.0, 0.0]
    assert command.document["tool"] == "details"


def test_what_has_no_heat_is_refused_in_one_sentence(command: Command) -> None:
    for heat in ("gone", ""):
        assert command("ablate", "last", "--at", "round-1", "--heat", heat) == ExitCode.USAGE
        assert command.out == ""
        assert len(command.err.strip().splitlines()) == 1


def test_a_project_without_tools_has_no_overlaps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_project(tmp_path / "empty")
    for file in (folder / "tools").iterdir():
        file.unlink()
    bare = Command(folder, capsys)
    assert bare("overlaps", "--request", "Hello", "--json") == ExitCode.ANSWERED
    assert (bare.document["names"], bare.document["pairs"]) == ([], [])
