"""Text from tools, models and files, made safe to look at: nothing hidden, nothing that steers a terminal or a view."""

import re

SHOWN_CHARS = 20_000
"""How much of one text a view shows; copying always takes the whole."""

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff\U0001bca0-\U0001bca3]"
    "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])"
)


def visible(text: str) -> str:
    """The text with control, bidi, zero-width and surrogate characters spelled out; line ends and tabs stay.

    Joiners inside emoji stay as well, because there they hide nothing.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "␍\n")
    return _HIDDEN.sub(_spelled, text)


def visible_line(text: str) -> str:
    """As `visible`, on one line: line ends and tabs become marks."""
    return visible(text.replace("\r\n", "\n")).replace("\n", "⏎").replace("\t", "⇥")


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


def _spelled(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"⟨U+{code:04X}⟩"
