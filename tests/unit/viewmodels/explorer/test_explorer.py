"""The explorer lists the newest, finds among all, and makes a row once."""

from pathlib import Path

import msgspec
import pytest

from tests.support.projects import make_project
from workbench.app.redaction.redacted_text import keep_keys_out_of_sight
from workbench.app.runs.conversation_tree import ConversationTree
from workbench.core.ids import RunId
from workbench.core.run_row import RunRow
from workbench.store.project import Project, load_project
from workbench.store.redaction import Redactor
from workbench.viewmodels.explorer import explorer as explorer_module
from workbench.viewmodels.explorer import history_rows
from workbench.viewmodels.explorer.explorer import ExplorerViewModel
from workbench.viewmodels.explorer.explorer_item import ExplorerSection


class Parts:
    def __init__(self, project: Project) -> None:
        self.project = project


@pytest.fixture
def explorer(tmp_path: Path) -> ExplorerViewModel:
    return ExplorerViewModel(Parts(load_project(make_project(tmp_path / "p"))))  # type: ignore[arg-type]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were made into lines of rows."""
    texts: list[str] = []
    for module in (explorer_module, history_rows):
        one_line = module.one_line  # type: ignore[attr-defined]

        def counted(text: str, max_chars: int = 240, one_line=one_line) -> str:  # type: ignore[no-untyped-def]
            texts.append(text)
            return str(one_line(text, max_chars))

        monkeypatch.setattr(module, "one_line", counted)
    return texts


def row(number: int, title: str = "") -> RunRow:
    name = RunId(f"run-{number:06}")
    return RunRow(
        name, float(number), title or f"about {number}", "p", "m", "", None, None, "answered", "answer", 0, False
    )


def tree_of(count: int) -> ConversationTree:
    return ConversationTree(map(row, range(count)))


def show(explorer: ExplorerViewModel, tree: ConversationTree) -> None:
    explorer.show_history(explorer.history_rows(tree))


def section(explorer: ExplorerViewModel, title: str) -> ExplorerSection:
    return next(section for section in explorer.sections if section.title == title)


def test_the_newest_are_listed_and_all_are_counted(explorer: ExplorerViewModel) -> None:
    show(explorer, tree_of(1_200))
    listed = section(explorer, "Conversations")
    assert listed.heading == "Conversations (1,200)"
    assert len(listed.items) == 501
    assert listed.items[0].target == "run-001199"
    assert (listed.items[-1].kind, listed.items[-1].label) == ("more", "Show 500 more")


def test_more_are_listed_when_asked_for(explorer: ExplorerViewModel) -> None:
    tree = tree_of(1_200)
    show(explorer, tree)
    explorer.history_asked.connect(lambda: show(explorer, tree))
    for count in (1_001, 1_200):
        explorer.show_more("Conversations")
        assert len(section(explorer, "Conversations").items) == count
    assert len(section(explorer, "Runs").items) == 501


def test_words_are_found_among_all_not_only_among_those_listed(explorer: ExplorerViewModel) -> None:
    tree = ConversationTree([row(0, "the very first harbor"), *map(row, range(1, 900))])
    show(explorer, tree)
    explorer.filter_by("harbor first")
    assert [item.label for item in section(explorer, "Conversations").items] == ["No matches"]
    show(explorer, tree)
    assert [item.label for item in section(explorer, "Conversations").items] == ["the very first harbor"]
    assert section(explorer, "Conversations").heading == "Conversations (1)"
    explorer.filter_by("")
    assert section(explorer, "Conversations").heading == "Conversations (900)"


@pytest.mark.parametrize("count", [40, 400])
def test_a_change_of_the_history_makes_only_its_own_rows(
    explorer: ExplorerViewModel, made: list[str], count: int
) -> None:
    tree = tree_of(count)
    show(explorer, tree)
    assert len(made) == 2 * count
    made.clear()
    show(explorer, tree.changed([row(count)]))
    assert made == [f"about {count}"] * 2


def test_the_window_makes_no_row_of_the_history_itself(explorer: ExplorerViewModel, made: list[str]) -> None:
    rows = explorer.history_rows(tree_of(300))
    made.clear()
    explorer.show_history(rows)
    explorer.refresh()
    assert made == []


def test_a_change_of_one_tool_makes_one_row(tmp_path: Path, made: list[str]) -> None:
    folder = make_project(tmp_path / "p")
    parts = Parts(load_project(folder))
    explorer = ExplorerViewModel(parts)  # type: ignore[arg-type]
    assert sorted(made) == ["look", "touch"]
    made.clear()
    path = folder / "tools" / "touch.json"
    path.write_text(path.read_text().replace('"description": "', '"description": "Gently: ', 1))
    parts.project = load_project(folder)
    explorer.refresh()
    assert made == ["touch"]


def test_a_key_that_becomes_known_is_taken_out_of_rows_that_were_made(explorer: ExplorerViewModel) -> None:
    tree = ConversationTree([row(0, "with sk-test-abcdefgh12345678 in it")])
    show(explorer, tree)
    redactor = Redactor()
    keep_keys_out_of_sight(redactor)
    redactor.add("sk-test-abcdefgh12345678")
    show(explorer, tree)
    assert "abcdefgh" not in msgspec.json.encode(explorer.sections).decode()
