"""One decision of a model, put many times."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.support.passes import Passes
from tests.support.runs import PushedClock, ScriptedRun
from tests.support.scripts import TEXT, call, calls, says, schema, script
from workbench.core.approval import ASK_ALL
from workbench.core.content import TextPart, ToolCallPart
from workbench.core.errors import ProviderFailure, UsageError
from workbench.core.exchange import ModelRequest, ModelResponse, StreamItem, Usage, WireRequest
from workbench.core.message import ToolResultsMessage, UserMessage
from workbench.core.routing.plan import RoutingPlan
from workbench.core.sealed_thinking import SealedThinking
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import REQUIRED, ChoiceSupport, ToolChoicePlan
from workbench.core.variant import Offer, ToolEdit, Variant, apply_variant
from workbench.engine.setup import RunSetup
from workbench.providers.scripted import Script, ScriptedAdapter
from workbench.replay.decision_point import decision_point, put
from workbench.replay.fork_point import parse_point
from workbench.replay.recording import Recording
from workbench.replay.sampling import Sampler
from workbench.replay.setup_offer import offer_of, with_offer

WEATHER = Tool.make("get_weather", "Weather of a city.", schema("city", city=TEXT))
WIRE = WireRequest("scripted", "script", "{}")
UNSEALED = SealedThinking("scripted")


def looks(city: str) -> ModelResponse:
    return ModelResponse((ToolCallPart("1", "get_weather", f'{{"city":"{city}"}}'),), "tool_calls", usage=Usage(10, 2))


class Urn:
    """A provider that gives prepared answers in order, and counts how many are under way."""

    name = "urn"

    def __init__(self, *answers: ModelResponse | ProviderFailure) -> None:
        self.left = list(answers)
        self.running = self.most = self.asked = 0

    def choice_support(self, model: str) -> ChoiceSupport:
        return ChoiceSupport()

    def encode(self, request: ModelRequest) -> WireRequest:
        return ScriptedAdapter(Script(())).encode(request)

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        self.asked += 1
        self.running += 1
        self.most = max(self.most, self.running)
        answer = self.left.pop(0)
        try:
            for _ in range(20):  # long enough for others to begin meanwhile
                await asyncio.sleep(0)
            if isinstance(answer, ProviderFailure):
                raise answer
            yield answer
        finally:
            self.running -= 1

    async def close(self) -> None:
        pass


async def test_equal_choices_are_counted_and_no_more_requests_run_at_once_than_wished() -> None:
    urn = Urn(*[looks("Oslo")] * 5, *[looks("Rome")] * 3, ModelResponse((TextPart("Hm."),), "answered"))
    heard = []
    sampler = Sampler(urn, WIRE, clock=PushedClock(), listener=heard.append)
    sampling = await sampler.draw(9, concurrency=4)
    assert [(str(stack.choice), stack.count) for stack in sampling.distribution.stacks] == [
        ('get_weather({"city":"Oslo"})', 5),
        ('get_weather({"city":"Rome"})', 3),
        ("answer", 1),
    ]
    assert urn.most == 4
    assert [sample.number for sample in sampling.samples] == list(range(1, 10))
    assert sorted(sample.number for sample in heard) == list(range(1, 10))
    assert sampling.usage == Usage(80, 16)


async def test_a_passing_failure_is_tried_again_and_a_lasting_one_counts_as_none() -> None:
    busy = [ProviderFailure("busy", kind="overloaded") for _ in range(4)]
    urn = Urn(busy[0], looks("Oslo"), *busy[1:], looks("Oslo"))
    sampling = await Sampler(urn, WIRE, clock=PushedClock(), jitter=lambda: 0.0).draw(3, concurrency=1)
    assert (sampling.distribution.trials, sampling.distribution.failures) == (2, 1)
    assert sampling.failure == ""


async def test_a_failure_that_would_only_come_again_ends_it() -> None:
    urn = Urn(looks("Oslo"), ProviderFailure("no such key", kind="authentication"), *[looks("Oslo")] * 9)
    sampling = await Sampler(urn, WIRE, clock=PushedClock()).draw(11, concurrency=1)
    assert sampling.failure == "no such key. Check the key."
    assert urn.asked == 2
    assert (sampling.distribution.trials, sampling.wanted) == (1, 11)


async def test_what_has_come_is_kept_when_it_is_stopped() -> None:
    urn = Urn(*[looks("Oslo")] * 50)
    enough = asyncio.Event()
    sampler = Sampler(urn, WIRE, clock=PushedClock(), listener=lambda sample: sample.number >= 6 and enough.set())
    drawing = asyncio.create_task(sampler.draw(50, concurrency=2))
    await enough.wait()
    drawing.cancel()
    await asyncio.wait([drawing])
    assert 6 <= len(sampler.sampling.samples) < 50
    assert urn.running == 0


@pytest.mark.parametrize(("trials", "concurrency"), [(0, 1), (1, 0), (1, 65)])
async def test_numbers_that_make_no_sense_are_refused(trials: int, concurrency: int) -> None:
    with pytest.raises(UsageError):
        await Sampler(Urn(), WIRE, clock=PushedClock()).draw(trials, concurrency=concurrency)


async def a_recording() -> tuple[Recording, ScriptedRun]:
    run = ScriptedRun(
        script(calls(call("get_weather", city="Oslo")), says("Fine.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: "fine"},
        tool_choice=ToolChoicePlan(REQUIRED),
        history=(UserMessage("Earlier."),),
    )
    await run.run("And Oslo?")
    return Recording(tuple(run.log)), run


async def test_a_point_put_again_is_the_request_that_was_sent() -> None:
    recording, run = await a_recording()
    setup = RunSetup.from_started(recording.started, ASK_ALL)
    sent = [attempt.sent for attempt in recording.attempts.values()]
    for text, request in (("turn-1", sent[0]), ("round-1", sent[0]), ("round-1/call-1", sent[0]), ("round-2", sent[1])):
        point = decision_point(recording, parse_point(text, recording))
        question = put(point, recording, setup, ScriptedAdapter(Script(())), to=UNSEALED)
        assert question.wire.body_json == request.body_json
    assert run.bodies.ran == [{"city": "Oslo"}]


async def test_a_point_knows_what_was_chosen_there() -> None:
    recording, _ = await a_recording()
    chosen = [decision_point(recording, parse_point(f"round-{n}", recording)).chosen for n in (1, 2)]
    assert [str(choice) for choice in chosen] == ['get_weather({"city":"Oslo"})', "answer"]


async def test_a_variant_changes_what_is_put_and_a_cut_history_what_came_before() -> None:
    recording, _ = await a_recording()
    setup = RunSetup.from_started(recording.started, ASK_ALL)
    variant = Variant(name="v", tools={"get_weather": ToolEdit(description="Say the weather.")}, tool_choice="none")
    varied = with_offer(setup, apply_variant(variant, offer_of(setup)), model=setup.model, variant="v")
    point = decision_point(recording, parse_point("round-2", recording))
    question = put(point.cut(1), recording, varied, ScriptedAdapter(Script(())), to=UNSEALED)
    assert question.request.tools[0].description == "Say the weather."
    assert str(question.request.tool_choice) == "none"
    assert [type(message) for message in question.request.messages][::2] == [UserMessage, ToolResultsMessage]
    assert len(point.messages) == 4
    sent = question.sent(point)
    assert (sent.body_json, sent.offered) == (question.wire.body_json, ("get_weather",))


async def test_samples_drawn_together_are_sent_one_in_each_pass_of_the_loop() -> None:
    class Watched(Urn):
        def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
            passes.mark()
            return super().stream(wire)

    with Passes() as passes:
        await Sampler(Watched(*map(looks, "abcdefgh" * 4)), WIRE, clock=PushedClock()).draw(32, concurrency=32)
    assert passes.by_pass.total() == 32
    assert set(passes.by_pass.values()) == {1}


async def test_a_routed_round_is_asked_again_with_the_tools_it_was_offered() -> None:
    tools = (WEATHER, Tool.make("add", "Add two numbers."))
    run = ScriptedRun(
        script(calls(call("get_weather", city="Oslo")), says("Fine.")),
        tools=tools,
        bodies={"get_weather": lambda arguments: "fine"},
        routing=RoutingPlan(name="words", top=1, force=0.0),
    )
    await run.run("How is the weather?")
    recording = Recording(tuple(run.log))
    setup = RunSetup.from_started(recording.started, ASK_ALL)
    for text, attempt in zip(("round-1", "round-2"), recording.attempts.values(), strict=True):
        point = decision_point(recording, parse_point(text, recording))
        question = put(point, recording, setup, ScriptedAdapter(Script(())), to=UNSEALED)
        assert question.wire.body_json == attempt.sent.body_json
        assert question.resolved.offered == ("get_weather",)
    assert str(attempt.sent.tool_choice) == "auto"
    more = with_offer(setup, Offer(Toolset([*tools, Tool.make("new")])), model=setup.model, variant="more")
    asked = put(point, recording, more, ScriptedAdapter(Script(())), to=UNSEALED)
    assert asked.resolved.offered == ("get_weather", "new")


async def test_what_was_left_to_a_vendors_search_is_left_to_it_again() -> None:
    class Searching(ScriptedAdapter):
        def choice_support(self, model: str) -> ChoiceSupport:
            return ChoiceSupport(tool_search=True)

    answers = script(says("Fine."))
    run = ScriptedRun(
        answers,
        tools=(WEATHER, Tool.make("add", "Add two numbers.")),
        provider=Searching(answers),
        routing=RoutingPlan(name="words", top=1, narrow="tool-search"),
    )
    await run.run("How is the weather?")
    recording = Recording(tuple(run.log))
    point = decision_point(recording, parse_point("round-1", recording))
    setup = RunSetup.from_started(recording.started, ASK_ALL)
    assert put(point, recording, setup, Searching(Script(())), to=UNSEALED).request.deferred == ("add",)
