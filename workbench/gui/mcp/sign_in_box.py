"""The part of a server's box for its sign-in: where it leads, the address in the browser, and the way out."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.viewmodels.mcp.server_list import ServerCard, ServerList

_ASK = "Sign in exactly there, for exactly these scopes?"
_VISIT = "Finish the sign-in in your browser. If it did not open, copy this address into one on this machine:"


class SignInBox(QWidget):
    """Shows the step of a card that has one. What is approved here is exactly what it shows."""

    def __init__(self, card: ServerCard, servers: ServerList, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        step = card.step
        text = step.plan or step.address if step is not None else ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        holder, row = flow_row()
        if step is not None and text:
            column.addWidget(label(_ASK if step.plan else _VISIT, "strong", wraps=True))
            self.shown = PlainView(look, f"Sign-in to {card.name}", max_lines=200)
            self.shown.show_text(text, max_chars=len(text))
            column.addWidget(self.shown)
        else:
            column.addWidget(label("Signing in…", "hint"))
        if step is not None and step.plan:
            row.addWidget(
                action_button(
                    "Approve and sign in",
                    f"Approve and sign in to {card.name}",
                    lambda: servers.approve_sign_in(card),
                    role="primary",
                )
            )
        elif text:
            copy = action_button(
                "Copy address", f"Copy the address for {card.name}", lambda: QGuiApplication.clipboard().setText(text)
            )
            row.addWidget(copy)
        row.addWidget(
            action_button("Cancel", f"Cancel the sign-in to {card.name}", lambda: tasks.cancel(task_of(card)))
        )
        column.addWidget(holder)


def task_of(card: ServerCard) -> str:
    """The name of the task that signs in."""
    return f"sign in {card.name}"


def browse(address: str) -> None:
    """Open a web address in the system's browser."""
    url = QUrl(address)
    if url.scheme() in ("http", "https"):
        QDesktopServices.openUrl(url)
