"""What the page of exports shows and offers."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.projects import make_project
from workbench.app.exports.coverage import CoverageTable, ToolTest
from workbench.app.exports.signers import Signer, Signers
from workbench.app.models.wires import KEY_OF_WIRE
from workbench.app.project.folders import UserFolders
from workbench.core.errors import UsageError
from workbench.core.evidence.envelope import public_key_of
from workbench.core.interval import Interval
from workbench.core.suite.trial import ArmKey
from workbench.store.keys import KeyStore
from workbench.store.project import load_project
from workbench.store.redaction import Redactor
from workbench.viewmodels.exports.export_form import ExportForm


class Parts:
    suites: Any = None
    keys: Any = None
    folders: Any = None

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


def covered(parts: Parts, digest: str = "") -> CoverageTable:
    """The first tool was tested with the text it has, or with another one."""
    tool = next(iter(parts.project.toolset))
    arm = ArmKey("k", "local")
    test = ToolTest(
        tool=tool.name,
        digest=digest or tool.digest,
        suite_run_id="r",
        suite="gate",
        arm=arm,
        wire="local",
        at=0.0,
        cases=4,
        right=0.5,
        interval=Interval(0.1, 0.9),
    )
    return CoverageTable([test])


def test_what_was_tested_is_told_and_what_never_was_too(parts: Parts) -> None:
    form = ExportForm(parts)
    assert [row.words for row in form.rows] == ["look · untested", "touch · untested"]
    assert form.tested_words == ("Never tested: no suite run has asked for any of these 2 tools.", "warn")
    assert not form.is_tested
    assert form.tested_rows == ()
    form.coverage = covered(parts)
    assert [row.words for row in form.rows] == ["look", "touch · untested"]
    assert form.tested_words == ("1 tested, 1 never tested.", "warn")
    (name, result, _), (other, words, _) = form.tested_rows
    assert (name, result, other, words) == ("look", "50.0 % right of 4 cases (10.0–90.0)", "touch", "never tested")
    form.choose_only(["look"])
    assert form.tested_words == ("1 tested.", "ok")
    form.coverage = covered(parts, digest="0" * 64)
    assert form.tested_words == ("1 changed since its test.", "warn")


async def test_evidence_is_written_beside_the_export_only_where_it_is_wanted(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = ExportForm(parts)
    file = tmp_path / "tools.json"
    assert list(await form.texts_for({file: form.exported}, file)) == [file]
    form.use_evidence(is_on=True)
    monkeypatch.setattr(form, "_evidence", lambda named: f"about {', '.join(named)}")
    texts = await form.texts_for({file: form.exported}, file)
    assert texts[tmp_path / "tools.intoto.json"] == "about tools.json"
    taken = tmp_path / "evidence.intoto.json"
    with pytest.raises(UsageError, match="taken by a tool"):
        await form.texts_for({taken: form.exported}, tmp_path)


async def test_only_signers_whose_key_is_here_can_sign(parts: Parts) -> None:
    parts.suites = SimpleNamespace(run_store=lambda: None)
    parts.folders = UserFolders.of_this_user()
    signers = Signers(KeyStore(Redactor()), parts.folders)
    signers._add(Signer("ana", public_key_of(bytes(32)), is_own=True))
    signers._add(Signer("ben", public_key_of(bytes([1] * 32))))
    form = ExportForm(parts)
    await form.read_tests()
    assert form.signers == ("ana",)
    parts.folders.signer_file.write_text("{", encoding="utf-8")
    await form.read_tests()
    assert form.signers == ()
