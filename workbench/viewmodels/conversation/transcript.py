"""A conversation as Markdown, for an email or an issue."""

import re
from collections.abc import Iterable, Iterator

from workbench.core.errors import MalformedJson
from workbench.core.json_text import parse_strict, pretty
from workbench.viewmodels.conversation.chat_entry import (
    CallEntry,
    ChatEntry,
    HeadEntry,
    NoticeEntry,
    TextEntry,
    UserEntry,
)
from workbench.viewmodels.shared.attachment_words import attachment_words

_FENCE = re.compile(r"`{3,}")


def markdown(title: str, entries: Iterable[ChatEntry]) -> str:
    """Everything that was said and done, in order, uncut."""
    return "\n\n".join((f"# {' '.join(title.split())}", *_sections(entries))) + "\n"


def _sections(entries: Iterable[ChatEntry]) -> Iterator[str]:
    for entry in entries:
        match entry:
            case UserEntry():
                yield f"## You\n\n{entry.text}"
            case HeadEntry():
                yield f"## {entry.caption}"
            case TextEntry(part="reasoning"):
                yield "\n".join(f"> {line}".rstrip() for line in entry.text.splitlines())
            case TextEntry():
                yield entry.text.strip("\n") + ("\n\n*(cut off here)*" if entry.is_cut_off else "")
            case CallEntry():
                yield _call(entry)
            case NoticeEntry():
                words = " · ".join(part for part in (entry.title, entry.text, entry.hint, *entry.figures) if part)
                yield f"*{words}*"


def _call(entry: CallEntry) -> str:
    parts = [f"**{entry.tool}** · {entry.caption}", _block(entry.shown_arguments)]
    parts += [f"- {problem}" for problem in entry.problems]
    if entry.result_text is not None:
        parts += ["Result:", _block(entry.result_text)]
    if entry.attachments:
        parts.append("\n".join(f"- {attachment_words(one)}" for one in entry.attachments))
    return "\n\n".join(parts)


def _block(text: str) -> str:
    """A code block that its content cannot end."""
    try:
        shown, language = pretty(parse_strict(text)), "json"
    except MalformedJson:
        shown, language = text, ""
    longest = max((len(run) for run in _FENCE.findall(shown)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"
