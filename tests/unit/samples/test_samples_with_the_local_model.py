"""The samples as they are, asked of the real local model: which tool does it choose?

Where two tools are nearly as likely, the choice depends on the processor the engine runs on; one request of each sample
may therefore be answered otherwise. It takes half a minute, so `make reliability` does it.
"""

import json
from importlib.util import find_spec
from typing import Any

import pytest

from tests.support.tally import size
from tests.unit.samples.conftest import SAMPLES
from workbench.core.exchange import ModelRequest, ModelResponse
from workbench.core.message import UserMessage
from workbench.providers.local.adapter import LocalAdapter
from workbench.store.project import load_project

pytestmark = [
    pytest.mark.local_model,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(find_spec("needle") is None, reason="the local model is not installed"),
    pytest.mark.skipif(not size(0, 1, 1), reason="`make reliability` does it"),
]

WEATHER: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    (
        "What is the weather in Tokyo and London?",
        [("get_weather", {"city": "Tokyo"}), ("get_weather", {"city": "London"})],
    ),
    ("Weather in New York in fahrenheit", [("get_weather", {"city": "New York", "unit": "fahrenheit"})]),
    ("What is 15% of 80?", [("calculate", {"expression": "15% of 80"})]),
    ("What is 17 * 23 + 4?", [("calculate", {"expression": "17 * 23 + 4"})]),
    (
        "Convert 72 fahrenheit to celsius",
        [("convert_temperature", {"value": 72, "from_unit": "fahrenheit", "to_unit": "celsius"})],
    ),
    ("What time is it in Tokyo?", [("current_time", {"place": "Tokyo"})]),
    (
        'Email ana@example.com with the subject "Weather" and the text "It is sunny in Rome."',
        [("send_email", {"to": "ana@example.com", "subject": "Weather", "body": "It is sunny in Rome."})],
    ),
]

SHOP: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    ("Cancel order A-1004, I ordered it by mistake", [("cancel_order", {"order_id": "A-1004"})]),
    (
        "Do you have a waterproof jacket under 150 euros?",
        [("search_products", {"query": "waterproof jacket", "max_price": 150})],
    ),
    ("Is the Summit boots in stock?", [("check_stock", {"product": "Summit boots"})]),
    (
        "Compare the Volt 10 and the Volt 20 power bank",
        [("compare_products", {"products": ["Volt 10", "Volt 20 power bank"]})],
    ),
    ("Find the user with the email chen@example.com", [("lookup_user", {"query": "chen@example.com"})]),
    ("I want my money back for order A-1003", [("issue_refund", {"order_id": "A-1003"})]),
    ("Give order A-1013 a 10 percent discount", [("apply_discount", {"order_id": "A-1013", "percent": 10})]),
    ("Show me the profile of U-5", [("get_user_profile", {"user_id": "U-5"})]),
    # The tool's triggers make sure of that, and it takes no reason from what nobody said.
    ("I want to talk to a human", [("escalate_to_human", {"priority": "normal"})]),
    ("This is not working, connect me to a person", [("escalate_to_human", {"priority": "normal"})]),
    # Wrong choices, and the README of the sample says so: they are what the sample is for.
    ("Where is my order A-1002?", [("get_order_details", {"order_id": "A-1002"})]),
    ("What did user U-3 order so far?", [("get_order_details", {"order_id": "U-3"})]),
    ("Send order A-1010 back", [("cancel_order", {"order_id": "A-1010"})]),
]


@pytest.mark.parametrize(("sample", "asked"), [("weather-desk", WEATHER), ("shop-support", SHOP)])
async def test_the_local_model_chooses_what_the_sample_says(sample: str, asked: list[Any]) -> None:
    project = load_project(SAMPLES / sample)
    adapter = LocalAdapter()
    chosen = []
    try:
        for prompt, _ in asked:
            request = ModelRequest("local", (UserMessage(prompt),), project.instructions, project.toolset)
            items = [item async for item in adapter.stream(adapter.encode(request))]
            assert isinstance(items[-1], ModelResponse)
            chosen.append((prompt, [(call.tool, json.loads(call.arguments_json)) for call in items[-1].calls]))
    finally:
        await adapter.close()
    otherwise = [found for found, expected in zip(chosen, asked, strict=True) if found != expected]
    assert len(otherwise) <= 1, otherwise
