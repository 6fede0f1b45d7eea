"""One undo history for all views of a text: every edit is a replacement of characters, no matter where it came from."""

import msgspec

MAX_STEPS = 2_000


class TextEdit(msgspec.Struct, frozen=True):
    """At `start`, `removed` was replaced with `inserted`."""

    start: int
    removed: str
    inserted: str

    def done(self, text: str) -> str:
        """`text` after the edit."""
        return text[: self.start] + self.inserted + text[self.start + len(self.removed) :]

    def undone(self, text: str) -> str:
        """`text` before the edit."""
        return text[: self.start] + self.removed + text[self.start + len(self.inserted) :]


class UndoStep(msgspec.Struct, frozen=True):
    """One press of Undo. `place` is the JSON pointer of the edit; steps with the same `merge` may be merged."""

    edit: TextEdit
    place: str = ""
    merge: str = ""
    words: str = ""


def edit_between(old: str, new: str) -> TextEdit:
    """The smallest single replacement that turns `old` into `new`."""
    start = _shared_beginning(old, new)
    end = _shared_beginning(old[start:][::-1], new[start:][::-1])
    return TextEdit(start, old[start : len(old) - end], new[start : len(new) - end])


class EditHistory:
    """The steps that can be undone and redone."""

    def __init__(self) -> None:
        self._steps: list[UndoStep] = []
        self._at = 0
        self._may_merge = False

    @property
    def undo_words(self) -> str | None:
        """What Undo would revert, in words; None when there is nothing."""
        return self._steps[self._at - 1].words if self._at else None

    @property
    def redo_words(self) -> str | None:
        """What Redo would repeat, in words; None when there is nothing."""
        return self._steps[self._at].words if self._at < len(self._steps) else None

    def record(self, step: UndoStep) -> None:
        """Record an edit. Undone steps are forgotten."""
        del self._steps[self._at :]
        last = self._steps[-1] if self._steps else None
        joined = _joined(last, step) if last is not None and self._may_merge else None
        if joined is not None:
            self._steps[-1] = joined
        else:
            self._steps.append(step)
            del self._steps[:-MAX_STEPS]
        self._at = len(self._steps)
        self._may_merge = bool(step.merge)

    def pause(self) -> None:
        """Make the next edit a separate step, even if it could be merged with the last."""
        self._may_merge = False

    def undo(self) -> UndoStep | None:
        """The step to undo, or None."""
        self._may_merge = False
        if not self._at:
            return None
        self._at -= 1
        return self._steps[self._at]

    def redo(self) -> UndoStep | None:
        """The step to redo, or None."""
        self._may_merge = False
        if self._at == len(self._steps):
            return None
        self._at += 1
        return self._steps[self._at - 1]


def _joined(last: UndoStep, new: UndoStep) -> UndoStep | None:
    """Typing on in the same place, up to the end of the word; deleting on in the same direction."""
    if not new.merge or last.merge != new.merge:
        return None
    one, two = last.edit, new.edit
    if not one.removed and not two.removed:
        goes_on = two.start == one.start + len(one.inserted) and "\n" not in two.inserted
        begins_word = one.inserted[-1:].isspace() and not two.inserted[:1].isspace()
        return (
            _with(last, TextEdit(one.start, "", one.inserted + two.inserted)) if goes_on and not begins_word else None
        )
    if not one.inserted and not two.inserted:
        if two.start + len(two.removed) == one.start:
            return _with(last, TextEdit(two.start, two.removed + one.removed, ""))
        if two.start == one.start:
            return _with(last, TextEdit(one.start, one.removed + two.removed, ""))
    return None


def _with(step: UndoStep, edit: TextEdit) -> UndoStep:
    return msgspec.structs.replace(step, edit=edit)


def _shared_beginning(one: str, other: str) -> int:
    """The length of the common prefix; slices are compared in C, so long texts stay fast."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low < high - 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low
