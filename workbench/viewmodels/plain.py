"""Text from tools, models and files, made safe to look at: nothing hidden, nothing that steers a terminal or a view."""

from workbench.core.visible_text import visible, visible_line, visible_markdown

__all__ = ["SHOWN_CHARS", "clipped", "model_words", "one_line", "visible", "visible_line", "visible_markdown"]

SHOWN_CHARS = 20_000
"""How much of one text a view shows; copying always takes the whole."""


def clipped(text: str, max_chars: int = SHOWN_CHARS) -> str:
    """The beginning of the text, and how much more there is. Clip before making visible: texts may be huge."""
    if len(text) <= max_chars:
        return text
    return f"{text[:max_chars]}\n… {len(text) - max_chars:,} more characters (Copy takes all of them)"


def one_line(text: str, max_chars: int = 240) -> str:
    """A short visible line for a list or a card."""
    line = visible_line(text[: max_chars + 1])
    return line if len(text) <= max_chars else f"{line[:max_chars]}…"


def model_words(model: str) -> str:
    """A model's name as shown; of a script only the file's name, its folder says nothing."""
    return f"script {model.replace(chr(92), '/').rpartition('/')[2]}" if model.endswith(".json") else model
