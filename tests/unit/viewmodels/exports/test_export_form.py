"""What the page of exports shows and offers."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.projects import make_project
from workbench.app.models.wires import KEY_OF_WIRE
from workbench.store.project import load_project
from workbench.viewmodels.exports.export_form import ExportForm


class Parts:
    def __init__(self, folder: Path) -> None:
        self.project = load_project(folder, KEY_OF_WIRE)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(make_project(tmp_path / "project"))


def names(form: ExportForm) -> list[str]:
    return [tool.name for tool in form.chosen]


def test_all_tools_are_chosen_first_and_any_of_them_can_be_left_out(parts: Parts) -> None:
    form = ExportForm(parts)
    assert names(form) == ["look", "touch"]
    form.choose("look", is_chosen=False)
    assert names(form) == ["touch"]
    assert form.count_words == "1 of 2 tools"
    assert form.file_name == "touch.json"
    form.choose_shown(is_chosen=True)
    assert form.file_name == "tools.json"


def test_the_filter_hides_rows_and_keeps_what_is_chosen(parts: Parts) -> None:
    form = ExportForm(parts)
    form.filter_by("TOU")
    assert [row.name for row in form.rows] == ["touch"]
    form.choose_shown(is_chosen=False)
    assert names(form) == ["look"]


def test_without_a_tool_there_is_nothing_to_export(parts: Parts) -> None:
    form = ExportForm(parts)
    form.choose_only([])
    assert not form.can_export
    assert form.text == ""
    assert form.ledger_rows == ()
    assert form.verdict == ("Select a tool to export.", "warn")


def test_strict_mode_is_offered_where_there_is_one_and_fills_the_ledger(parts: Parts) -> None:
    form = ExportForm(parts)
    assert form.verdict[1] == "ok"
    form.use_strict(strict=True)
    assert form.ledger_rows
    assert {row[0] for row in form.ledger_rows} == {"look", "touch"}
    assert form.verdict[1] == "warn"
    form.use_format("mcp")
    assert not form.can_be_strict
    assert form.verdict[1] == "ok"
    assert '"inputSchema"' in form.text


def test_a_new_tool_is_chosen_only_where_all_of_them_were(parts: Parts) -> None:
    form, partly = ExportForm(parts), ExportForm(parts)
    partly.choose("look", is_chosen=False)
    folder = parts.project.folder
    (folder / "tools" / "wave.json").write_text('{"name": "wave", "description": "Wave."}')
    parts.project = load_project(folder, KEY_OF_WIRE)
    form.refresh()
    partly.refresh()
    assert names(form) == ["look", "touch", "wave"]
    assert names(partly) == ["touch"]


def test_the_export_is_made_once_for_each_choice(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counted(tools: object, name: str, *, strict: bool) -> SimpleNamespace:
        made.append(name)
        return SimpleNamespace(text=name, ledger=())

    monkeypatch.setattr("workbench.viewmodels.exports.export_form.export_tools", counted)
    form = ExportForm(parts)
    assert (form.text, form.ledger_rows, form.verdict[1]) == ("openai-chat", (), "ok")
    form.use_format("mcp")
    assert form.text == "mcp"
    assert made == ["openai-chat", "mcp"]
