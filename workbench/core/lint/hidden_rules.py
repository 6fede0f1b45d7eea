"""Rules about texts that a person does not see, or would not agree to."""

import re
from collections.abc import Iterator

from workbench.core.json_text import JsonObject
from workbench.core.lint.finding import Finding, Fix, SetValue
from workbench.core.lint.parts import all_texts
from workbench.core.lint.rule import Grounds, LintRule, Surroundings
from workbench.core.lint.sources import FRAGILE_CHOICE, POISONED_TOOLS, POISONING
from workbench.core.visible_text import visible, visible_line, without_hidden

_CONCEALS = re.compile(
    r"\b(?:do not|don't|never|must not|without)\s+(?:ever\s+)?(?:tell|telling|inform|informing|notify|notifying|mention"
    r"|mentioning|reveal|revealing|alert|alerting|show|showing)\b[^.\n]{0,40}\b(?:the\s+)?(?:user|human|person|operator)\b",
    re.IGNORECASE,
)
_OVERRIDES = re.compile(
    r"\b(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|your\s+)*(?:previous|prior|earlier|above|other"
    r"|system)\s+(?:instructions?|prompts?|rules|messages?|tools?)\b"
    r"|</?\s*(?:system|important|instructions?|secret|hidden)\s*>"
    r"|\bbefore\s+(?:using|calling|running)\s+any\s+(?:other\s+)?tools?\b",
    re.IGNORECASE,
)


def _instructions(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    for path, text, is_key in all_texts(document):
        if (found := _CONCEALS.search(text)) is not None:
            words = f"asks the model to keep something from the user: “{visible_line(found[0], max_chars=80)}”"
            yield Finding("error", path, words, on_key=is_key)
        elif (found := _OVERRIDES.search(text)) is not None:
            words = f"gives the model orders beyond this tool: “{visible_line(found[0], max_chars=80)}”"
            yield Finding("warning", path, words, on_key=is_key)


def _invisible(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    for path, text, is_key in all_texts(document):
        plain = without_hidden(text)
        if plain != text:
            first = next((part for part in visible(text).split("⟨")[1:]), "").partition("⟩")[0]
            count = len(text) - len(plain)
            number = "a character" if count == 1 else f"{count} characters"
            words = f"{number} that nobody can see{f', such as {first}' if first else ''}"
            fix = None if is_key else Fix("Remove the invisible characters", (SetValue(path, plain),))
            yield Finding("error", path, words, on_key=is_key, fix=fix)


HIDDEN_RULES = (
    LintRule(
        "hidden-instruction",
        "error",
        "A text that asks the model to conceal something, or to obey it beyond the tool's own use.",
        Grounds(
            "Such descriptions made agents send private files away unseen.",
            POISONING,
            (POISONED_TOOLS, FRAGILE_CHOICE),
        ),
        _instructions,
    ),
    LintRule(
        "invisible-character",
        "error",
        "Characters that are not shown, reorder what is shown, or control a terminal.",
        Grounds("A model reads what a reviewer cannot see.", "Unicode Technical Report 36, section 3; CVE-2021-42574"),
        _invisible,
    ),
)
