"""The explorer's rows change in their places: what is shown elsewhere stays current, expanded and where it is."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from workbench.gui.explorer.explorer_model import ExplorerModel
from workbench.viewmodels.explorer.explorer_item import ExplorerItem, ExplorerSection

TITLES = ("Problems", "Tools", "Variants", "Conversations")
NAMES = st.lists(st.sampled_from("abcdefg"), unique=True, min_size=1).map(tuple)
SECTIONS = st.dictionaries(st.sampled_from(TITLES), NAMES).map(
    lambda found: [section(title, *found[title]) for title in TITLES if title in found]
)


def section(title: str, *names: str) -> ExplorerSection:
    return ExplorerSection(title, tuple(ExplorerItem("tool", name, name) for name in names))


def shown(model: ExplorerModel) -> list[tuple[str, list[str]]]:
    found = []
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        names = [str(model.index(each, 0, index).data()) for each in range(model.rowCount(index))]
        found.append((str(index.data()).partition(" (")[0], names))
    return found


@given(states=st.lists(SECTIONS, min_size=1, max_size=6))
def test_what_is_shown_is_what_was_given_whatever_was_shown_before(
    states: list[list[ExplorerSection]], qapp: QApplication
) -> None:
    model = ExplorerModel(qapp)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    for sections in states:
        model.show_sections(sections)
        assert shown(model) == [(each.title, [item.label for item in each.items]) for each in sections]
    tester.deleteLater()
    model.deleteLater()


def test_a_row_in_another_section_stays_itself_when_a_section_comes_before_it(qapp: QApplication) -> None:
    model = ExplorerModel(qapp)
    model.show_sections([section("Tools", "a", "b")])
    kept = QPersistentModelIndex(model.place_of("tool", "b"))
    model.show_sections([section("Problems", "x"), section("Tools", "a", "b")])
    assert kept.data() == "b"
    assert QModelIndex(kept).parent().row() == 1


def test_one_new_row_among_very_many_is_one_row_for_the_view(qapp: QApplication) -> None:
    model = ExplorerModel(qapp)
    names = [str(number) for number in range(2_000)]
    model.show_sections([section("Conversations", *names)])
    told: list[tuple[str, int, int]] = []
    model.rowsInserted.connect(lambda parent, first, last: told.append(("inserted", first, last)))
    model.dataChanged.connect(lambda first, last: told.append(("changed", first.row(), last.row())))
    model.modelReset.connect(lambda: told.append(("reset", 0, 0)))
    model.show_sections([section("Conversations", "new", *names)])
    assert told == [("inserted", 0, 0), ("changed", 0, 0)]  # the row, and the count in the heading
