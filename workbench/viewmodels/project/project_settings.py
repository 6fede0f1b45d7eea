"""The page of a project: every setting is typed, checked at once, saved a moment later, and can be undone."""

from collections.abc import Callable
from typing import Protocol

from workbench.app.parts import HasModels, HasTools
from workbench.app.project.setting_text import SettingValue, with_setting
from workbench.app.project.settings import ReadSettings, default_at
from workbench.app.schema_editor.tool_editing import TextFile
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.model_parameters import read_parameter
from workbench.core.routing.plan import ALL_TOOLS, KINDS
from workbench.core.signal import Signal
from workbench.core.tool_choice import check_choice, parse_choice
from workbench.viewmodels.project.setting_lines import BY_KEY, MODEL, SettingLine, setting_words
from workbench.viewmodels.schema_editor.edited_text import EditedText
from workbench.viewmodels.schema_editor.file_state import OpenFileState


class SettingsParts(HasModels, HasTools, Protocol):
    """What settings are checked against."""


class SettingsDocument(EditedText):
    """The text of workbench.toml; while it is not valid TOML, no setting can be changed."""

    def __init__(self, text: str) -> None:
        self.settings: ReadSettings
        super().__init__(text)

    @property
    def is_broken(self) -> bool:
        """Whether the text is not valid TOML."""
        return self.settings.is_broken

    def _read(self) -> None:
        self.settings = ReadSettings.of(self.text)


