"""What changed since a text of the tool that somebody wants to compare with: word by word where it is text."""

from dataclasses import dataclass

from workbench.core.json_difference import Difference, differences
from workbench.core.json_text import JsonObject, JsonValue, compact, type_name
from workbench.core.word_diff import Piece, changed_words, word_diff

MAX_CHANGES = 300
_VERBS = {"added": "added", "removed": "removed", "changed": "changed", "reordered": "moved"}


@dataclass(frozen=True)
class TextChange:
    """One changed place. `pieces` show it: words of a text, or the old value and the new one."""

    path: str
    title: str
    verb: str
    pieces: tuple[Piece, ...]


def changes_between(old: JsonObject, new: JsonObject) -> tuple[TextChange, ...]:
    """Every change, the tool's description first, at most `MAX_CHANGES`."""
    found = differences(old, new)
    ordered = sorted(found[:MAX_CHANGES], key=lambda difference: difference.path != "/description")
    return tuple(_change(difference) for difference in ordered)


def words_changed(pieces: tuple[Piece, ...]) -> str:
    """How much differs, in words; empty when nothing does."""
    added, removed = changed_words(pieces)
    if added and removed:
        return f"+{added} −{removed} words"
    if added or removed:
        count = added or removed
        return f"{'+' if added else '−'}{count} {'word' if count == 1 else 'words'}"
    return "spacing changed" if any(piece.kind != "same" for piece in pieces) else ""


def _change(difference: Difference) -> TextChange:
    old, new = difference.old, difference.new
    if isinstance(old, str) and isinstance(new, str):
        pieces = word_diff(old, new)
    elif difference.kind == "reordered":
        pieces = word_diff(_keys(old), _keys(new))
    else:
        gone = (Piece("removed", _shown(old)),) if difference.kind != "added" else ()
        come = (Piece("added", _shown(new)),) if difference.kind != "removed" else ()
        pieces = (*gone, *((Piece("same", "  "),) if gone and come else ()), *come)
    return TextChange(difference.path, _title(difference.path), _VERBS[difference.kind], pieces)


def _title(path: str) -> str:
    """The pointer as people read it: `unit › description`."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]
    kept: list[str] = []
    for number, step in enumerate(steps):
        above = steps[number - 1] if number else ""
        is_frame = step == "properties" and above != "properties"
        if not is_frame and not (number == 0 and step == "inputSchema" and len(steps) > 2):
            kept.append({"inputSchema": "parameters", "outputSchema": "result", "items": "each item"}.get(step, step))
    return " › ".join(kept) or "the whole tool"


def _shown(value: JsonValue) -> str:
    if isinstance(value, str):
        return value or "(empty)"
    text = compact(value)
    return text if len(text) <= 600 else f"{text[:600]}… ({type_name(value)})"


def _keys(value: JsonValue) -> str:
    return " ".join(str(key) for key in value) if isinstance(value, list) else ""
