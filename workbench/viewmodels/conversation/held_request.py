"""A request that step mode holds back, in words."""

from workbench.app.approvals.stepper import HeldRequest
from workbench.app.models.wires import shape_of
from workbench.core.exchange import WireRequest
from workbench.core.json_text import json_in, pretty
from workbench.viewmodels.shared.figures import count


def held_words(held: HeldRequest) -> str:
    """The request about to be sent, in one line."""
    facts = _facts(held.wire)
    where = held.span.replace("turn-", "turn ").replace("/round-", ", round ").partition("/request-")[0]
    return " · ".join((f"Held before the request of {where}", *facts))


def held_body(held: HeldRequest) -> str:
    """The exact body, indented."""
    body = json_in(held.wire.body_json)
    return pretty(body) if body is not None else held.wire.body_json


def _facts(wire: WireRequest) -> tuple[str, ...]:
    body, shape = json_in(wire.body_json), shape_of(wire.wire_format)
    facts: list[str] = []
    if isinstance(body, dict):
        messages = shape.message_list(body)
        if messages is not None:
            facts.append(count(len(messages), "message"))
        if "tools" in body:
            facts.append(count(sum(1 for _ in shape.definitions(body)), "tool"))
    return (*facts, f"{len(wire.body_json) / 1000:,.1f} kB")
