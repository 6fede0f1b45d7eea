"""Cases made backwards: first the arguments of a call, from its schema and lists of values, then a request. Pure.

The request comes from a sentence with gaps here, or from a model elsewhere; neither sees the tool's description.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from workbench.core.argument_mistake import argument_mistakes
from workbench.core.choice import ChosenCall
from workbench.core.ecma_pattern import python_pattern
from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.suite.case import Case
from workbench.core.tool import Tool

VOICES = (
    "Please {do}. {details}",
    "Can you {do} for me? {details}",
    "{details} {Do}, would you?",
    "hi, i need someone to {do} {details}",
    "I'd like to {do}. {details}",
    "{Do}? {details} Thanks!",
)
SMALL_TALK = (
    "Hello there!",
    "Thanks, that was all.",
    "Good morning, how are you?",
    "Never mind, I found it myself.",
    "What can you help me with?",
    "You are very kind.",
    "Who am I talking to?",
    "ok bye",
    "Please speak English with me.",
    "One moment, I have to look that up.",
)
"""Requests for which nothing is to be called, whatever the tools are."""
_SAMPLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"e?mail", ("ana@example.com", "li.wei@example.org", "sam@example.net")),
    (r"phone|mobile", ("+1 555 0100", "+44 20 7946 0000")),
    (r"city|town|place|location", ("Tokyo", "Lisbon", "Toronto", "Nairobi")),
    (r"country", ("Japan", "Portugal", "Canada")),
    (r"date|day", ("2026-05-04", "2026-11-30", "2027-01-15")),
    (r"time", ("09:30", "18:00")),
    (r"url|link|website", ("https://example.com/a", "https://example.org/b")),
    (r"currency", ("EUR", "USD", "JPY")),
    (r"name|person|customer|user", ("Ana Lima", "Wei Li", "Sam Okoro")),
    (r"id$|number|code|key", ("A-1001", "A-1002", "B-2040")),
    (r"message|text|body|note|comment|reason", ("It arrived broken", "Wrong size", "Please call me back")),
    (r"title|subject", ("Trip", "Invoice", "Meeting notes")),
    (r"query|search|term|keyword", ("rain jacket", "blue mug", "walking shoes")),
)
_OTHERS = ("Alpha", "Bravo", "Delta")
_NUMBERS = (2, 5, 3, 10, 7)
_CAMEL = re.compile(r"([a-z0-9])([A-Z])")
_MOST_TRIES = 40


class Invention(msgspec.Struct, frozen=True):
    """A call that a request is to be found for. `problem` says why there are no arguments that fit."""

    tool: str
    number: int
    arguments: JsonObject = {}
    problem: str = ""


def inventions(tool: Tool, count: int, entities: Mapping[str, Sequence[JsonValue]]) -> tuple[Invention, ...]:
    """Different calls of a tool whose arguments fit its schema. `entities` are values by the name of a parameter; they
    come before what the schema suggests."""
    made: list[Invention] = []
    seen: set[str] = set()
    for place in range(max(count, 1) * _MOST_TRIES):
        if len(made) == count:
            break
        arguments = _arguments(tool.input_schema, entities, place)
        text = compact(arguments)
        if text in seen:
            if not arguments:
                break  # nothing to choose from
            continue
        seen.add(text)
        if not argument_mistakes(ChosenCall(tool.name, text), tool):
            made.append(Invention(tool.name, len(made) + 1, arguments))
    if not made:
        problem = "no values fit its parameters: give some as entities"
        return (Invention(tool.name, 1, problem=problem),)
    return tuple(made)


def plain_request(invention: Invention) -> tuple[str, str]:
    """A request for an invented call from a sentence with gaps, and the sentence's own name, which is its cluster."""
    voice = (invention.number - 1) % len(VOICES)
    do = _said(invention.tool)
    details = "; ".join(_detail(name, value) for name, value in invention.arguments.items())
    details = f"{details[:1].upper()}{details[1:]}." if details else ""
    text = VOICES[voice].format(do=do, Do=f"{do[:1].upper()}{do[1:]}", details=details)
    return " ".join(text.split()), f"{invention.tool}-voice-{voice + 1}"


