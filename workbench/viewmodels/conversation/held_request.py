"""A request that step mode holds back, in words."""

from workbench.app.approvals.stepper import HeldRequest
from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonValue, parse_strict, pretty
from workbench.viewmodels.shared.figures import count


def held_words(held: HeldRequest) -> str:
    """What is about to leave, in one line."""
    facts = _facts(held.wire.body_json)
    where = held.span.replace("turn-", "turn ").replace("/round-", ", round ").partition("/request-")[0]
    return " · ".join((f"Held before the request of {where}", *facts))


def held_body(held: HeldRequest) -> str:
    """The exact body, indented."""
    body = _parsed(held.wire.body_json)
    return pretty(body) if body is not None else held.wire.body_json


def _facts(text: str) -> tuple[str, ...]:
    body = _parsed(text)
    facts: list[str] = []
    if isinstance(body, dict):
        messages = next((body[key] for key in ("messages", "input") if isinstance(body.get(key), list)), None)
        tools = body.get("tools")
        if isinstance(messages, list):
            facts.append(count(len(messages), "message"))
        if isinstance(tools, list):
            facts.append(count(len(tools), "tool"))
    return (*facts, f"{len(text) / 1000:,.1f} kB")


def _parsed(text: str) -> JsonValue:
    try:
        return parse_strict(text)
    except MalformedJson:
        return None