class ProjectSettings:
    """Settings are identified by keys, such as `request.temperature`. Rejected text stays in its field."""

    def __init__(self, file: TextFile, parts: SettingsParts) -> None:
        self.document = SettingsDocument(file.text)
        self.file = OpenFileState(file, self.document)
        self.changed: Signal[[]] = Signal()
        self.refused: Signal[[str]] = Signal()
        self._parts = parts
        self._typed: dict[str, str] = {}
        self._faults: dict[str, str] = {}
        self.document.changed.connect(self._on_text_changed)

    # what is shown

    @property
    def trouble(self) -> str:
        """Why no setting can be changed here; empty when they can."""
        problems = self.document.settings.problems
        return f"{problems[0]}" if self.document.is_broken and problems else ""

    def text(self, key: str) -> str:
        """The field's text."""
        if key in self._typed:
            return self._typed[key]
        return setting_words(self.document.settings.value(BY_KEY[key].path))

    def default_text(self, key: str) -> str:
        """The default, used while the field is empty."""
        line = BY_KEY[key]
        default = "default" if line.kind == "parameter" else setting_words(default_at(line.path))
        return default or line.example or ("no limit" if line.path[0] == "limits" else "")

    def is_on(self, key: str) -> bool:
        """Whether a flag is on."""
        value = self.document.settings.value(BY_KEY[key].path)
        return bool(default_at(BY_KEY[key].path) if value is None else value)

    def problem(self, key: str) -> str:
        """The problem with the field's text."""
        return self._faults.get(key) or self.document.settings.fault(BY_KEY[key].path)

    def is_offered(self, key: str) -> bool:
        """Whether it has a field: of the sampling parameters, those that the model has, and any that is set."""
        line = BY_KEY[key]
        if line.kind != "parameter" or self.text(key):
            return True
        try:
            return self._parts.providers.has_parameter(self._model, line.path[-1])
        except WorkbenchError:
            return True

    def note(self, key: str) -> str:
        """A note about a valid value, such as that the model is not sent it."""
        line = BY_KEY[key]
        if line.kind != "parameter":
            return ""
        try:
            notes = self._parts.providers.parameter_notes(self._model, self.document.settings.parameters)
        except WorkbenchError:
            return ""
        return notes.get(line.path[-1], "")

    # editing

    def write(self, key: str, text: str) -> str:
        """Set a field's text; return its problem, or an empty text. An empty field uses the default."""
        line = BY_KEY[key]
        try:
            new = with_setting(self.document.text, line.path, self._value(line, text))
            read = ReadSettings.of(new)
            fault = read.fault(line.path)
        except WorkbenchError as error:
            fault = error.message
        except ValueError as error:
            fault = str(error)
        if fault:
            self._typed[key], self._faults[key] = text, fault
            self.changed.emit()
            return fault
        was_wrong = self._faults.pop(key, None) is not None
        self._typed[key] = text  # “0.” may become “0.5”
        if new != self.document.text:
            self.document.write(new, words=f"Edit {line.label}", merge=key, place=key)
        elif was_wrong:
            self.changed.emit()
        return ""

    def leave(self, key: str) -> None:
        """The field lost the focus: a valid value is shown as it was read, and saved."""
        if key not in self._faults:
            self._typed.pop(key, None)
            self.changed.emit()
        self.save()

    def reset(self, key: str) -> None:
        """Restore the default."""
        self.document.history.pause()
        self.write(key, "")
        self._typed.pop(key, None)
        self.document.history.pause()

    def switch(self, key: str, *, is_on: bool) -> None:
        """Turn a flag on or off."""
        line = BY_KEY[key]
        self._change(line, is_on, f"{'Turn on' if is_on else 'Turn off'} “{line.label}”")

    def undo(self) -> None:
        """Undo the last edit, in whichever field."""
        self._forget_typed()
        self.document.undo()
        self.changed.emit()

    def redo(self) -> None:
        """Redo it."""
        self._forget_typed()
        self.document.redo()
        self.changed.emit()

    def save(self) -> bool:
        """Save; return whether the file holds the text."""
        self.document.history.pause()
        return self.file.save()

    def look_at_disk(self) -> None:
        """Check whether another program has written the file."""
        before = self.document.text
        self.file.look_at_disk()
        if self.document.text != before:
            self._forget_typed()
        self.changed.emit()

    @property
    def _model(self) -> str:
        return self.text(MODEL.key) or str(default_at(MODEL.path))

    def _value(self, line: SettingLine, text: str) -> SettingValue | None:
        typed = text.strip()
        if not typed:
            return None
        read: dict[str, Callable[[str], SettingValue]] = {
            "whole": _whole,
            "number": _number,
            "model": self._spec,
            "choice": self._choice,
            "selector": self._selector,
            "parameter": lambda text: read_parameter(line.path[-1], text),
        }
        return read[line.kind](typed) if line.kind in read else text

    def _spec(self, text: str) -> str:
        self._parts.providers.target(text)
        return text

    @property
    def selectors(self) -> tuple[str, ...]:
        """The selectors for runs, the project's own first."""
        own = self.document.settings.value(("routing", "selectors"))
        return (*(own if isinstance(own, dict) else ()), *KINDS, ALL_TOOLS)

    def _selector(self, text: str) -> str:
        if text not in self.selectors:
            raise UsageError(f"there is no selector {text!r}; use {', '.join(self.selectors)}")
        return text

    def _choice(self, text: str) -> str:
        choice = parse_choice(text)
        check_choice(choice, self._parts.toolset)
        return str(choice)

    def _change(self, line: SettingLine, value: SettingValue, words: str) -> None:
        try:
            new = with_setting(self.document.text, line.path, value)
        except WorkbenchError as error:
            self.refused.emit(f"{error.message}. {error.hint}")
            return
        self.document.history.pause()
        self.document.write(new, words=words, place=line.key)

    def _forget_typed(self) -> None:
        self._typed.clear()
        self._faults.clear()

    def _on_text_changed(self) -> None:
        self.file.text_changed()
        self.changed.emit()


def _whole(text: str) -> int:
    try:
        return int(_plain(text))
    except ValueError:
        raise ValueError(f"a whole number is needed, not “{text[:40]}”") from None


def _number(text: str) -> float | int:
    try:
        number = float(_plain(text))
    except ValueError:
        raise ValueError(f"a number is needed, not “{text[:40]}”") from None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _plain(text: str) -> str:
    return text.replace(",", "").replace("_", "")
