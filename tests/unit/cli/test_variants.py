"""`workbench variants`: what is there, what it changes, and making it the project's own."""

import json
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.variants.variants import VariantStore
from workbench.cli.main import main
from workbench.core.variant import ToolEdit, Variant
from workbench.store.project import load_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    folder = make_project(tmp_path / "p")
    store = VariantStore(folder)
    store.save(Variant(name="calm", note="say how", tools={"look": ToolEdit(description="Look calmly around.")}))
    store.save(Variant(name="old", removed=("gone",), instructions="Hi."))
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(list(arguments), lambda folder: 0)
    return code, capsys.readouterr().out


def test_variants_are_listed_with_those_that_do_not_fit(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = said(capsys, "variants", str(project))
    assert code == 1
    assert "calm  1 change · say how" in out
    assert "does not fit: there is no tool 'gone' to remove" in out


def test_what_a_variant_changes_is_shown_word_by_word(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = said(capsys, "variants", str(project), "show", "calm")
    assert code == 0
    assert "tools/look/description: Look{+ calmly+} around." in out


def test_of_a_variant_that_does_not_fit_it_is_said_what_still_fits(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = said(capsys, "variants", str(project), "show", "old")
    assert code == 1
    assert "What still works:" in out
    assert "instructions: {+Hi.+}" in out


def test_variants_are_read_by_scripts_as_json_lines(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out = said(capsys, "variants", str(project), "--json")
    found = [json.loads(line) for line in out.splitlines()]
    assert [one["name"] for one in found] == ["calm", "old"]
    assert found[0]["variant"]["tools"]["look"]["description"] == "Look calmly around."
    assert found[1]["problems"] == ["there is no tool 'gone' to remove"]


def test_a_promoted_variant_is_the_projects_own(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = said(capsys, "variants", str(project), "promote", "calm")
    assert code == 0
    assert "Promoted calm" in out
    look = load_project(project).toolset.named("look")
    assert look is not None
    assert look.description == "Look calmly around."


@pytest.mark.parametrize("rest", [("show",), ("show", "none"), ("promote", "old"), ("list", "calm")])
def test_what_cannot_be_done_is_a_usage_error(
    project: Path, capsys: pytest.CaptureFixture[str], rest: tuple[str, ...]
) -> None:
    assert main(["variants", str(project), *rest], lambda folder: 0) == 2
    assert "workbench: " in capsys.readouterr().err


def test_a_run_at_the_terminal_can_be_made_with_a_variant(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = said(capsys, "run", str(project), "Go.", "--variant", "calm", "--trust", "--json")
    assert code == 0
    started = json.loads(out.splitlines()[0])
    assert started["variant"] == "calm"
    assert started["tools"][0]["description"] == "Look calmly around."
    assert main(["run", str(project), "Go.", "--variant", "old", "--trust"], lambda folder: 0) == 2
    assert "does not fit" in capsys.readouterr().err


def test_a_variant_is_made_and_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--describe", "look=See = look.", "--trigger", "look=see|look", "--trigger", "look=where")
    more = ("--rename", "touch=mark", "--instructions", "Be brief.", "--note", "try", "--tool-choice", "look")
    more = (*more, "--set", "temperature=0.2", "--set", "seed=")
    code, out = said(capsys, "variants", str(project), "new", "quick", *options, *more)
    assert code == 0
    assert "instructions: {+Be brief.+}" in out
    assert VariantStore(project).load("quick") == Variant(
        name="quick",
        note="try",
        tools={
            "look": ToolEdit(description="See = look.", triggers=("see|look", "where")),
            "touch": ToolEdit(name="mark"),
        },
        instructions="Be brief.",
        tool_choice="look",
        parameters={"temperature": 0.2, "seed": None},
    )
    assert said(capsys, "variants", str(project), "show", "quick") == (0, out)


def test_a_variant_that_is_there_is_written_over_only_when_that_is_said(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = ("variants", str(project), "new", "calm", "--remove", "touch")
    assert main(list(again), lambda folder: 0) == 2
    assert "there is a variant 'calm' already" in capsys.readouterr().err
    assert said(capsys, *again, "--replace")[0] == 0
    assert VariantStore(project).load("calm").removed == ("touch",)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("new", "x"), "would change nothing"),
        (("new", "x", "--note", "only this"), "would change nothing"),
        (("new", "x", "--describe", "look"), "--describe 'look' does not say which tool"),
        (("new", "x", "--remove", "gone"), "there is no tool 'gone' to remove"),
        (("new", "x", "--rename", "look=touch"), "does not fit"),
        (("new", "x", "--set", "temperature=hot"), "use a number from 0 to 2"),
        (("new", "x", "--set", "warmth=1"), "there is no such parameter"),
        (("new", "a b", "--remove", "look"), "cannot be the name of a variant"),
        (("new", "--remove", "look"), "`new` needs a variant name"),
        (("show", "calm", "--remove", "look"), "`show` changes no variant"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_written(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert main(["variants", str(project), *arguments], lambda folder: 0) == 2
    assert message in capsys.readouterr().err
    assert VariantStore(project).names() == ("calm", "old")
