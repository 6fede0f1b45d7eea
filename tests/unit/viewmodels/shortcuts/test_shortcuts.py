"""Choosing keys for commands: what is refused, what is warned of, what can be undone."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

import pytest

from workbench.app.shortcuts.key_map import KeyMap
from workbench.viewmodels.shortcuts.key_sheet import FIXED, sections, sheet_html
from workbench.viewmodels.shortcuts.shortcuts import ShortcutTable, objection_to


@dataclass(frozen=True)
class Named:
    name: str
    text: str
    group: str
    keys: tuple[str, ...] = ()


COMMANDS = (
    Named("run", "Run the message", "Run", ("Ctrl+Return", "Ctrl+Enter")),
    Named("stop", "Stop the run", "Run", ("Esc",)),
    Named("palette", "Command palette", "View", ("Ctrl+K",)),
    Named("curl", "Copy as curl", "Copy"),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "keys.toml"


def table(file: Path) -> ShortcutTable:
    return ShortcutTable(COMMANDS, KeyMap(file), lambda: None)


def keys(shown: ShortcutTable, name: str) -> tuple[str, ...]:
    row = shown.row(name)
    assert row is not None
    return row.keys


def test_chosen_keys_are_kept_and_hold_on_the_next_start(file: Path) -> None:
    shown = table(file)
    assert shown.choose("curl", "Ctrl+Alt+C")
    assert keys(shown, "curl") == ("Ctrl+Alt+C",)
    assert keys(table(file), "curl") == ("Ctrl+Alt+C",)
    assert 'curl = ["Ctrl+Alt+C"]' in file.read_text()
    assert "\nrun" not in file.read_text()


def test_keys_of_another_command_are_warned_of_with_its_name_and_taken_from_it(file: Path) -> None:
    shown = table(file)
    assert "“Command palette”" in shown.warning("curl", "Ctrl+K")
    assert shown.warning("palette", "Ctrl+K") == ""
    assert shown.choose("curl", "Ctrl+K")
    assert keys(shown, "palette") == ()
    assert [row.clashes for row in shown.rows] == [()] * 4
    shown.undo()
    assert keys(shown, "palette") == ("Ctrl+K",)
    assert keys(shown, "curl") == ()
    assert not shown.can_undo


def test_a_key_that_is_needed_for_typing_is_refused(file: Path) -> None:
    for typed in ("A", "Shift+A", "Return", "Space", "Up", "Ctrl+K, Ctrl+S", "Ctrl+", ""):
        assert objection_to(typed), typed
    for fine in ("F5", "Shift+F8", "Ctrl++", "Ctrl+,", "Alt+Left", "Esc", "Meta+A"):
        assert not objection_to(fine), fine
    assert not table(file).choose("run", "A")
    assert not file.exists()


def test_a_second_key_can_be_added_and_all_can_be_taken_away(file: Path) -> None:
    shown = table(file)
    shown.choose("palette", "F2", also=True)
    assert keys(shown, "palette") == ("Ctrl+K", "F2")
    shown.clear("palette")
    assert keys(shown, "palette") == ()


def test_the_defaults_come_back_for_one_command_and_for_all(file: Path) -> None:
    shown = table(file)
    shown.choose("curl", "Ctrl+K")
    shown.choose("stop", "F12")
    shown.reset("palette")
    assert keys(shown, "palette") == ("Ctrl+K",)
    assert keys(shown, "curl") == ()
    shown.reset_all()
    assert not shown.is_changed
    assert keys(shown, "stop") == ("Esc",)
    shown.undo()
    assert keys(shown, "stop") == ("F12",)


def test_clashes_in_a_file_written_by_hand_are_shown(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('# mine\n[keys]\ncurl = ["ctrl+k"]\n')
    shown = table(file)
    row = shown.row("curl")
    assert row is not None
    assert row.clashes == ("Command palette",)
    shown.choose("curl", "F9")
    assert "# mine" in file.read_text()


@pytest.mark.parametrize("text", ["[keys]\nrun = 3\n", "keys = [\n", "keys = 4\n"])
def test_a_damaged_file_leaves_the_defaults_and_is_not_lost(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)
    shown = table(file)
    assert "keys.toml" in shown.trouble
    assert keys(shown, "run") == ("Ctrl+Return", "Ctrl+Enter")
    assert shown.choose("curl", "F9")
    assert file.with_name("keys.toml.unreadable").read_text() == text
    assert keys(table(file), "curl") == ("F9",)


def test_the_table_is_filtered_by_words_and_by_keys(file: Path) -> None:
    shown = table(file)
    shown.filter_by("run")
    assert [row.name for row in shown.rows] == ["run", "stop"]
    shown.filter_by("ctrl+k")
    assert [row.name for row in shown.rows] == ["palette"]


def test_the_sheet_holds_every_key_and_nothing_from_elsewhere() -> None:
    made = sections((command.group, command.text, command.keys) for command in COMMANDS)
    assert [section.title for section in made] == ["Run", "View", *(section.title for section in FIXED)]
    html = sheet_html("Keys", made)
    assert "Ctrl+K" in html
    assert "http" not in html
    assert "Copy as curl" not in html


def test_a_narrow_sheet_has_one_column() -> None:
    made = sections([("Run", "Send", ("Ctrl+Return",))])
    assert "width='48%'" in sheet_html("Keys", made)
    narrow = sheet_html("Keys", made, columns=1)
    assert "width='48%'" not in narrow
    assert all(escape(section.title) in narrow for section in made)
