"""The banner of a project whose code is not trusted yet. None of it runs before the person decides."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from workbench.app.trust.trust_report import TrustReport
from workbench.app.trust.trust_seen import TrustSeen
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.figures import count

_LEAST_TEXT = 240


class TrustBanner(QFrame):
    """One sentence and two buttons."""

    trusted = Signal()
    look_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "banner")
        self.setAccessibleName("This project is not trusted")
        self._icon = QLabel()
        self._text = label("", "", wraps=True)
        self.look_button = QPushButton("Review code")
        self.look_button.setAccessibleName("Review the code of this project")
        self.look_button.clicked.connect(self.look_asked)
        self.trust_button = QPushButton("Trust and run")
        self.trust_button.setAccessibleName("Trust this project and run the message")
        self.trust_button.setProperty("role", "primary")
        self.trust_button.clicked.connect(self.trusted)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(10)
        row.addWidget(self._icon)
        self._text.setMinimumWidth(look.px(_LEAST_TEXT))
        buttons, flow = flow_row()  # stacked in a narrow window
        flow.addWidget(self.look_button)
        flow.addWidget(self.trust_button)
        row.addWidget(self._text, 1)
        row.addWidget(buttons)
        self._take_look()
        look.follow(self, self._take_look)

    def show_report(self, report: TrustReport, seen: TrustSeen) -> None:
        """Say how much code there is, and whether data or keys would go elsewhere. The full list is one click away."""
        has_code = seen.code_files or report.functions
        parts = [f"contains code ({count(seen.code_files, 'file')})"] if has_code else []
        parts += [f"sends data with {count(len(report.addresses), 'HTTP tool')}"] if report.addresses else []
        allowing = 0 if seen.trusts_rules else sum(rule.startswith("allow ") for rule in report.rules)
        parts += [f"allows calls without asking ({count(allowing, 'rule')})"] if allowing else []
        parts += [f"sends keys to {count(len(report.connections), 'model server')}"] if report.connections else []
        self._text.setText(
            f"This project {', '.join(parts) or 'runs code'}. None of it takes effect until you trust "
            "it. Any later change asks again."
        )

    def _take_look(self) -> None:
        size = self._look.px(18)
        self._icon.setPixmap(self._look.pixmap("shield", "warn", size, self.devicePixelRatioF()))
