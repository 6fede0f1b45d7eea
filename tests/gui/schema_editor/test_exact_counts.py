"""The vendor's own count of a tool's tokens: offered where a key is, sent only on a click."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.app.schema_editor import token_counting
from workbench.core.errors import ProviderFailure
from workbench.gui.schema_editor import exact_counts_feature as exact_counts
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Callable[[], OpenWindow]:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    folder = make_project(tmp_path / "project")
    toml = folder / "workbench.toml"
    toml.write_text(
        f'{toml.read_text()}\n[connections.claude]\nwire = "anthropic"\nmodel = "claude-x"\n', encoding="utf-8"
    )
    return lambda: OpenWindow(folder, tmp_path / "home", qapp)


async def menu_of(bench: OpenWindow) -> tuple[EditorPage, QMenu]:
    await until(bench.window.isActiveWindow)
    page = bench.window.features.of(SchemaEditorFeature).open_tool("look")
    assert page is not None
    QTest.mouseClick(page.header.more, Qt.MouseButton.LeftButton)
    return page, page.header.findChildren(QMenu)[0]


def figures(page: EditorPage) -> str:
    return " | ".join(label.text() for label in page.header.findChildren(QLabel))


async def test_without_a_key_the_menu_says_what_is_missing(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    page, menu = await menu_of(bench)
    assert exact_counts.NO_KEY in [action.text() for action in menu.actions()]
    assert "≈" in figures(page)
    menu.close()


async def test_the_count_replaces_the_estimate_until_the_next_edit(
    opened: Callable[[], OpenWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def count(providers: object, keys: object, counter: object, tool: object) -> int:
        return 57

    monkeypatch.setattr(token_counting, "count_tokens", count)

    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-canary-abcdefghijklmnop")
    bench = opened()
    page, menu = await menu_of(bench)
    action = next(action for action in menu.actions() if action.text().startswith("Count exactly"))
    assert action.text() == "Count exactly with claude-x — sends this tool to Anthropic"
    menu.close()
    action.trigger()
    await until(lambda: "57 tokens · claude-x" in figures(page))
    page.editor.write_text(page.editor.document.text.replace("Look around.", "Look."))
    await until(lambda: "≈" in figures(page))


async def test_a_refusal_is_said_in_the_editor(
    opened: Callable[[], OpenWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def count(providers: object, keys: object, counter: object, tool: object) -> int:
        raise ProviderFailure("Anthropic refused the key.", kind="authentication", hint="Enter it again.")

    monkeypatch.setattr(token_counting, "count_tokens", count)

    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-canary-abcdefghijklmnop")
    bench = opened()
    page, menu = await menu_of(bench)
    action = next(action for action in menu.actions() if action.text().startswith("Count exactly"))
    menu.close()
    action.trigger()
    await until(lambda: "Not counted: Anthropic refused the key. Enter it again." in page.banner.text.text())
