"""The commands of the main window: their words, groups and keys in one table."""

from typing import Protocol

from workbench.gui.actions import Command
from workbench.gui.panes import Panes


class Wishes(Protocol):
    """What the commands ask of the window."""

    @property
    def panes(self) -> Panes: ...
    def run(self) -> None: ...
    def stop(self) -> None: ...
    def new_conversation(self) -> None: ...
    def go_to_approval(self, step: int = 1) -> None: ...
    def open_palette(self) -> None: ...
    def go_to_message(self) -> None: ...
    def go_to_filter(self) -> None: ...
    def close_tab(self) -> None: ...
    def step_tab(self, by: int) -> None: ...
    def zoom(self, steps: int) -> None: ...
    def switch_appearance(self) -> None: ...
    def follow_system(self) -> None: ...
    def look_at_code(self) -> None: ...
    def reload(self) -> None: ...
    def open_settings(self) -> None: ...
    def open_help(self) -> None: ...
    def close(self) -> bool: ...


def window_commands(window: Wishes) -> tuple[Command, ...]:
    """All commands, in the order of the palette."""
    return (
        Command("run", "Run the message", "Run", window.run, ("Ctrl+Return", "Ctrl+Enter"), "play"),
        Command("stop", "Stop the run", "Run", window.stop, ("Esc",), "stop"),
        Command("new-conversation", "New conversation", "Run", window.new_conversation, ("Ctrl+N", "Ctrl+T"), "plus"),
        Command("next-approval", "Next approval", "Approvals", window.go_to_approval, ("F8",), "hand"),
        Command(
            "previous-approval", "Previous approval", "Approvals", lambda: window.go_to_approval(-1), ("Shift+F8",)
        ),
        Command("palette", "Command palette", "View", lambda: window.open_palette(), ("Ctrl+K", "Ctrl+Shift+P")),
        Command("explorer", "Explorer", "View", lambda: window.panes.explorer.toggle(), ("Ctrl+B",), "panel-left"),
        Command(
            "trace", "Trace and inspector", "View", lambda: window.panes.toggle_right(), ("Ctrl+J",), "panel-right"
        ),
        Command("approvals", "Waiting approvals", "View", lambda: window.panes.approvals.toggle(), ("Ctrl+Shift+A",)),
        Command("message", "Go to the message", "View", window.go_to_message, ("Ctrl+L",)),
        Command("filter", "Filter the trace", "View", window.go_to_filter, ("Ctrl+Shift+F",)),
        Command("close-tab", "Close the tab", "View", window.close_tab, ("Ctrl+W",)),
        Command("next-tab", "Next tab", "View", lambda: window.step_tab(1), ("Ctrl+Tab",)),
        Command("previous-tab", "Previous tab", "View", lambda: window.step_tab(-1), ("Ctrl+Shift+Tab",)),
        Command("reset-layout", "Reset layout", "View", lambda: window.panes.reset()),
        Command("larger", "Larger text", "Appearance", lambda: window.zoom(1), ("Ctrl++", "Ctrl+=")),
        Command("smaller", "Smaller text", "Appearance", lambda: window.zoom(-1), ("Ctrl+-",)),
        Command("normal", "Normal text size", "Appearance", lambda: window.zoom(0), ("Ctrl+0",)),
        Command("switch-appearance", "Switch between light and dark", "Appearance", window.switch_appearance),
        Command("system-appearance", "Follow the system's appearance", "Appearance", window.follow_system),
        Command("look-at-code", "Look at the project's code", "Project", window.look_at_code),
        Command("reload", "Read the project's files again", "Project", window.reload, ("Ctrl+R",)),
        Command("settings", "Settings", "Project", window.open_settings, ("Ctrl+,",)),
        Command("help", "User guide", "Project", window.open_help, ("F1",)),
        Command("quit", "Close the window", "Project", window.close, ("Ctrl+Q",)),
    )
