"""Connections: the list, and the form of one of them."""

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workbench.app.models.model_spec import ModelTarget
from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.models.parameters_box import ParametersBox
from workbench.viewmodels.models.connection_form import (
    ACCEPT_DONE,
    ACCEPT_DONE_WHY,
    EXAMPLES,
    THINK_TAGS,
    THINK_TAGS_WHY,
    WIRE_TITLES,
    ConnectionForm,
)
from workbench.viewmodels.shared.plain import one_line

_SHOWN_NAMES = 6


class ConnectionPanel(QWidget):
    """Shows a `ConnectionForm`; a typed key goes straight to it and leaves the box."""

    def __init__(self, form: ConnectionForm, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self._form = form
        self._tasks = tasks
        self._is_showing = False
        self.list = QListWidget()
        self.list.setAccessibleName("Connections")
        self.list.setProperty("role", "list")
        self.list.itemClicked.connect(lambda item: form.open(str(item.data(Qt.ItemDataRole.UserRole))))
        self.list.itemActivated.connect(lambda item: form.open(str(item.data(Qt.ItemDataRole.UserRole))))
        self.add = self._button("New connection", "New connection", form.new)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.list)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(8)
        column.addLayout(self._make_form(look), 1)
        self._refresh()
        listen(self, form.changed, self._refresh)

    def edit(self, target: ModelTarget, *, key: bool = False) -> None:
        """Show the connection of a model, with the cursor in its key or in its address."""
        self._form.open_target(target)
        (self.key if key else self.base_url).setFocus()

    def new(self) -> None:
        """Begin an empty connection, with the cursor in its name."""
        self._form.new()
        self.name.setFocus()

    def _make_form(self, look: Look) -> QVBoxLayout:
        self.name = self._line("Name", "my-server")
        self.wire = ComboBox()
        self.wire.setAccessibleName("Wire format")
        self.wire.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for wire, text in WIRE_TITLES:
            self.wire.addItem(text, wire)
        self.wire.currentIndexChanged.connect(self._take)
        self.base_url = self._line("Base URL", "")
        self.key_name = self._line("Key name", "empty: the vendor's default")
        self.key = QLineEdit()
        self.key.setAccessibleName("Key")
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setPlaceholderText("Paste a key to save it in the system keyring")
        self.key.returnPressed.connect(self._keep_key)
        self.keep = self._button("Save key", "Save key", self._keep_key)
        self.forget = self._button("Forget", "Delete key", self._form.forget_key)
        self.key_caption = label("", "caption", wraps=True)
        self.model = ComboBox()
        self.model.setEditable(True)
        self.model.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.model.setAccessibleName("Model")
        typed = self.model.lineEdit()
        assert typed is not None
        typed.setAccessibleName("Model")
        self.model.currentTextChanged.connect(self._take)
        self.models = self._line("More models", "more models of this server, separated by commas")
        self.parameters = ParametersBox(self._form, look)
        self.accept_done = self._box(ACCEPT_DONE, ACCEPT_DONE_WHY)
        self.think_tags = self._box(THINK_TAGS, THINK_TAGS_WHY)
        self.check = self._button("Test and list models", "Test the connection and list its models", self._check)
        self.save = self._button("Save connection", "Save the connection and a typed key", self._save)
        self.save.setProperty("role", "primary")
        self.remove = self._button("Remove", "Remove the connection", self._form.remove)
        self.undo = self._button("Undo", "Restore the removed connection", self._form.undo_remove)
        self.message = label("", "", wraps=True)
        fields = QFormLayout()
        fields.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        fields.setSpacing(10)
        fields.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        fields.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        fields.addRow("Name", self.name)
        fields.addRow("Wire", self.wire)
        fields.addRow("Base URL", self.base_url)
        fields.addRow("Key name", self.key_name)
        fields.addRow("Key", self.key)
        fields.addRow("", _row_of(self.keep, self.forget))
        fields.addRow("", self.key_caption)
        fields.addRow("Model", self.model)
        fields.addRow("More models", self.models)
        fields.addRow("Parameters", self.parameters)
        fields.addRow("Answers", self.think_tags)
        fields.addRow("", self.accept_done)
        fields.addRow("", _row_of(self.check))
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addLayout(fields)
        column.addLayout(_row(self.save, self.remove, self.undo))
        column.addWidget(self.message)
        column.addStretch(1)
        return column

    def _line(self, name: str, example: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setPlaceholderText(example)
        line.textEdited.connect(self._take)
        return line

    def _box(self, text: str, why: str) -> QCheckBox:
        box = QCheckBox(text)
        box.setToolTip(why)
        box.setAccessibleDescription(why)
        box.toggled.connect(self._take)
        return box

    def _button(self, text: str, name: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(name)
        button.clicked.connect(lambda _=False: act())  # type: ignore[operator]
        return button

    def _take(self, *_: object) -> None:
        if self._is_showing:
            return
        self._form.change(
            msgspec.structs.replace(
                self._form.draft,
                name=self.name.text(),
                wire=self.wire.currentData(),
                base_url=self.base_url.text(),
                key_name=self.key_name.text(),
                model=self.model.currentText(),
                models=tuple(self.models.text().split(",")) if self.models.text() else (),
                accept_done=self.accept_done.isChecked(),
                think_tags=self.think_tags.isChecked(),
            )
        )

    def _keep_key(self) -> None:
        if self._form.keep_key(self.key.text()):
            self.key.clear()

    def _save(self) -> None:
        if self._form.save(self.key.text()):
            self.key.clear()

    def _check(self) -> None:
        self._tasks.start("test connection", self._form.check(self.key.text()))

    def _refresh(self) -> None:
        form, draft = self._form, self._form.draft
        self._is_showing = True
        try:
            for line, text in (
                (self.name, draft.name),
                (self.base_url, draft.base_url),
                (self.key_name, draft.key_name),
                (self.models, ",".join(draft.models)),
            ):
                if line.text() != text:
                    line.setText(text)
            self.wire.setCurrentIndex(self.wire.findData(draft.wire))
            self.base_url.setPlaceholderText(EXAMPLES[draft.wire])
            self.accept_done.setChecked(draft.accept_done)
            self.accept_done.setVisible(form.can_accept_done)
            self.think_tags.setChecked(draft.think_tags)
            self._show_models(form.models, draft.model)
            self._show_names(form.names, draft.name)
        finally:
            self._is_showing = False
        self.key_caption.setText(form.key_caption)
        self.message.setText(form.message)
        set_role(self.message, "tone", "" if form.is_good is None else "ok" if form.is_good else "error")
        self.check.setEnabled(not form.is_checking)
        self.remove.setEnabled(draft.name in form.names)
        self.undo.setVisible(form.can_undo_remove)

    def _show_models(self, models: tuple[str, ...], model: str) -> None:
        if [self.model.itemText(place) for place in range(self.model.count())] != list(models):
            self.model.clear()
            self.model.addItems(models)
        if self.model.currentText() != model:
            self.model.setEditText(model)

    def _show_names(self, names: tuple[str, ...], current: str) -> None:
        if [str(self.list.item(place).data(Qt.ItemDataRole.UserRole)) for place in range(self.list.count())] != list(
            names
        ):
            self.list.clear()
            for name in names:
                item = QListWidgetItem(one_line(name, 40))
                item.setData(Qt.ItemDataRole.UserRole, name)
                self.list.addItem(item)
        self.list.setCurrentRow(names.index(current) if current in names else -1)
        self.list.setVisible(bool(names))
        self.add.setVisible(bool(names))
        self.list.setFixedHeight(min(len(names), _SHOWN_NAMES) * max(0, self.list.sizeHintForRow(0)) + 10)


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def _row_of(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    holder.setProperty("role", "clear")
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return holder
