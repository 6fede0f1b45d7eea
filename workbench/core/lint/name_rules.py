"""Rules about names: those that are easily taken for each other, and those of tools that do not exist."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from workbench.core.json_text import JsonObject
from workbench.core.lint.finding import Finding
from workbench.core.lint.parts import descriptions, parameters, text_at
from workbench.core.lint.rule import Grounds, LintRule, Surroundings
from workbench.core.lint.sources import ANTHROPIC_ARTICLE, RELATED_TOOLS
from workbench.core.word_overlap import word_counts

_NAME = r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)+"
_REFERENCE = re.compile(
    rf"\b(?:use|call|run|invoke)s?\s+(?:the\s+)?[`'\"]({_NAME})[`'\"]|\bthe\s+[`'\"]?({_NAME})[`'\"]?\s+tool\b",
    re.IGNORECASE,
)
_CLOSE = 0.96
_SHORTEST = 8


def _similar(document: JsonObject, surroundings: Surroundings) -> Iterator[Finding]:
    name = text_at(document, "name")
    for other in surroundings.others if name else ():
        if other.name in surroundings.paired or other.name == name:
            continue
        known = f"the name differs from {other.name[:60]!r}"
        if _own(name) == _own(other.name):
            yield Finding("warning", "/name", f"{known} only in its prefix", about=other.name)
        elif _folded(name) == _folded(other.name):
            words = f"{known} only in capitals, separators, or a plural"
            yield Finding("warning", "/name", words, about=other.name)
        elif min(len(name), len(other.name)) >= _SHORTEST and _are_close(name, other.name):
            yield Finding("note", "/name", f"{known} only by a letter or two", about=other.name)


def _own(name: str) -> str:
    """A name without the prefix that its server's tools get."""
    return name.partition("__")[2] or name


def _folded(name: str) -> tuple[str, ...]:
    return tuple(word_counts(name).elements()) or (name,)


def _are_close(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _CLOSE and matcher.quick_ratio() >= _CLOSE and matcher.ratio() >= _CLOSE


def _unknown(document: JsonObject, surroundings: Surroundings) -> Iterator[Finding]:
    if not surroundings.others:
        return
    known = {_plain(text_at(document, "name")), *(_plain(found.name) for found in parameters(document))}
    for other in surroundings.others:
        known |= {_plain(other.name), _plain(_own(other.name))}
    for path, text in descriptions(document):
        for reference in dict.fromkeys(one or two for one, two in _REFERENCE.findall(text)):
            if _plain(reference) not in known:
                yield Finding("warning", path, f"there is no tool {reference[:60]!r}", about=reference)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


NAME_RULES = (
    LintRule(
        "similar-name",
        "warning",
        "Names that differ by little, or that two servers use for different tools.",
        Grounds(
            "Names with a clear prefix draw boundaries between tools; overlapping ones confuse agents.",
            ANTHROPIC_ARTICLE,
            (RELATED_TOOLS,),
        ),
        _similar,
    ),
    LintRule(
        "unknown-tool",
        "warning",
        "A description that sends the model to a tool that is not offered.",
        Grounds("A call of a tool that is not offered is always refused.", "how the tool loop works"),
        _unknown,
    ),
)