def leaks(request: str, tool: str, arguments: JsonObject) -> bool:
    """Whether a request gives away the tool's name, or the name of a parameter."""
    text = request.casefold()
    names = [tool, *arguments]
    return any("_" in name and name.casefold() in text for name in names) or f" {_plain(tool)} " in f" {_plain(text)} "


def values_of_cases(cases: Sequence[Case]) -> dict[str, list[JsonValue]]:
    """Plain argument values that cases expect already, by the name of the parameter."""
    found: dict[str, list[JsonValue]] = {}
    for case in cases:
        for turn in case.turns:
            for call in turn.expected.calls:
                for name, value in (call.arguments or {}).items():
                    known = found.setdefault(name, [])
                    if isinstance(value, str | int | float) and value not in known:
                        known.append(value)
    return {name: values for name, values in found.items() if values}


def _arguments(schema: JsonObject, entities: Mapping[str, Sequence[JsonValue]], place: int) -> JsonObject:
    """What is required, and one or two of the optional ones in turn."""
    declared, required = schema.get("properties"), schema.get("required")
    names = declared if isinstance(declared, dict) else {}
    needed = required if isinstance(required, list) else []
    optional = [name for name in names if name not in needed]
    chosen = {optional[place % len(optional)]} if optional and (not needed or place % 2) else set()
    if optional and place >= 2 * len(optional):
        chosen.add(optional[(place * 7 + 3) % len(optional)])
    arguments: JsonObject = {}
    for number, (name, node) in enumerate(names.items()):
        schema_of = node if isinstance(node, dict) else {}
        values = [value for value in _values(name, schema_of, entities, place) if _fits_pattern(value, schema_of)]
        if values and (name in needed or name in chosen):
            turn = place // len(optional) if name in chosen else place
            arguments[name] = values[(turn + number * (turn // len(values))) % len(values)]
    return arguments


def _fits_pattern(value: JsonValue, node: JsonObject) -> bool:
    pattern = node.get("pattern")
    if not isinstance(pattern, str) or not isinstance(value, str):
        return True
    try:
        return re.search(python_pattern(pattern), value) is not None
    except (ValueError, re.error):
        return False


def _values(
    name: str, node: JsonObject, entities: Mapping[str, Sequence[JsonValue]], place: int
) -> Iterator[JsonValue]:
    own = entities.get(name) or entities.get(f"{name}s")
    listed = node.get("enum") or node.get("examples")
    if own:
        yield from own
    elif "const" in node:
        yield node["const"]
    elif isinstance(listed, list) and listed:
        yield from listed
    else:
        yield from _typed(name, node, entities, place)


def _typed(name: str, node: JsonObject, entities: Mapping[str, Sequence[JsonValue]], place: int) -> Iterator[JsonValue]:
    kind = node.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if "integer" in kinds or "number" in kinds:
        low, high = node.get("minimum"), node.get("maximum")
        least = int(low) if isinstance(low, int | float) else 1
        most = int(high) if isinstance(high, int | float) else max(_NUMBERS) + least
        yield from dict.fromkeys(min(least + number, most) for number in _NUMBERS)
    elif "boolean" in kinds:
        yield from (True, False)
    elif "array" in kinds:
        items = node.get("items")
        found = list(_values(name, items if isinstance(items, dict) else {}, entities, place))
        yield from ([value] for value in found)
        yield found[:2]
    elif "object" in kinds:
        yield _arguments(node, entities, place)
    else:
        words = _said(name)
        yield from next((samples for pattern, samples in _SAMPLES if re.search(pattern, words)), _OTHERS)


def _said(name: str) -> str:
    """`track_order` as `track the order`: in words, and not just its words one after the other."""
    first, *rest = _words(name)
    return f"{first} the {' '.join(rest)}" if rest else first


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[^A-Za-z0-9]+", _CAMEL.sub(r"\1 \2", name).casefold()) if word] or [name]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _detail(name: str, value: JsonValue) -> str:
    words = " ".join(_words(name))
    if isinstance(value, bool):
        return f"{words}: {'yes' if value else 'no'}"
    return f"{words} {value if isinstance(value, str) else compact(value)}"
