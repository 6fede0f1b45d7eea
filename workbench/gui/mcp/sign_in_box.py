"""The sign-in part of a server's box: where it leads, the address for the browser, and Cancel."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.viewmodels.mcp.server_list import ServerCard, ServerList
from workbench.viewmodels.mcp.sign_in_step import SignInStep

_ASK = "Sign in at exactly these addresses, with only these scopes?"
_VISIT = "Finish the sign-in in your browser. If it did not open, copy this address into one on this machine:"


def sign_in_parts(card: ServerCard, step: SignInStep, servers: ServerList, look: Look, tasks: Tasks) -> list[QWidget]:
    """What a box shows during a sign-in, from top to bottom. What is approved is exactly what is shown."""
    text = step.plan or step.address
    if not text:
        return [label("Signing in…", "hint"), _buttons(card, step, servers, tasks)]
    shown = PlainView(look, f"Sign-in to {card.name}", max_lines=200)
    shown.show_text(text, max_chars=len(text))
    title = label(_ASK if step.plan else _VISIT, "strong", wraps=True)
    return [title, shown, _buttons(card, step, servers, tasks)]


def _buttons(card: ServerCard, step: SignInStep, servers: ServerList, tasks: Tasks) -> QWidget:
    holder, row = flow_row()
    name, address = card.name, step.address
    if step.plan:
        approve = action_button(
            "Approve and sign in",
            f"Approve and sign in to {name}",
            lambda: servers.approve_sign_in(card),
            role="primary",
        )
        row.addWidget(approve)
    elif address:
        copy = action_button(
            "Copy address", f"Copy the address for {name}", lambda: QGuiApplication.clipboard().setText(address)
        )
        row.addWidget(copy)
    row.addWidget(action_button("Cancel", f"Cancel the sign-in to {name}", lambda: tasks.cancel(task_of(card))))
    return holder


def task_of(card: ServerCard) -> str:
    """The name of the task that signs in."""
    return f"sign in {card.name}"


def browse(address: str) -> None:
    """Open a web address in the system's browser."""
    url = QUrl(address)
    if url.scheme() in ("http", "https"):
        QDesktopServices.openUrl(url)
