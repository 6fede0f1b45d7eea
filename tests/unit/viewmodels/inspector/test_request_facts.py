"""What stands over a request."""

import json
from decimal import Decimal

from workbench.core.event import RequestSent
from workbench.core.ids import RunId, SpanPath
from workbench.core.json_text import JsonValue
from workbench.core.price import Price
from workbench.core.shared_text import SharedText
from workbench.core.tool_choice import AUTO
from workbench.viewmodels.inspector.request_facts import request_facts

TOOLS: list[JsonValue] = [
    {"name": f"tool_{number}", "input_schema": {"type": "object", "properties": {"at": {"type": "string"}}}}
    for number in range(8)
]


def sent(body: str) -> RequestSent:
    return RequestSent(
        run_id=RunId("r"),
        seq=4,
        at=1.0,
        span=SpanPath("turn-1/round-1/request-1"),
        attempt=2,
        wire_format="anthropic_messages",
        path="/v1/messages",
        tool_choice=AUTO,
        offered=(),
        parallel_calls=True,
        body=SharedText(body),
        emulation="asked for in words",
        narrowing="only the chosen tools are sent",
    )


def test_tokens_and_money_are_told_per_tool_and_field() -> None:
    body = json.dumps({"tools": TOOLS, "messages": [{"role": "user", "content": "Hello."}]})
    facts = list(request_facts(sent(body), 1000, Price(Decimal(5), Decimal(10))))
    assert facts[:3] == [
        "POST /v1/messages   (anthropic_messages, attempt 2)",
        "Emulated: asked for in words",
        "Routing: only the chosen tools are sent",
    ]
    assert facts[3].startswith("1,000 tokens counted, about: tools ")
    assert facts[4].startswith("Each tool ≈ ($ in 1,000 requests) tool_0 ")
    assert "($0.5900)" in facts[4]
    assert facts[4].endswith("3 more")
    assert facts[5].startswith("Heaviest fields ≈ tool_0.at ")


def test_without_a_count_or_a_price_it_is_an_estimate_without_money() -> None:
    facts = list(request_facts(sent('{"messages": ["Hello."]}'), 0, None))
    assert facts[3].startswith("≈ ")
    assert "$" not in " ".join(facts)
    assert len(facts) == 4


def test_a_body_that_is_no_json_leaves_only_where_it_went() -> None:
    assert len(list(request_facts(sent("oops"), 10, None))) == 3
