"""All keys on one sheet: the commands' own, as they are now, and those of cards, trace, editor and explorer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class SheetSection:
    """A heading and its rows: what is done, and the keys that do it."""

    title: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]


FIXED: tuple[SheetSection, ...] = (
    SheetSection("Everywhere", (("Go to a tab by number, to the last tab", ("Ctrl+1…8", "Ctrl+9")),)),
    SheetSection(
        "While writing a message",
        (("Send it", ("Ctrl+Enter",)), ("Edit the last message (when empty)", ("Up",))),
    ),
    SheetSection(
        "While an approval card has the focus",
        (
            ("Approve", ("A",)),
            ("Edit the arguments", ("E",)),
            ("Reject, with a reason", ("R",)),
            ("Answer with a mock result", ("M",)),
            ("Fail with…", ("F",)),
            ("Approve all calls that only read", ("Shift+A",)),
            ("Leave a box, undo the approval", ("Esc",)),
        ),
    ),
    SheetSection("On a call card", (("Show arguments and result", ("Enter", "Space")),)),
    SheetSection(
        "In the trace",
        (
            ("Collapse and expand", ("Left", "Right")),
            ("Previous or next span", ("Alt+Up", "Alt+Down")),
            ("Previous or next sibling", ("Alt+Left", "Alt+Right")),
            ("Previous or next call of the same tool", ("Alt+Shift+Left", "Alt+Shift+Right")),
            ("Zoom in and out, to the span, whole", ("+", "-", "Z", "0")),
            ("Along the time axis", ("Ctrl+Left", "Ctrl+Right")),
            ("Copy the selected rows", ("Ctrl+C",)),
        ),
    ),
    SheetSection("In the inspector", (("Find in the page", ("Ctrl+F", "F3", "Shift+F3")),)),
    SheetSection(
        "In the explorer",
        (
            ("Open", ("Enter",)),
            ("Rename a conversation", ("F2",)),
            ("Delete a conversation or a tool", ("Del",)),
            ("Duplicate a tool", ("Ctrl+D",)),
            ("Copy the name", ("Ctrl+C",)),
            ("Menu", ("Menu", "Shift+F10")),
        ),
    ),
    SheetSection(
        "In a tool's page",
        (
            ("Save", ("Ctrl+S",)),
            ("Form, JSON, both, side", ("Alt+1", "Alt+2", "Alt+3", "Alt+4")),
            ("Undo and redo, across form and JSON", ("Ctrl+Z", "Ctrl+Y")),
            ("Format JSON", ("Shift+Alt+F",)),
            ("Next and previous problem", ("Alt+F8", "Shift+Alt+F8")),
            ("Find in the JSON", ("Ctrl+F", "F3", "Shift+F3")),
            ("Add, rename, duplicate a field", ("Ins", "F2", "Ctrl+D")),
            ("Move a field", ("Alt+Up", "Alt+Down")),
        ),
    ),
    SheetSection(
        "In search lists",
        (
            ("Next and previous", ("Down", "Up", "PgDown", "PgUp")),
            ("Accept", ("Enter",)),
            ("Close", ("Esc",)),
        ),
    ),
)
"""Keys that belong to a place and not to the window; they cannot be changed."""


def sections(commands: Iterable[tuple[str, str, tuple[str, ...]]]) -> tuple[SheetSection, ...]:
    """`commands` are group, words and keys; those without keys are left out. The fixed ones follow."""
    groups: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for group, text, keys in commands:
        if keys:
            groups.setdefault(group, []).append((text, keys))
    return (*(SheetSection(group, tuple(rows)) for group, rows in groups.items()), *FIXED)


def sheet_html(title: str, made: Sequence[SheetSection], columns: int = 2) -> str:
    """The sheet as a page that needs nothing else: two columns on paper, light whatever the window's appearance."""
    body = []
    for section in made:
        rows = "".join(
            f"<tr><td class='what'>{escape(text)}</td><td class='keys' align='right'>{_keys(keys)}</td></tr>"
            for text, keys in section.rows
        )
        body.append(
            f"<h2>{escape(section.title)}</h2><table width='100%' cellspacing='0' cellpadding='3'>{rows}</table>"
        )
    half = _half(made) if columns == 2 else len(made)
    left, right = "".join(body[:half]), "".join(body[half:])
    beside = f"<td width='4%'></td><td width='48%' valign='top'>{right}</td>" if right else ""
    return (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        "<table width='100%' cellspacing='0' cellpadding='0'><tr>"
        f"<td width='{48 if right else 100}%' valign='top'>{left}</td>{beside}"
        "</tr></table></body></html>"
    )


_STYLE = (
    "body { font-family: sans-serif; font-size: 9pt; color: #1a1e27; background: #ffffff; }"
    "h1, .h1 { font-size: 15pt; font-weight: 600; margin-bottom: 4px; }"
    "h2, .h2 { font-size: 10.5pt; font-weight: 600; margin-top: 12px; margin-bottom: 2px; }"
    "td.keys { font-family: monospace; font-weight: 600; } td.what { color: #1a1e27; }"
)


def _keys(keys: tuple[str, ...]) -> str:
    return "&nbsp;&nbsp; ".join(escape(key).replace(" ", "&nbsp;") for key in keys)


def _half(made: Sequence[SheetSection]) -> int:
    """Where the second column begins, so that both are about as long."""
    heights = [len(section.rows) + 2 for section in made]
    total, so_far = sum(heights), 0
    for place, height in enumerate(heights):
        if so_far + height / 2 > total / 2:
            return max(1, place)
        so_far += height
    return len(made)
