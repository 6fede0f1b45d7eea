"""The tool choice: auto, none or required, all tools or some, first round only or every round."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.tool_choice import ChoiceMode
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import ScrollArea
from workbench.gui.look.look import Look
from workbench.viewmodels.conversation.composer import ComposerViewModel
from workbench.viewmodels.shared.plain import one_line

_MODES: tuple[tuple[ChoiceMode, str], ...] = (
    ("auto", "Auto: the model decides"),
    ("required", "Required: must call a tool"),
    ("none", "None: must not call a tool"),
)


class ToolChoicePanel(QFrame):
    """A small panel that closes when one clicks elsewhere or presses Esc."""

    def __init__(self, view_model: ComposerViewModel, look: Look, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._view_model = view_model
        self._look = look
        self.setProperty("role", "popup")
        self.setAccessibleName("Tool choice")
        self._group = QButtonGroup(self)
        self._modes: dict[ChoiceMode, QRadioButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        column.addWidget(label("Tool choice", "strong"))
        for mode, text in _MODES:
            button = QRadioButton(text)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _=False, mode=mode: view_model.choose_mode(mode))
            self._group.addButton(button)
            self._modes[mode] = button
            column.addWidget(button)
        self._every = QCheckBox("In every round, not just the first")
        self._every.setAccessibleName("In every round, not just the first")
        self._every.clicked.connect(lambda checked: view_model.force_every_round(every=checked))
        column.addWidget(self._every)
        self._parallel = QCheckBox("Allow parallel calls")
        self._parallel.setAccessibleName("Allow parallel calls")
        self._parallel.clicked.connect(lambda checked: view_model.allow_parallel(allowed=checked))
        column.addWidget(self._parallel)
        column.addSpacing(6)
        self._only_label = label("", "caption")
        column.addWidget(self._only_label)
        self._filter = QLineEdit()
        self._filter.setProperty("role", "filter")
        self._filter.setPlaceholderText("Find a tool")
        self._filter.setAccessibleName("Find a tool")
        self._filter.textChanged.connect(self._on_filtered)
        column.addWidget(self._filter)
        self._list = ScrollArea("Tools", sideways=True)
        column.addWidget(self._list)
        self._boxes: dict[str, QCheckBox] = {}
        self._refresh()
        listen(self, view_model.changed, self._refresh)

    def open_above(self, anchor: QWidget) -> None:
        """Show the panel above its button, inside the screen."""
        self._filter.clear()
        self._refresh()
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(0, -self.height() - 6))
        area = anchor.screen().availableGeometry()
        corner.setY(max(area.top(), corner.y()))
        self.move(corner)
        self.show()
        self._modes[self._view_model.plan.first.mode].setFocus()

    def _refresh(self) -> None:
        plan = self._view_model.plan
        self._modes[plan.first.mode].setChecked(True)
        self._every.setChecked(plan.then is not None)
        self._every.setEnabled(plan.first.mode == "required")
        self._parallel.setChecked(self._view_model.parallel_calls)
        chosen = set(plan.first.only)
        self._only_label.setText(
            f"Only these tools ({len(chosen)} chosen)" if chosen else "Only these tools (none chosen: all)"
        )
        if tuple(self._boxes) != self._view_model.tool_names:
            self._make_boxes()
        for name, box in self._boxes.items():
            box.setChecked(name in chosen)

    def _make_boxes(self) -> None:
        page = QWidget()
        page.setProperty("role", "clear")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(2)
        self._boxes = {}
        for name in self._view_model.tool_names:
            box = QCheckBox(one_line(name, 64).replace("&", "&&"))
            box.setAccessibleName(f"Only {name}")
            box.clicked.connect(lambda checked, name=name: self._view_model.choose_tool(name, is_chosen=checked))
            column.addWidget(box)
            self._boxes[name] = box
        column.addStretch(1)
        self._list.setWidget(page)
        row = page.sizeHint().height()
        self._list.setFixedHeight(min(row + 4, self._look.px(190)))
        self._list.setMinimumWidth(self._look.px(260))

    def _on_filtered(self, text: str) -> None:
        for name, box in self._boxes.items():
            box.setVisible(text.casefold() in name.casefold())
