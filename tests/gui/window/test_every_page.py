"""Every page the window has, one after the other: the one who cannot see it hears a name for every control."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.core.json_text import JsonObject
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature

LOOK: JsonObject = {"tool": "look", "arguments": {"at": "gate"}}


async def with_a_run(tmp_path: Path, app: QApplication) -> OpenWindow:
    bench = OpenWindow(make_project(tmp_path / "project", {"calls": [LOOK]}, {"text": "Seen."}), tmp_path / "home", app)
    bench.send()
    await bench.idle()
    return bench


def pages_of(bench: OpenWindow) -> list[str]:
    return [command.name for command in bench.window.commands.commands if command.opens_page]


async def test_every_control_of_every_page_has_a_name(tmp_path: Path, qapp: QApplication) -> None:
    bench = await with_a_run(tmp_path, qapp)
    window = bench.window
    window.features.of(SchemaEditorFeature).open_tool("look")
    for name in pages_of(bench):
        window.commands[name].trigger()
        await until(lambda: not bench.tasks.is_running("reload"))
        page = window.documents.currentWidget()
        assert page is not None, name
        assert nameless(page) == [], name
    assert nameless(window) == []
    assert window.documents.count() > len(pages_of(bench)) // 2  # some are sections of one page


async def test_no_label_of_any_page_guesses_at_markup(tmp_path: Path, qapp: QApplication) -> None:
    """Qt's labels show whatever looks like HTML as HTML unless they are told not to."""

    bench = await with_a_run(tmp_path, qapp)
    for name in pages_of(bench):
        bench.window.commands[name].trigger()
    guessing = [
        label.text()
        for label in bench.window.findChildren(QLabel)
        if label.textFormat() == Qt.TextFormat.AutoText and label.text() and label.buddy() is None
    ]
    assert guessing == []


async def test_every_command_is_in_the_main_menu_whose_groups_are_in_the_usual_order(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench = await with_a_run(tmp_path, qapp)
    menu = bench.window.top.menu.commands_menu
    menu.aboutToShow.emit()
    groups = [bench.window.top.menu.groups[group.text()] for group in menu.actions() if not group.isSeparator()]
    listed = {act for group in groups for act in group.actions() if not act.isSeparator()}
    assert listed == {bench.window.commands[command.name] for command in bench.window.commands.commands}
    titles = [group.title() for group in groups]
    assert [titles[0], titles[1], titles[-1]] == ["Project", "Copy", "Help"]
    assert groups[0].actions()[-1] is bench.window.commands["quit"]
