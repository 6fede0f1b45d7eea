"""Routing by words: the index, requests once it is made, and the index again after one tool has changed."""

import time

from benchmark.programs.cost import order, report
from workbench.core.routing.choosing import choose, tokens_of
from workbench.core.routing.plan import RoutingPlan
from workbench.core.routing.situation import Situation
from workbench.core.routing.words import WordIndex
from workbench.core.tool import Tool, Toolset

_VERBS = ("create", "list", "delete", "update", "find", "send", "track", "compare", "cancel", "export")
_THINGS = ("order", "parcel", "invoice", "user", "issue", "branch", "file", "page", "message", "meeting", "ticket")


def made(number: int) -> Tool:
    """A tool with a name, a description of two sentences and three parameters."""
    verb, thing = _VERBS[number % len(_VERBS)], _THINGS[number % len(_THINGS)]
    text = f"{verb.capitalize()} one {thing} of project {number}. Needs the number of the {thing}, and who asks for it."
    fields = {f"{thing}_id": "number", "asked_by": "string", f"option_{number % 7}": "string"}
    properties = {name: {"type": kind, "description": f"The {name} of the {thing}."} for name, kind in fields.items()}
    return Tool.make(f"{verb}_{thing}_{number}", text, {"type": "object", "properties": properties})  # type: ignore[dict-item]


def main() -> None:
    """Measure as ordered."""
    told = order()
    tools = Toolset([made(number) for number in range(told["tools"])])
    begun = time.perf_counter()
    index = WordIndex(tools)
    index_s = time.perf_counter() - begun
    plan, whole = RoutingPlan(name="words"), tokens_of(tools)
    took = []
    for number in range(told["requests"]):
        request = (
            f"Please {_VERBS[number % 10]} the {_THINGS[number % 11]} {number} for me, and tell me who asked for it"
        )
        begun = time.perf_counter()
        choose(plan, Situation(tools=tools, request=request, tool_tokens=whole), index.rank(request))
        took.append(time.perf_counter() - begun)
    changed = Toolset([Tool({**tools[0].document, "description": "Something else."}), *tools[1:]])
    begun = time.perf_counter()
    index.update(changed)
    report(
        index_s=index_s, request_ms=sorted(took)[len(took) // 2] * 1000, update_ms=(time.perf_counter() - begun) * 1000
    )


if __name__ == "__main__":
    main()
