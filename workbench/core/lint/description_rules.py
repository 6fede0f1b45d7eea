"""Rules about what a description says, or leaves out."""

import re
from collections.abc import Iterator

from workbench.core.json_text import JsonObject, compact
from workbench.core.lint.finding import Finding
from workbench.core.lint.parts import parameters, text_at
from workbench.core.lint.rule import Grounds, LintRule, Surroundings
from workbench.core.lint.sources import (
    ANTHROPIC_ARTICLE,
    ANTHROPIC_GUIDE,
    MANY_TOOLS,
    OPENAI_GUIDE,
    RELATED_TOOLS,
    UNCLEAR_DESCRIPTIONS,
)
from workbench.core.similarity import WordScale
from workbench.core.token_estimate import estimated_tokens
from workbench.core.word_overlap import word_counts

_WHEN = re.compile(
    r"\b(when|whenever|if|unless|only|before|after|instead|rather than|prefer|useful for|use (this|it|to|for)|not for"
    r"|do not use|don't use|call this|first)\b",
    re.IGNORECASE,
)
_SAME_WORDS = 0.9
_HEAVY_TOOL = 1_500
_SHOWN = 5


def _missing(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    if not text_at(document, "description").strip() and not isinstance(document.get("description"), (dict, list)):
        path = "/description" if "description" in document else ""
        yield Finding("warning", path, "no description; the model sees only the name")


def _vague(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    description, name = text_at(document, "description"), text_at(document, "name")
    if description.strip() and not word_counts(description) - word_counts(f"{name} {text_at(document, 'title')}"):
        yield Finding("warning", "/description", "the description says nothing that the name does not")


def _parameter(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    missing = [found for found in parameters(document) if not found.description.strip() and _needs_words(found.node)]
    if not missing:
        return
    required = [found for found in missing if found.is_required]
    shown = ", ".join(found.name[:40] for found in (required or missing)[:_SHOWN])
    rest = len(required or missing) - _SHOWN
    words = f"no description of {'the required ' if required else ''}{shown}{f' and {rest} more' if rest > 0 else ''}"
    yield Finding("warning" if required else "note", (required or missing)[0].path, words, on_key=True)


def _needs_words(node: JsonObject) -> bool:
    """What refers to a definition may be described there."""
    return "$ref" not in node and not (node.get("type") == "object" and "properties" in node)


def _when(document: JsonObject, surroundings: Surroundings) -> Iterator[Finding]:
    description = text_at(document, "description")
    if surroundings.others and description.strip() and not _WHEN.search(description):
        yield Finding("note", "/description", "the description does not say when to use the tool, or when not to")


def _overlap(document: JsonObject, surroundings: Surroundings) -> Iterator[Finding]:
    """The most similar other tool, by words weighted by how few of the tools have them."""
    description = text_at(document, "description")
    if not description.strip() or not surroundings.others:
        return
    scale = WordScale([description, *(other.description for other in surroundings.others)])
    by_name = ((scale.similarity(description, other.description), other) for other in surroundings.others)
    similarity, nearest = max(by_name, key=lambda pair: pair[0])
    if similarity >= _SAME_WORDS and nearest.name not in surroundings.paired:
        is_same = nearest.description.strip() == description.strip()
        words = f"the description is {'the same as' if is_same else 'almost the same as'} that of {nearest.name[:60]!r}"
        yield Finding("warning" if is_same else "note", "/description", words, about=nearest.name)


def _weight(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    sent: JsonObject = {key: document[key] for key in ("name", "description", "inputSchema") if key in document}
    tokens = estimated_tokens(compact(sent))
    if tokens > _HEAVY_TOOL:
        yield Finding("note", "", f"the tool adds ≈ {tokens:,} tokens to every request")


DESCRIPTION_RULES = (
    LintRule(
        "missing-description",
        "warning",
        "A tool without a description.",
        Grounds(
            "Detailed descriptions do more for how well tools are used than anything else.",
            ANTHROPIC_GUIDE,
            (UNCLEAR_DESCRIPTIONS,),
        ),
        _missing,
    ),
    LintRule(
        "vague-description",
        "warning",
        "A description whose every word is already in the tool's name.",
        Grounds(
            "A description explains what the tool does, when to use it, and what it returns.",
            ANTHROPIC_GUIDE,
            (UNCLEAR_DESCRIPTIONS,),
        ),
        _vague,
    ),
    LintRule(
        "undescribed-parameter",
        "warning",
        "Parameters without a description: a warning where one of them is required.",
        Grounds("Say what each parameter is for, and its format.", OPENAI_GUIDE, (UNCLEAR_DESCRIPTIONS,)),
        _parameter,
    ),
    LintRule(
        "no-when",
        "note",
        "A description that does not say when to use the tool, among other tools.",
        Grounds("A description says when to use the tool and when not to.", ANTHROPIC_GUIDE, (UNCLEAR_DESCRIPTIONS,)),
        _when,
    ),
    LintRule(
        "overlap",
        "warning",
        "Two descriptions that share nearly all their words; the same text twice is a warning.",
        Grounds("Too many or overlapping tools can distract agents.", ANTHROPIC_ARTICLE, (RELATED_TOOLS,)),
        _overlap,
    ),
    LintRule(
        "heavy-tool",
        "note",
        f"A tool of more than ≈ {_HEAVY_TOOL:,} tokens.",
        Grounds(
            "Every request pays for every tool. The bound is ours: 19 in 20 of 402 public MCP tools are below it.",
            "measured with this program's estimate",
            MANY_TOOLS,
        ),
        _weight,
    ),
)
