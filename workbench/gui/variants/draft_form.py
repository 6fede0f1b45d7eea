"""Editing a variant in place: instructions, model, tool choice, and each tool's words and parameters."""

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workbench.core.model_parameters import PARAMETERS
from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.field_grid import FieldGrid
from workbench.gui.kit.labels import label
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.gui.variants.draft_field import DraftField
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.variants.variant_draft import VariantDraft


class DraftForm(QWidget):
    """Shows a `VariantDraft`; `show_draft` replaces it."""

    def __init__(self, look: Look, keys: UndoKeys, models: tuple[str, ...]) -> None:
        """`models` are the SPECs offered while the user types."""
        super().__init__()
        self.setProperty("role", "clear")
        self._draft: VariantDraft | None = None
        self._is_showing = False
        self.note = DraftField("note", "Note", look)
        self.instructions = DraftField("instructions", "Instructions", look, lines=3)
        self.model = DraftField("model", "Model", look)
        self.tool_choice = DraftField("tool_choice", "Tool choice, first round", look)
        self.later = DraftField("tool_choice_after", "Tool choice, later rounds", look)
        self.parameters = [DraftField(one.name, one.label, look) for one in PARAMETERS]
        for field, one in zip(self.parameters, PARAMETERS, strict=True):
            field.describe(f"{one.about}. Empty: the vendor's default.", "default")
        self.parallel = QCheckBox("Allow parallel calls")
        self.parallel.setAccessibleName("Allow parallel calls")
        self.parallel.clicked.connect(self._let_parallel)
        self.model.offer(models, "Models")
        for choice in (self.tool_choice, self.later):
            choice.control.setToolTip("auto, none, required, NAME[,NAME…] or auto:NAME[,NAME…]")
        if isinstance(self.later.control, QLineEdit):
            self.later.control.setPlaceholderText("after none: none, else auto")
        self.tool = ComboBox()
        self.tool.setAccessibleName("Tool to edit in this variant")
        self.tool.view().setAccessibleName("Tools")
        self.tool.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.tool.currentIndexChanged.connect(self._select)
        self.offered = QCheckBox("Offer it to the model")
        self.offered.setAccessibleName("Offer this tool to the model")
        self.offered.clicked.connect(self._offer)
        self.name = DraftField("name", "Name for the model", look)
        self.description = DraftField("description", "Description", look, lines=3)
        self.schema = DraftField("schema", "Parameters", look, lines=4, is_json=True)
        self.search_text = DraftField("search_text", "Search text", look, lines=2)
        self.search_text.describe(
            "What routing searches in place of the description; no model sees it.", "As the description"
        )
        self.examples = DraftField("examples", "Examples", look, lines=2)
        self.examples.describe(
            "Requests for which this tool is right, one per line; routing finds it by them.",
            "Requests for which this tool is right, one per line",
        )
        self._of_tool = (self.name, self.description, self.schema, self.search_text, self.examples)
        self.fields = (
            self.note,
            self.instructions,
            self.model,
            self.tool_choice,
            self.later,
            *self.parameters,
            *self._of_tool,
        )
        for field in self.fields:
            field.watch(keys)
        self._renamed = label(
            "A renamed tool has no executor: answer its calls yourself, or promote the variant.",
            "hint",
            wraps=True,
        )
        pair = QHBoxLayout()
        pair.setSpacing(14)
        pair.addWidget(self.model, 1)
        pair.addWidget(self.tool_choice, 1)
        pair.addWidget(self.later, 1)
        pick = QHBoxLayout()
        pick.setSpacing(14)
        pick.addWidget(label("Tool", "caption"))
        pick.addWidget(self.tool)
        pick.addWidget(self.offered)
        pick.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (self.note, self.instructions):
            column.addWidget(part)
        column.addLayout(pair)
        column.addWidget(FieldGrid(self.parameters, look, len(self.parameters)))
        column.addWidget(self.parallel)
        column.addSpacing(6)
        column.addLayout(pick)
        column.addWidget(self.name)
        column.addWidget(self._renamed)
        for field in self._of_tool[1:]:
            column.addWidget(field)

    def show_draft(self, draft: VariantDraft) -> None:
        """Show this draft as it is now."""
        self._draft = draft
        self._is_showing = True
        wanted = [
            (row.key, one_line(f"{row.label} · {row.mark}" if row.mark else row.label, 80)) for row in draft.tools
        ]
        if wanted != [(self.tool.itemData(place), self.tool.itemText(place)) for place in range(self.tool.count())]:
            self.tool.clear()
            for key, words in wanted:
                self.tool.addItem(words, key)
        self.tool.setCurrentIndex(self.tool.findData(draft.tool))
        self.offered.setChecked(draft.is_offered)
        self.parallel.setChecked(draft.is_parallel)
        self._is_showing = False
        has_tool = bool(draft.tool)
        self.tool.setVisible(has_tool)
        self.offered.setVisible(has_tool)
        for field in self.fields:
            field.show_draft(draft)
        for field in self._of_tool:
            field.setVisible(has_tool and draft.is_offered)
        self.name.setVisible(has_tool and draft.is_offered and not draft.tool.startswith("+"))
        self._renamed.setVisible(self.name.isVisibleTo(self) and draft.is_own("name"))

    def _select(self, place: int) -> None:
        if not self._is_showing and self._draft is not None and place >= 0:
            self._draft.select(str(self.tool.itemData(place)))

    def _let_parallel(self, is_on: bool) -> None:
        if self._draft is not None:
            self._draft.let_parallel(is_parallel=is_on)

    def _offer(self, is_on: bool) -> None:
        if self._draft is not None:
            self._draft.let_offer(is_offered=is_on)
