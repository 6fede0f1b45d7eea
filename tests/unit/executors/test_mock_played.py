"""A tool played by a model."""

import msgspec
import pytest

from tests.support.scripts import fails, says, script
from tests.unit.executors.orders import order
from workbench.core.errors import ToolError
from workbench.core.exchange import ModelRequest, WireRequest
from workbench.core.tool import Tool
from workbench.executors.mock_played import play_tool
from workbench.providers.scripted import ScriptedAdapter


class Listening(ScriptedAdapter):
    """Keeps what was asked."""

    asked: ModelRequest | None = None

    def encode(self, request: ModelRequest) -> WireRequest:
        self.asked = request
        return super().encode(request)


async def test_the_model_is_given_the_description_the_call_and_the_result_schema() -> None:
    provider = Listening(script(says(' {"temp": 3} ')))
    tool = Tool.make("get_weather", "The weather in a city.", output_schema={"type": "object"})
    asked = msgspec.structs.replace(order(city="Oslo"), tool=tool)
    assert await play_tool(provider, "m", asked) == '{"temp": 3}'
    assert provider.asked is not None
    said = provider.asked.messages[0].text  # type: ignore[union-attr]
    for part in ("get_weather", "The weather in a city.", '"city":"Oslo"', "result_schema"):
        assert part in said
    assert not provider.asked.tools


@pytest.mark.parametrize("answer", [fails("server"), says(" ")], ids=["failure", "nothing"])
async def test_a_model_that_gives_nothing_is_an_error_of_the_mock(answer: object) -> None:
    with pytest.raises(ToolError) as caught:
        await play_tool(ScriptedAdapter(script(answer)), "m", order())  # type: ignore[arg-type]
    assert caught.value.kind == "mock_model"
