"""One MCP server: the whole command, its state, its tools, and what it has changed."""

from collections.abc import Coroutine
from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.kit.diff_view import DiffView
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import ElidedLabel, label
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.mcp.sign_in_box import browse, sign_in_parts, task_of
from workbench.viewmodels.mcp.server_list import ServerCard, ServerList

_MAX_TOOLS = 40
_MAX_CHANGES = 20


class ServerBox(QFrame):
    """Shows a `ServerCard`. What is approved here is exactly what it shows."""

    def __init__(self, card: ServerCard, servers: ServerList, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self.card = card
        self._servers = servers
        self._look = look
        self._tasks = tasks
        self.setProperty(
            "role", "card-wait" if card.can_approve or card.can_accept or card.can_sign_in or card.step else "card"
        )
        self.setAccessibleName(f"MCP server {card.name}")
        words, tone = card.state
        state = ElidedLabel(words, "caption")
        state.setProperty("tone", tone)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(label(card.name, "mono-strong"))
        head.addWidget(state, 1)
        self.command = self._text(f"What {card.name} starts or connects to", card.view.shown, lines=0)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.command)
        for text, tone_of in (
            *(((card.failure, "error"),) if card.failure else ()),
            *((one, "warn") for one in card.remarks),
        ):
            line = label(text, "hint", wraps=True)
            line.setProperty("tone", tone_of)
            column.addWidget(line)
        for change in card.changes[:_MAX_CHANGES]:
            column.addWidget(label(f"{change.name}: {change.words}", "strong", wraps=True))
            diff = DiffView(look, f"What changed in {change.name}", is_mono=True, max_lines=16)
            diff.show_pieces(change.pieces)
            column.addWidget(diff)
        if card.tools:
            listed = "\n".join(f"{name} — {about}" if about else name for name, about in card.tools[:_MAX_TOOLS])
            more = len(card.tools) - _MAX_TOOLS
            text = f"{listed}\n… and {more} more" if more > 0 else listed
            column.addWidget(self._text(f"Tools from {card.name}", text, lines=8))
        for title, text in card.printed:
            column.addWidget(label(title, "caption"))
            column.addWidget(self._text(f"{title} of {card.name}", text, lines=6))
        if card.step is not None:
            for part in sign_in_parts(card, card.step, servers, look, tasks):
                column.addWidget(part)
        column.addWidget(self._make_buttons())

    def _make_buttons(self) -> QWidget:
        card, servers = self.card, self._servers
        holder, row = flow_row()
        if card.can_approve:
            row.addWidget(
                action_button(
                    "Approve and start",
                    f"Approve and start {card.name}",
                    lambda: self._start(servers.approve_and_start(card)),
                )
            )
        if card.can_accept:
            row.addWidget(
                action_button("Accept changes", f"Accept changes from {card.name}", lambda: servers.accept(card))
            )
        if card.can_sign_in:
            row.addWidget(
                action_button(
                    "Sign in…",
                    f"Sign in to {card.name}",
                    lambda: self._tasks.start(task_of(card), servers.sign_in(card, browse)),
                    role="primary",
                )
            )
        if card.can_sign_out:
            row.addWidget(
                action_button("Sign out", f"Sign out of {card.name}", lambda: self._start(servers.sign_out(card)))
            )
        if card.can_start:
            verb = "Restart" if card.view.state == "ready" else "Connect"
            row.addWidget(action_button(verb, f"{verb} {card.name}", lambda: self._start(servers.start(card))))
            row.addWidget(
                action_button(
                    "Revoke approval", f"Revoke the approval of {card.name}", lambda: self._start(servers.revoke(card))
                )
            )
        holder.setVisible(row.count() > 0)
        return holder

    def _text(self, name: str, text: str, *, lines: int) -> PlainView:
        view = PlainView(self._look, name, max_lines=lines or 200)
        view.show_text(text, max_chars=len(text) if not lines else 20_000)
        return view

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(f"server {self.card.name}", work)
