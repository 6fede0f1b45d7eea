"""The schema editor's view-model: one tool's text, its form, its problems, what is sent of it, and its file."""

from collections.abc import Callable, Sequence

from workbench.app.lint.fixing import fixed_text
from workbench.app.microscope.sentence_heat import HeatStore
from workbench.app.models.wires import WIRES
from workbench.app.schema_editor.tool_editing import TextFile
from workbench.core.errors import WorkbenchError
from workbench.core.json_edit import formatted, remove
from workbench.core.json_text import JsonObject, parse_strict
from workbench.core.signal import Signal
from workbench.core.token_estimate import estimated_tokens
from workbench.core.tool import Tool
from workbench.core.word_diff import Piece, word_diff
from workbench.viewmodels.schema_editor.bases import Base, Bases
from workbench.viewmodels.schema_editor.comparison import TextChange, changes_between
from workbench.viewmodels.schema_editor.description_heat import TOOL_DESCRIPTION, ShownHeat, description_heat
from workbench.viewmodels.schema_editor.document import ToolDocument
from workbench.viewmodels.schema_editor.fields import Field
from workbench.viewmodels.schema_editor.form import Form
from workbench.viewmodels.schema_editor.history import UndoStep
from workbench.viewmodels.schema_editor.parameter_edits import value_at
from workbench.viewmodels.schema_editor.preview import Preview, preview_of
from workbench.viewmodels.schema_editor.problem import EditorProblem
from workbench.viewmodels.schema_editor.problem_list import ProblemList
from workbench.viewmodels.schema_editor.tool_file_state import ToolFileState


