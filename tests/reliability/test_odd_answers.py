"""G19 · Odd but real answers: what is right in them is kept, nothing else runs, and the conversation goes on."""

import json
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.contract.any_answer import BODIES, STREAMS, as_stream, calls_in, odd_value, places
from tests.contract.formats import FORMATS, Format
from tests.support.odd_answers import OddAnswer, odd_answers
from tests.support.runs import ScriptedRun
from tests.support.scripts import TEXT, schema
from tests.support.tally import counted, size
from tests.support.wire_answers import wire_answer
from workbench.core.errors import ProviderFailure
from workbench.core.event import NoteAdded, RunFinished, ToolStarted, decode_event, encode_event
from workbench.core.exchange import ModelRequest, StreamItem, WireRequest
from workbench.core.tool import Tool
from workbench.core.tool_choice import ChoiceSupport
from workbench.providers.answer import AnswerReader
from workbench.providers.scripted import Script

TOOLS = (Tool.make("get_weather", "Weather.", schema("city", city=TEXT)), Tool.make("ping", "Ping."))
every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))


class Fed:
    """A provider whose server gives this body, as often as it fails, and then says "Done."."""

    name = "fed"

    def __init__(self, form: Format, body: bytes) -> None:
        self._form = form
        self._body = body
        self.sent: list[Any] = []

    def choice_support(self, model: str) -> ChoiceSupport:
        return ChoiceSupport()

    def encode(self, request: ModelRequest) -> WireRequest:
        return self._form.encode(request)

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        self.sent.append(json.loads(wire.body_json, parse_constant=pytest.fail))
        body, self._body = self._body, b"".join(wire_answer(self._form.wire_format, "Done."))
        reader = AnswerReader(self._form.fold(), self._form.decode)
        try:
            for item in (*reader.feed(body), *reader.finish()):
                yield item
        except ProviderFailure as failure:
            self._body = body
            raise reader.with_partial(failure) from None

    async def close(self) -> None:
        """Nothing is open."""


async def lived_through(form: Format, body: bytes) -> tuple[ScriptedRun, RunFinished]:
    """A run that gets this answer first. Its log can be read again, and what it sends goes through."""
    fed = Fed(form, body)
    run = ScriptedRun(
        Script(()), tools=TOOLS, bodies={tool.name: lambda _arguments: "felt" for tool in TOOLS}, provider=fed
    )
    finished = await run.run()
    for event in run.log:
        assert decode_event(encode_event(event)) == event
    assert "open" not in run.outcomes
    for body_sent in fed.sent:
        calls = list(calls_in(body_sent))
        assert len({call_id for call_id, _, _ in calls}) == len(calls), "two calls of one id go back"
        for call_id, name, arguments in calls:
            assert isinstance(call_id, str)
            assert call_id.strip()
            assert name.strip()
            assert isinstance(json.loads(arguments) if isinstance(arguments, str) else arguments, dict)
    return run, finished


async def judge(form: Format, odd: OddAnswer) -> None:
    run, finished = await lived_through(form, odd.body)
    ran = [json.loads(event.arguments_json or "{}") for event in run.log if isinstance(event, ToolStarted)]
    assert ran == [json.loads(arguments) for arguments in odd.runs], f"{ran} ran"
    assert finished.outcome == ("failed" if odd.fails else "answered"), finished.message
    told = [finished.message, *(event.text for event in run.log if isinstance(event, NoteAdded))]
    assert odd.says in " ".join(told), told


@every_format
async def test_what_is_right_in_an_odd_answer_runs_and_nothing_else(form: Format) -> None:
    with counted("G19", f"odd answers, each through a whole run, {form.wire_format}") as tally:
        for odd in odd_answers(form.wire_format):
            with tally.case(odd.name):
                await judge(form, odd)


@every_format
async def test_any_change_of_an_answer_ends_in_words_and_in_a_log_that_can_be_read(form: Format) -> None:
    chance = random.Random(f"{form.wire_format} 19")
    with counted("G19", f"answers changed at random, each through a whole run, {form.wire_format}") as tally:
        for number in range(size(60, 400, 3_000)):
            is_whole = chance.random() < 0.3
            document = json.loads(json.dumps(BODIES[form.wire_format] if is_whole else STREAMS[form.wire_format]))
            for _ in range(chance.randint(1, 4)):
                change(document, chance)
            with tally.case(number):
                body = json.dumps(document).encode() if is_whole else as_stream(document)
                _, finished = await lived_through(form, body)
                assert finished.outcome == "answered" or finished.message


def change(document: Any, chance: random.Random) -> None:
    """Replace, remove or double something in `document`."""
    found = list(places(document))
    if not found:
        return
    *way, last = chance.choice(found)
    inside = document
    for key in way:
        inside = inside[key]
    match chance.choice(["replace", "replace", "remove", "double"]):
        case "replace":
            inside[last] = odd_value(chance)
        case "remove":
            del inside[last]
        case _ if isinstance(inside, list):
            inside.insert(last, inside[last])
