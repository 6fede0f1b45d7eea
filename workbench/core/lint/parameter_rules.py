"""Rules about parameters: values hidden in prose, and arguments that nobody would say."""

import re
from collections.abc import Iterator

from workbench.core.json_text import JsonObject
from workbench.core.lint.finding import Finding, Fix, SetValue
from workbench.core.lint.parts import ToolParameter, parameters
from workbench.core.lint.rule import Grounds, LintRule, Surroundings
from workbench.core.lint.sources import INVENTED_ARGUMENTS, JSON_SCHEMA, OPENAI_GUIDE, UNCLEAR_DESCRIPTIONS
from workbench.core.word_overlap import word_counts

_QUOTED = r"(?:'[^'\n]{1,40}'|\"[^\"\n]{1,40}\"|`[^`\n]{1,40}`|“[^”\n]{1,40}”)"
_WORD = r"[A-Za-z][A-Za-z0-9_-]{0,40}"
_CUE = (
    r"(?:one of|either|options(?: are)?|"
    r"(?:valid|allowed|possible|accepted|supported)(?: values| options)?(?: are| include)?)"
)
_BETWEEN_QUOTED = r"(?:\s*,\s*|\s*/\s*|\s*\|\s*|,?\s+(?:or|and)\s+)"
_BETWEEN_WORDS = r"(?:\s*,\s*(?:or |and )?|\s*\|\s*|\s+(?:or|and)\s+)"
_LIST = re.compile(
    rf"\b{_CUE}:?\s+(?P<quoted>{_QUOTED}(?:{_BETWEEN_QUOTED}{_QUOTED})+)"
    rf"|\b{_CUE}:\s+(?P<plain>{_WORD}(?:{_BETWEEN_WORDS}{_WORD})+)(?=\s*(?:[.;)\n]|$))",
    re.IGNORECASE,
)
_ITEM = re.compile(rf"{_QUOTED}|{_WORD}")
_NOT_ALL = re.compile(r"\b(e\.g|for example|such as|etc|custom|any other|or an?y?\b|\.\.\.|…)", re.IGNORECASE)
_FEWEST, _MOST = 2, 50
_UNSAYABLE = re.compile(
    r"(?:^|_)(?:(?:api|access|secret|private)_key|(?:access|auth|bearer|session|csrf|refresh)_token|password|passwd"
    r"|client_secret|(?:session|request|trace|correlation|span)_id|nonce|idempotency_key|user_agent)$"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _hidden_enum(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    for found in parameters(document):
        values = _values_in(found) if found.is_free_text else ()
        if values:
            shown = ", ".join(values[:6]) + ("…" if len(values) > 6 else "")
            fix = Fix(f"Add an enum of {len(values)} values", (SetValue(f"{found.path}/enum", list(values)),))
            words = f"the values of {found.name[:40]!r} are listed only in its description: {shown}"
            yield Finding("warning", f"{found.path}/description", words, fix=fix)


def _contradicted_enum(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    for found in parameters(document):
        enum = found.node.get("enum")
        if not isinstance(enum, list):
            continue
        known = {str(value).casefold() for value in enum}
        strange = [value for value in _values_in(found) if value.casefold() not in known]
        if strange:
            words = f"the description offers {', '.join(strange[:4])}, which the enum does not have"
            yield Finding("warning", f"{found.path}/description", words)


def _values_in(parameter: ToolParameter) -> tuple[str, ...]:
    """The values that a description lists as all there are."""
    description = parameter.description
    listed = _LIST.search(description)
    if listed is None or _NOT_ALL.search(description):
        return ()
    items = (item.strip("'\"`“”") for item in _ITEM.findall(listed["quoted"] or listed["plain"]))
    values = tuple(dict.fromkeys(item for item in items if item not in ("or", "and")))
    return values if _FEWEST <= len(values) <= _MOST else ()


def _unsayable(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    for found in parameters(document):
        snake = _CAMEL.sub("_", found.name).replace("-", "_").lower()
        if found.is_required and found.is_free_text and _UNSAYABLE.search(snake):
            words = f"{found.name[:40]!r} is required, but no user would say it, so the model has to invent it"
            yield Finding("warning", found.path, words, on_key=True)


def _repeated_name(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    for found in parameters(document):
        said = word_counts(found.description)
        if said and not said - word_counts(found.name):
            yield Finding("note", f"{found.path}/description", f"the description only repeats {found.name[:40]!r}")


PARAMETER_RULES = (
    LintRule(
        "enum-in-prose",
        "warning",
        "Values that only a description lists, so that any other text is accepted.",
        Grounds("With an enum, a wrong value cannot be written.", OPENAI_GUIDE),
        _hidden_enum,
    ),
    LintRule(
        "enum-contradicted",
        "warning",
        "A description that offers values which the enum does not have.",
        Grounds("A call with such a value is refused.", f"{JSON_SCHEMA}, section 6.1.2"),
        _contradicted_enum,
    ),
    LintRule(
        "unsayable-argument",
        "warning",
        "A required free text for a key, a token or a technical id.",
        Grounds(
            "What the application already knows is not for the model to fill in.", OPENAI_GUIDE, (INVENTED_ARGUMENTS,)
        ),
        _unsayable,
    ),
    LintRule(
        "repeated-name",
        "note",
        "A parameter's description that only repeats its name.",
        Grounds("Say what each parameter is for, and its format.", OPENAI_GUIDE, (UNCLEAR_DESCRIPTIONS,)),
        _repeated_name,
    ),
)
