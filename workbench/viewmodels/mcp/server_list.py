"""The MCP servers of a project: what each would start, its state, its tools, and their changes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.app.mcp.mcp_import import ImportedServers, import_servers
from workbench.app.mcp.mcp_servers import ChangedTool, ServerView, ToolChange
from workbench.app.parts import HasKeys, HasProject, HasServers
from workbench.app.project.file_change import FileChange, project_text
from workbench.core.errors import WorkbenchError
from workbench.core.json_text import pretty
from workbench.core.tool import Tool
from workbench.core.word_diff import Piece, word_diff
from workbench.viewmodels.mcp.sign_in_step import PersonInWindow, SignInStep
from workbench.viewmodels.project.project_form import ProjectForm
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.tone import Tone

_STATES: dict[str, tuple[str, Tone]] = {
    "unapproved": ("not approved: not started", "warn"),
    "off": ("switched off in workbench.toml", "plain"),
    "stopped": ("stopped", "plain"),
    "starting": ("starting…", "busy"),
    "ready": ("ready", "ok"),
    "failed": ("failed", "error"),
}
_CHANGES = {
    "changed": "changed since you approved the server; withheld until you accept it",
    "new": "new since you approved the server; approval rules apply as usual",
    "gone": "no longer offered",
}


@dataclass(frozen=True)
class ToolChangeCard:
    """One changed tool: what happened to it, and the two documents word by word."""

    name: str
    kind: ToolChange
    words: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class ServerCard:
    """One server as shown. `view.shown` is exactly what an approval covers, `step` the state of a sign-in
    in progress."""

    view: ServerView
    changes: tuple[ToolChangeCard, ...]
    step: SignInStep | None = None

    @property
    def name(self) -> str:
        """Its name in workbench.toml."""
        return self.view.name

    @property
    def state(self) -> tuple[str, Tone]:
        """Its state, in words and as a tone."""
        if self.step is not None:
            return "signing in…", "busy"
        if self.view.state == "failed" and self.view.sign_in == "needed":
            return "needs a sign-in", "warn"
        words, tone = _STATES[self.view.state]
        if self.view.state == "ready":
            offered = figures.count(len(self.view.tools), "tool")
            words = " · ".join(part for part in (words, offered, self.view.about, self.view.protocol) if part)
        return one_line(words, 200), tone

    @property
    def failure(self) -> str:
        """Why it is not available."""
        return self.view.failure if self.view.state == "failed" and self.step is None else ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """Warnings about it."""
        found = list(self.view.remarks)
        if self.view.state == "ready" and self.view.sign_in == "needed" and self.step is None:
            found.append(self.view.sign_in_reason)
        if self.view.rubbish_lines:
            lines = figures.count(self.view.rubbish_lines, "line")
            found.append(f"it also printed {lines} outside the protocol, shown below")
        return tuple(one_line(remark, 300) for remark in found)

    @property
    def printed(self) -> tuple[tuple[str, str], ...]:
        """What it printed besides messages: a title, and the end of it."""
        pairs = (("Lines that are not messages", "\n".join(self.view.rubbish)), ("Standard error", self.view.output))
        return tuple((title, text) for title, text in pairs if text.strip())

    @property
    def tools(self) -> tuple[tuple[str, str], ...]:
        """Its tools: the name here, and the first words of the description."""
        return tuple((one.tool.name, one_line(one.tool.description, 160)) for one in self.view.tools)

    @property
    def can_approve(self) -> bool:
        """Whether it waits for an approval."""
        return self.view.state == "unapproved"

    @property
    def can_accept(self) -> bool:
        """Whether it offers tools whose current form the person has not accepted."""
        return any(change.kind != "gone" for change in self.changes)

    @property
    def can_start(self) -> bool:
        """Whether it is approved and may be started, or started again."""
        return self.view.state in ("stopped", "ready", "failed") and self.step is None

    @property
    def can_sign_in(self) -> bool:
        """Whether it requires a sign-in."""
        return self.can_start and self.view.sign_in == "needed"

    @property
    def can_sign_out(self) -> bool:
        """Whether its tokens are stored."""
        return self.can_start and self.view.has_tokens


class ServerParts(HasProject, HasServers, HasKeys, Protocol):
    """What listing servers needs."""


class ServerList(ProjectForm[ServerParts]):
    """Listens to the project's servers until it is closed."""

    def __init__(
        self,
        parts: ServerParts,
        reload: Callable[[], Awaitable[None]],
        later: Callable[[Callable[[], None]], None] = lambda act: act(),
    ) -> None:
        """`reload` reads the project's files again. `later` defers listening, so that emitters are not delayed."""
        super().__init__(parts, reload)
        self._people: dict[str, PersonInWindow] = {}
        self._steps: dict[str, SignInStep] = {}
        self.cards: tuple[ServerCard, ...] = ()
        self._unsubscribe = parts.mcp.changed.connect(lambda: later(self.refresh))
        self.refresh()

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()

    def refresh(self) -> None:
        """Refresh the servers."""
        changes: dict[str, list[ToolChangeCard]] = {}
        for one in self._parts.mcp.changed_tools:
            changes.setdefault(one.server, []).append(_change(one))
        self.cards = tuple(
            ServerCard(view, tuple(changes.get(view.name, ())), self._steps.get(view.name))
            for view in self._parts.mcp.views
        )
        self.changed.emit()

    def approve(self, card: ServerCard) -> bool:
        """Approve starting exactly what the card shows; False when that has changed."""
        try:
            self._parts.mcp.approve(card.name, card.view.shown)
        except WorkbenchError as error:
            self.refresh()
            self._fail(error)
            return False
        self.refresh()
        return True

    async def approve_and_start(self, card: ServerCard) -> None:
        """Approve what the card shows, and start it."""
        if self.approve(card):
            await self._parts.mcp.connect(card.name)

    async def start(self, card: ServerCard) -> None:
        """Start it, or stop it and start it again. A failure is on its card."""
        await self._parts.mcp.restart(card.name)

    async def revoke(self, card: ServerCard) -> None:
        """Stop it and require approval before its next start."""
        await self._parts.mcp.revoke(card.name)
        self._tell(f"{card.name} was stopped. Approve it before starting it again.", is_good=True)

    async def sign_in(self, card: ServerCard, browse: Callable[[str], None]) -> None:
        """Show where the sign-in leads, wait until that is approved, and open the browser with `browse`."""

        def on_step(step: SignInStep) -> None:
            self._steps[card.name] = step
            self.refresh()

        person = self._people[card.name] = PersonInWindow(on_step, browse)
        try:
            await self._parts.mcp.sign_in(card.name, person)
            self._tell(f"Signed in to {card.name}.", is_good=True)
        except WorkbenchError as error:
            self._fail(error, f"{card.name}: ")
        finally:
            del self._steps[card.name], self._people[card.name]
            self.refresh()

    def approve_sign_in(self, card: ServerCard) -> None:
        """Sign in exactly where the card says, and nowhere else."""
        person = self._people.get(card.name)
        if person is not None and self._steps.get(card.name) == card.step:
            person.approve()

    async def sign_out(self, card: ServerCard) -> None:
        """Revoke and forget its tokens."""
        try:
            await self._parts.mcp.sign_out(card.name)
            self._tell(f"Signed out of {card.name}. Its tokens are forgotten.", is_good=True)
        except WorkbenchError as error:
            self._fail(error)

    def accept(self, card: ServerCard) -> None:
        """Accept the server's tools as they are now."""
        self._parts.mcp.accept_changes(card.name)
        self._tell(f"The tools of {card.name} are accepted in their current form.", is_good=True)

    async def take_file(self, file: Path) -> None:
        """Add the servers of another host's configuration file; none of them is started."""
        try:
            before = project_text(self._parts.project.folder)
            found = import_servers(self._parts.project.folder, self._parts.keys, file)
            after = project_text(self._parts.project.folder)
        except WorkbenchError as error:
            self._fail(error)
            return
        if found.added:
            self._undone.append(FileChange(before, after))
            await self._reload()
        self.refresh()
        self._tell(_imported(found), is_good=bool(found.added))

    def _show_undone(self) -> None:
        """Keys that the import has put into the keyring stay there."""
        self.refresh()
        self._tell("Import undone.", is_good=True)


def _change(one: ChangedTool) -> ToolChangeCard:
    before, after = _document(one.before), _document(one.tool)
    words = _CHANGES[one.change]
    if one.change == "changed" and one.before is None:
        words += "; its previous definition was too large to keep"
    return ToolChangeCard(one_line(one.name, 80), one.change, words, word_diff(before, after))


def _document(tool: Tool | None) -> str:
    return pretty(tool.document) if tool is not None else ""


def _imported(found: ImportedServers) -> str:
    parts = [f"Added {', '.join(found.added)}. Review what each one starts, then approve it." if found.added else ""]
    parts.append(f"Already there: {', '.join(found.kept)}." if found.kept else "")
    parts += [f"{one_line(name, 60)} cannot be used: {why}." for name, why in found.skipped.items()]
    parts += [f"{one_line(remark, 200)}." for remark in found.remarks]
    parts.append(f"Keys saved in the system keyring: {', '.join(found.saved)}." if found.saved else "")
    parts.append(f"Keys still to set: {', '.join(found.missing)}." if found.missing else "")
    return " ".join(part for part in parts if part) or "The file contains no servers."
