"""Text from tools and models, made safe to look at: what is invisible or acts on the display is spelled out.

Escape sequences can repaint a terminal, bidirectional controls can show `exe.txt` for `txt.exe`, and
zero-width characters hide text in text. Each is shown as its code point, such as ⟨U+202E⟩.
"""

import re

_ACTING = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls except tab and line feed
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"  # soft hyphen and other invisible letters
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # zero width and bidirectional controls
    "\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff"  # half of a surrogate pair
    "\U000e0000-\U000e0fff"  # tags, which can carry a whole hidden message
    "]"
)


def visible(text: str) -> str:
    """`text` with every character that hides, reorders or controls written out. Lines stay lines."""
    return _ACTING.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text.replace("\r\n", "\n"))


def visible_line(text: str, *, max_chars: int = 0) -> str:
    """As `visible`, on one line, cut with an ellipsis when `max_chars` is given."""
    line = visible(text).replace("\n", "⏎").replace("\t", " ")
    return f"{line[: max_chars - 1]}…" if max_chars and len(line) > max_chars else line