class SchemaEditorViewModel:
    """Everything the editor shows and offers."""

    def __init__(
        self,
        file: TextFile,
        *,
        toolset: Callable[[], Sequence[Tool]] = tuple,
        heats: HeatStore | None = None,
        later: Callable[[Callable[[], None]], object] | None = None,
    ) -> None:
        """`toolset` is all tools that a model is offered; `heats` what was measured about their descriptions. `later`
        runs its argument soon, and only the last of many; without it, checks are made at once."""
        self._toolset = toolset
        self._heats = heats
        self.document = ToolDocument(file.text)
        self.opened_text = file.text
        self.kept_text = file.text
        """The text as it last was saved on purpose: what changes are counted from."""
        self.bases = Bases(
            (
                Base("saved", "the last save (Ctrl+S)", lambda: self.kept_text),
                Base("opened", "the tool as opened", lambda: self.opened_text),
            )
        )
        self.file = ToolFileState(file, self.document)
        self.form = Form(self.document)
        self.problems = ProblemList(self.document, lambda: self.file.file.path.stem, self._others)
        self.changed: Signal[[]] = Signal()
        """The text changed, or what it is compared with."""
        self.heats_read: Signal[[]] = Signal()
        """What was measured about descriptions is known now."""
        self.refused: Signal[[str]] = Signal()
        """Something that was asked for could not be done, and why."""
        self._later = later
        self.document.changed.connect(self._on_text_changed)
        self.bases.changed.connect(self.changed.emit)

    # what is shown

    @property
    def name(self) -> str:
        """The tool's name as the text has it, or the file's."""
        found = self.document.value.get("name")
        return found if isinstance(found, str) and found else self.file.file.path.stem

    @property
    def tokens(self) -> int:
        """About how many tokens the tool costs in a request."""
        return self.preview(WIRES[0].id, strict=False).tokens

    @staticmethod
    def tokens_of(text: str) -> int:
        """About how many tokens a text is."""
        return estimated_tokens(text)

    def description_pieces(self, path: str, text: str) -> tuple[Piece, ...]:
        """The description at a pointer, being `text` now, against the one of the chosen base."""
        try:
            kept = value_at(self.bases.chosen.text(), path)
        except (KeyError, WorkbenchError):
            kept = ""
        return word_diff(kept if isinstance(kept, str) else "", text)

    def description_heat(self, path: str, text: str) -> ShownHeat | None:
        """What was measured about the tool's own description, being `text` now; None for any other."""
        if self._heats is None or path != TOOL_DESCRIPTION:
            return None
        return description_heat(self._heats, self.name, text)

    def changes(self, base: str | None = None) -> tuple[TextChange, ...]:
        """What changed since the chosen base, or against any other text of a tool."""
        return changes_between(_object_in(self.bases.chosen.text() if base is None else base), self.document.value)

    def tokens_at(self, path: str) -> int:
        """About how many tokens a parameter, with all that is inside it, adds to every request; 0 for the whole."""
        if not path or self.document.is_broken:
            return 0
        try:
            without = parse_strict(remove(self.document.text, path))
        except (KeyError, IndexError, WorkbenchError):
            return 0
        rest = without if isinstance(without, dict) else {}
        return max(0, self.tokens - preview_of(rest, WIRES[0].id, strict=False).tokens)

    def preview(self, wire: str, *, strict: bool) -> Preview:
        """What a wire gets."""
        return preview_of(self.document.value, wire, strict=strict)

    # editing

    def write_text(self, text: str) -> None:
        """The JSON view was typed into."""
        self.document.write(text, merge="json")

    def write_field(self, field: Field, raw: str) -> str:
        """A field of the form was typed into: empty when it fits, else what is wrong with it."""
        wrong = self.form.write(field, raw)
        if not wrong and field.kind == "name" and field.path == "/name":
            self.save(on_purpose=True)
        return wrong

    def fix(self, problem: EditorProblem) -> None:
        """Apply the fix of a problem, as one step that Undo takes back."""
        self.problems.check()  # the text may be newer than the list
        if problem.fix is not None and problem in self.problems.items:
            self.document.edit(problem.fix.applied, words=problem.fix.words, place=problem.path)

    def fix_all(self) -> None:
        """Apply every fix, as one step that Undo takes back."""
        self.document.edit(lambda text: fixed_text(text)[0], words="Fix all problems", place="")

    def lay_out(self) -> None:
        """Lay the JSON out in the house's way."""
        self.document.edit(formatted, words="Format JSON", place="")

    def undo(self) -> None:
        """Undo the last edit, in whichever view it was made."""
        self._follow(self.document.undo())

    def redo(self) -> None:
        """Redo it."""
        self._follow(self.document.redo())

    # saving

    def save(self, *, on_purpose: bool = False) -> bool:
        """Save; on purpose, the file is also named after the tool. Whether the file holds the text."""
        self.document.history.pause()
        if not self.file.save():
            if on_purpose and self.document.is_broken:
                fault = self.problems.items[0] if self.problems.items else None
                place = f" ({fault.place})" if fault is not None else ""
                self.refused.emit(f"Invalid JSON{place} is not saved to the file. It is kept as a draft.")
            return False
        if on_purpose:
            self.kept_text = self.document.text
            try:
                self.file.name_file_after_tool()
            except WorkbenchError as error:
                self.refused.emit(f"The file was not renamed: {error.message}. {error.hint}".strip())
            self.problems.check()
            self.changed.emit()
        return True

    def _others(self) -> tuple[Tool, ...]:
        """The other tools. This one's file may be older than its text, so it is known by the name as saved, too."""
        saved = _object_in(self.file.file.text).get("name")
        return tuple(tool for tool in self._toolset() if tool.name not in (saved, self.name))

    def _follow(self, step: UndoStep | None) -> None:
        if step is None:
            return
        places = self.document.places
        self.form.select(step.place if places.node(step.place) else places.pointer_at(step.edit.start))
        if step.place == "/name":  # a file that was renamed with the tool is renamed back with it
            self.save(on_purpose=True)

    def _on_text_changed(self) -> None:
        self.file.text_changed()
        self.form.refresh()
        self.changed.emit()
        if self._later is None:
            self.problems.check()
        else:
            self._later(self.problems.check)


def _object_in(text: str) -> JsonObject:
    try:
        found = parse_strict(text)
    except WorkbenchError:
        return {}
    return found if isinstance(found, dict) else {}
