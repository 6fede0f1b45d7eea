"""The commands of the main window: their words, groups and keys in one table."""

from typing import Protocol

from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.copying import Copying
from workbench.gui.frame.dock import Dock
from workbench.gui.frame.documents import Documents
from workbench.gui.frame.opening import Opening
from workbench.gui.frame.panes import Panes
from workbench.gui.frame.project_switch import ProjectSwitch
from workbench.gui.look.look import APPEARANCES
from workbench.gui.window.appearance import AppearanceSwitch
from workbench.viewmodels.conversation.conversation import ConversationViewModel


class WindowActions(Protocol):
    """What the commands need from the window."""

    @property
    def pane(self) -> ChatPane | None: ...
    @property
    def panes(self) -> Panes: ...
    @property
    def approvals_dock(self) -> Dock: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def opening(self) -> Opening: ...
    @property
    def switch(self) -> ProjectSwitch: ...
    @property
    def copying(self) -> Copying: ...
    @property
    def appearance(self) -> AppearanceSwitch: ...
    def run(self) -> None: ...
    def stop(self) -> None: ...
    def copy_markdown(self) -> None: ...
    def new_conversation(self) -> None: ...
    def switch_stepping(self) -> None: ...
    def step_on(self) -> None: ...
    def go_to_approval(self, step: int = 1) -> None: ...
    def open_palette(self) -> None: ...
    def go_to_message(self) -> None: ...
    def close_tab(self) -> None: ...
    def delete_conversation(self) -> None: ...
    def reload(self) -> None: ...
    def close(self) -> bool: ...


def window_commands(window: WindowActions) -> tuple[Command, ...]:
    """All commands, in the order of the palette. Their actions are looked up when they are used."""

    def conversation() -> ConversationViewModel | None:
        return window.pane.conversation if window.pane is not None else None

    return (
        Command(
            "run", "Run the message", "Run", window.run, ("Ctrl+Return", "Ctrl+Enter"), "play", synonyms="send submit"
        ),
        Command("stop", "Stop the run", "Run", window.stop, ("Esc",), "stop", synonyms="cancel abort"),
        Command(
            "new-conversation",
            "New conversation",
            "Run",
            window.new_conversation,
            ("Ctrl+N", "Ctrl+T"),
            "plus",
            synonyms="chat",
        ),
        Command("step-mode", "Step mode: pause before each request and call", "Run", window.switch_stepping),
        Command("step-on", "Continue a held run", "Run", window.step_on, ("F10",)),
        Command("next-approval", "Next approval", "Approvals", window.go_to_approval, ("F8",), "hand"),
        Command(
            "previous-approval", "Previous approval", "Approvals", lambda: window.go_to_approval(-1), ("Shift+F8",)
        ),
        Command(
            "copy-markdown",
            "Copy the conversation as Markdown",
            "Copy",
            window.copy_markdown,
            ("Ctrl+Shift+M",),
        ),
        Command(
            "copy-curl",
            "Copy the request as curl",
            "Copy",
            lambda: window.copying.request(conversation(), "curl"),
            ("Ctrl+Shift+C",),
        ),
        Command(
            "copy-python",
            "Copy the request as Python",
            "Copy",
            lambda: window.copying.request(conversation(), "python"),
        ),
        Command("palette", "Command palette", "View", lambda: window.open_palette(), ("Ctrl+K", "Ctrl+Shift+P")),
        Command("approvals", "Waiting approvals", "View", lambda: window.approvals_dock.toggle(), ("Ctrl+Shift+A",)),
        Command("message", "Go to the message", "View", window.go_to_message, ("Ctrl+L",)),
        Command("close-tab", "Close the tab", "View", window.close_tab, ("Ctrl+W",)),
        Command("next-tab", "Next tab", "View", lambda: window.documents.step(1), ("Ctrl+Tab",)),
        Command("previous-tab", "Previous tab", "View", lambda: window.documents.step(-1), ("Ctrl+Shift+Tab",)),
        Command("pin-tab", "Pin or unpin the tab", "View", lambda: window.documents.pin_open()),
        Command(
            "split-right",
            "Split right: show this tab beside the others",
            "View",
            lambda: window.documents.split_right(),
            ("Ctrl+\\",),
            synonyms="side by side",
        ),
        Command("join-left", "Undo split: move this tab back", "View", lambda: window.documents.join_left()),
        Command(
            "tab-back", "Move the tab to the left", "View", lambda: window.documents.move_open(-1), ("Ctrl+Shift+PgUp",)
        ),
        Command(
            "tab-on", "Move the tab to the right", "View", lambda: window.documents.move_open(1), ("Ctrl+Shift+PgDown",)
        ),
        Command("reset-layout", "Reset layout", "View", lambda: window.panes.reset()),
        *_appearance_commands(window),
        Command("delete-conversation", "Delete the conversation", "Project", window.delete_conversation),
        Command("look-at-code", "Review project code", "Project", lambda: window.opening.code(), opens_page=True),
        Command("reload", "Reload project", "Project", window.reload, ("Ctrl+R",), synonyms="refresh"),
        Command(
            "open-weather",
            "Open the sample: weather desk",
            "Project",
            lambda: window.switch.open_sample("weather-desk"),
        ),
        Command(
            "open-shop", "Open the sample: shop support", "Project", lambda: window.switch.open_sample("shop-support")
        ),
        Command("quit", "Close the window", "Project", window.close, ("Ctrl+Q",), synonyms="quit exit"),
    )


def _appearance_commands(window: WindowActions) -> tuple[Command, ...]:
    themes = tuple(
        Command(
            f"theme-{appearance}",
            f"{text} theme" if appearance != "system" else "Use system theme",
            "Appearance",
            lambda appearance=appearance: window.appearance.show(appearance),  # type: ignore[misc]
            synonyms="theme color scheme mode appearance",
        )
        for appearance, text in APPEARANCES
    )
    words, group = "zoom font size text scale", "Appearance"
    return (
        Command(
            "larger", "Larger text", group, lambda: window.appearance.zoom(1), ("Ctrl++", "Ctrl+="), synonyms=words
        ),
        Command("smaller", "Smaller text", group, lambda: window.appearance.zoom(-1), ("Ctrl+-",), synonyms=words),
        Command("normal", "Normal text size", group, lambda: window.appearance.zoom(0), ("Ctrl+0",), synonyms=words),
        Command(
            "switch-appearance", "Switch between light and dark", group, window.appearance.switch, synonyms="theme"
        ),
        *themes,
    )
