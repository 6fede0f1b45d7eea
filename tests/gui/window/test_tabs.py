"""Tabs are reordered, pinned, listed where they overflow, and shown side by side; all of it comes back."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.tab_group import TabBar, TabGroup
from workbench.gui.restore.restore_feature import RestoreFeature
from workbench.gui.rules.rules_page import RulesPage
from workbench.gui.trace.trace_feature import TraceFeature

LOOK = {"calls": [{"tool": "look", "arguments": {"at": "gate"}}]}


def titles(bench: OpenWindow) -> list[str]:
    documents = bench.window.documents
    return [documents.tabText(place) for place in range(documents.count())]


def strips(bench: OpenWindow) -> list[TabGroup]:
    shown = [group for group in bench.window.documents.findChildren(TabGroup) if group.isVisible()]
    return sorted(shown, key=lambda group: group.accessibleName(), reverse=True)


async def restored(bench: OpenWindow) -> OpenWindow:
    await until(lambda: bench.window.features.of(RestoreFeature).is_done)
    return bench


async def test_tabs_are_pinned_split_and_moved_and_come_back_as_they_were(qapp: QApplication, tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project", LOOK, {"text": "Seen."})
    bench = await restored(OpenWindow(folder, tmp_path / "home", qapp))
    bench.send()
    await bench.idle()
    window, documents = bench.window, bench.window.documents
    pane = bench.pane
    bench.cards[0].expand(True)
    view = window.features.of(TraceFeature).dock.view_of(pane)
    QTest.keyClicks(view.filter, "kind:call")
    for name in ("mocks", "variants", "rules"):
        window.commands[name].trigger()
    mocks, variants, rules = (documents.widget(place) for place in (1, 2, 3))
    assert mocks is not None and variants is not None and rules is not None  # noqa: PT018

    window.commands["tab-back"].trigger()
    assert documents.widget(2) is rules
    window.commands["pin-tab"].trigger()
    assert documents.widget(0) is rules
    window.commands["close-tab"].trigger()
    assert documents.widget(0) is rules, "a pinned tab is not closed by a key"
    window.commands["tab-on"].trigger()
    assert documents.widget(0) is rules, "pinned tabs stay in front"

    documents.setCurrentWidget(variants)
    window.commands["split-right"].trigger()
    assert [strip.count() for strip in strips(bench)] == [3, 1]
    assert documents.currentWidget() is variants
    assert variants.isVisible() and rules.isVisible() is False  # noqa: PT018
    documents.setCurrentWidget(pane)
    assert variants.isVisible()
    assert bench.window.pane is pane
    window.commands["mocks"].trigger()
    assert documents.currentWidget() is mocks, "a page that is open is found in any strip"
    assert documents.is_right(mocks) is False
    assert nameless(documents) == []
    documents.setCurrentWidget(pane)
    shown = titles(bench)
    await bench.close()

    again = await restored(OpenWindow(folder, tmp_path / "home", qapp))
    documents = again.window.documents
    assert titles(again) == shown
    assert [strip.count() for strip in strips(again)] == [3, 1]
    [rules] = documents.pages(PageKey[RulesPage]("rules"))
    assert documents.is_pinned(rules)
    back = again.pane
    await until(lambda: len(again.cards) == 1 and again.cards[0].is_expanded)
    assert again.window.features.of(TraceFeature).dock.view_of(back).filter.text() == "kind:call"
    documents.setCurrentIndex(documents.count() - 1)
    again.window.commands["join-left"].trigger()
    assert [strip.count() for strip in strips(again)] == [4]


async def test_tabs_that_do_not_fit_are_in_a_list(qapp: QApplication, tmp_path: Path) -> None:
    bench = OpenWindow(make_project(tmp_path / "project"), tmp_path / "home", qapp)
    [strip] = strips(bench)
    assert not strip.all_tabs.isVisible()
    for name in ("mocks", "variants", "rules", "servers", "suites", "project", "marks"):
        bench.window.commands[name].trigger()
    bench.window.resize(900, 600)
    await until(strip.all_tabs.isVisible)
    QTest.mouseClick(strip.all_tabs, Qt.MouseButton.LeftButton)
    menu = bench.window.findChildren(QMenu)[-1]
    assert [act.text() for act in menu.actions()] == titles(bench)
    menu.actions()[0].trigger()
    menu.close()
    assert isinstance(bench.window.documents.currentWidget(), ChatPane)


async def test_the_middle_button_and_the_menu_close_tabs(qapp: QApplication, tmp_path: Path) -> None:
    bench = OpenWindow(make_project(tmp_path / "project"), tmp_path / "home", qapp)
    for name in ("mocks", "variants", "rules"):
        bench.window.commands[name].trigger()
    [strip] = strips(bench)
    bar = strip.tabBar()
    QTest.mouseClick(bar, Qt.MouseButton.MiddleButton, pos=bar.tabRect(1).center())
    assert len(titles(bench)) == 3
    strip.menu_asked.emit(strip.widget(2), bar.mapToGlobal(bar.tabRect(2).center()))
    menu = bench.window.documents.findChildren(QMenu)[-1]
    next(act for act in menu.actions() if act.text() == "Close others").trigger()
    menu.close()
    assert isinstance(bench.window.documents.currentWidget(), RulesPage)
    assert len(titles(bench)) == 1


async def test_the_crosses_of_old_and_new_tabs_grow_with_the_text(tmp_path: Path, qapp: QApplication) -> None:
    bench = OpenWindow(make_project(tmp_path / "project"), tmp_path / "home", qapp)
    bar = bench.window.documents.findChildren(TabBar)[0]

    def crosses() -> set[int]:
        buttons = (bar.tabButton(place, TabBar.ButtonPosition.RightSide) for place in range(bar.count()))
        return {button.width() for button in buttons if button is not None}

    before = crosses()
    bench.look.show("light", 2.0)
    bench.window.new_conversation()
    assert crosses() == {2 * width for width in before}
    bench.look.show("light", 1.0)
    assert crosses() == before
