"""The result of a rerun: identical, or the first difference with both sides."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.page_frame import PageFrame, action_button
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look
from workbench.viewmodels.replay.rerun_report import RerunResult
from workbench.viewmodels.shared.tone import Tone

_ICONS: dict[Tone, tuple[str, str]] = {"ok": ("ok", "ok"), "error": ("error", "error"), "warn": ("warn", "warn")}


class RerunPage(PageFrame):
    """The report of one run."""

    open_asked = Signal(str, str)
    again_asked = Signal()

    def __init__(self, result: RerunResult, look: Look) -> None:
        super().__init__("Rerun")
        self.result = result
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        place = result.rerun.divergence.place if result.rerun is not None and result.rerun.divergence else ""
        self.open_button = action_button(
            "Open the run at that point" if place else "Open the run",
            "Open the run at the difference" if place else "Open the run",
            lambda: self.open_asked.emit(result.run_id, place),
        )
        row.addWidget(self.open_button)
        row.addWidget(action_button("Rerun", "Rerun it over its recording", self.again_asked.emit))
        row.addStretch(1)
        self.add_section("Rerun", result.title, ResultBox(result, look), buttons)


class ResultBox(QFrame):
    """One result, with both sides of the first difference."""

    def __init__(self, result: RerunResult, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "notice-error" if result.tone == "error" else "notice")
        self.setAccessibleName(result.verdict)
        icon = QLabel()
        name, token = _ICONS[result.tone]
        icon.setPixmap(look.pixmap(name, token, look.px(20), self.devicePixelRatioF()))
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(icon)
        self.verdict = label(result.verdict.capitalize(), "heading")
        set_role(self.verdict, "tone", result.tone)
        head.addWidget(self.verdict)
        head.addWidget(label(result.figures, "muted"))
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(10)
        column.addLayout(head)
        self.explanation = label(result.explanation, "", wraps=True)
        column.addWidget(self.explanation)
        self.views: list[PlainView] = []
        if result.place:
            column.addWidget(label(result.place, "strong", wraps=True))
            sides = QHBoxLayout()
            sides.setSpacing(20)
            for title, text in zip(("recorded", "now"), result.sides, strict=True):
                side = QVBoxLayout()
                side.setSpacing(4)
                side.addWidget(label(title, "caption"))
                view = PlainView(look, f"{title}: {result.place}", max_lines=10)
                view.show_text(text)
                self.views.append(view)
                side.addWidget(view)
                side.addStretch(1)
                sides.addLayout(side, 1)
            column.addLayout(sides)
