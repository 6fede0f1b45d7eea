"""Text from tools, models and files, made safe to show: nothing hidden, nothing that controls a terminal or a view.

Escape sequences can repaint a terminal, bidirectional controls can show `exe.txt` for `txt.exe`, and zero-width
characters hide text in text. Controls are shown by their own signs, such as ␛, and the others by their code points,
such as ⟨U+202E⟩.
"""

import re
from html.entities import html5

_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls except tab and line ends
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"  # soft hyphen and other invisible letters
    "\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line separators, bidirectional controls
    "\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff"  # half of a surrogate pair
    "\U000e0000-\U000e0fff\U0001bca0-\U0001bca3"  # tags, which can carry a whole hidden message
    "\U0001d173-\U0001d17a\U00013430-\U0001343f"  # formats of music and of hieroglyphs
    "\ufe00-\ufe0d"  # variants of a letter, which can carry one as well
    "]"
    "|(?<=[\ufe00-\ufe0f])[\ufe0e\ufe0f]"  # one chooses an emoji's style, several can hide a message
    # a joiner hides nothing inside an emoji, but can hide text elsewhere
    "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])"
)
_ENTITY = re.compile(r"&(?:#(\d{1,9})|#[xX]([0-9a-fA-F]{1,8})|([A-Za-z][A-Za-z0-9]{1,31}));")
_NOT_ASCII = re.compile(r"[^\x20-\x7e\t\r\n]")


def visible(text: str) -> str:
    """`text` with every character that hides, reorders or controls written out; line ends and tabs stay."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "␍\n")
    return _HIDDEN.sub(_spelled, text)


def without_hidden(text: str) -> str:
    """`text` without every character that hides, reorders or controls; line ends and tabs stay."""
    return _HIDDEN.sub("", text)


def visible_line(text: str, *, max_chars: int = 0) -> str:
    """As `visible`, on one line, cut with an ellipsis when `max_chars` is given. Huge texts are cut first."""
    cut = text[: max_chars + 1] if max_chars else text
    line = visible(cut.replace("\r\n", "\n")).replace("\n", "⏎").replace("\t", "⇥")
    return f"{line[: max_chars - 1]}…" if max_chars and len(line) > max_chars else line


def visible_markdown(text: str) -> str:
    """As `visible`, for a text that a reader of Markdown will see: what an entity such as `&#x202e;` stands for hides,
    reorders or controls just as well."""
    return _ENTITY.sub(_named, visible(text))


def visible_json(text: str, *, is_ascii: bool = False) -> str:
    """JSON text with every such character inside its strings escaped, or with every one that is not ASCII: the same
    document for every reader."""
    return (_NOT_ASCII if is_ascii else _HIDDEN).sub(_escaped, text)


def _named(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        meant = html5.get(f"{name};", "")
    else:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        meant = chr(code) if code < 0x110000 else ""
    return visible(meant) if _HIDDEN.search(meant) else found[0]


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    units = (code,) if code < 0x10000 else (0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF))
    return "".join(f"\\u{unit:04x}" for unit in units)


def _spelled(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"
