"""Text from tools, models and files, made safe to look at: nothing hidden, nothing that steers a view, and no key.

Everything the window shows of them comes through here.
"""

from workbench.app.redaction.redacted_text import LONGEST_SPELLING, keyless
from workbench.core import visible_text

__all__ = [
    "LONGEST_SPELLING",
    "SHOWN_CHARS",
    "clipped",
    "keyless",
    "model_words",
    "one_line",
    "visible",
    "visible_line",
    "visible_markdown",
]

SHOWN_CHARS = 20_000
"""How much of one text a view shows; copying always takes the whole."""


def visible(text: str) -> str:
    """See `core.visible_text.visible`."""
    return visible_text.visible(keyless(text))


def visible_line(text: str, *, max_chars: int = 0) -> str:
    """See `core.visible_text.visible_line`."""
    return visible_text.visible_line(_begin(text, max_chars) if max_chars else keyless(text), max_chars=max_chars)


def visible_markdown(text: str) -> str:
    """See `core.visible_text.visible_markdown`."""
    return visible_text.visible_markdown(keyless(text))


def clipped(text: str, max_chars: int = SHOWN_CHARS) -> str:
    """The beginning of the text, and how much more there is. Clip before making visible: texts may be huge."""
    if len(text) <= max_chars:
        return text
    shown = _begin(text, max_chars)[:max_chars]
    return f"{shown}\n… {len(text) - max_chars:,} more characters (Copy takes all of them)"


def one_line(text: str, max_chars: int = 240) -> str:
    """A short visible line for a list or a card."""
    line = visible_text.visible_line(_begin(text, max_chars)[: max_chars + 1])
    return line if len(text) <= max_chars else f"{line[:max_chars]}…"


def model_words(model: str) -> str:
    """A model's name as shown; of a script only the file's name, its folder says nothing."""
    return f"script {model.replace(chr(92), '/').rpartition('/')[2]}" if model.endswith(".json") else model


def _begin(text: str, max_chars: int) -> str:
    """More than this many characters of the text without keys: what is cut off afterwards is no half of one."""
    return keyless(text[: max_chars + 1 + LONGEST_SPELLING])
