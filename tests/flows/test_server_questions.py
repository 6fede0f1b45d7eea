"""What a tool's server asks in the middle of a call: put, checked, limited and on record."""

import asyncio
from collections.abc import AsyncIterator

from tests.support.replays import rerun_of
from tests.support.runs import HandClock, ScriptedRun, settle_down
from tests.support.scripts import call, calls, says, script
from workbench.app.approvals.approval_desk import ApprovalDesk
from workbench.core.content import TextPart
from workbench.core.event import ServerAnswered, ServerAsked
from workbench.core.exchange import ModelRequest, ModelResponse, StreamItem, Usage, WireRequest
from workbench.core.limit import RunLimits
from workbench.core.server_question import AddressAsked, Asked, FormAsked, ModelAsked, Reply, ServerQuestion
from workbench.core.tool import Tool
from workbench.engine.ports import ExecutionOrder, ExecutionResult
from workbench.providers.scripted import ScriptedAdapter
from workbench.replay.fork_point import ForkPoint, before_point
from workbench.replay.recording import Recording

LOOK = Tool.make("look")
FORM = FormAsked("How far?", {"type": "object", "properties": {"km": {"type": "integer"}}, "required": ["km"]})
MODEL = ModelAsked((("user", "Sum up."),), max_tokens=60, most_answers=2, most_tokens=90)


class Asking:
    """An executor whose server asks."""

    name = "asking"

    def __init__(self, *asked: Asked) -> None:
        self._asked = asked
        self.replies: list[Reply] = []

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        for asked in self._asked:
            self.replies.append(await order.ask("maps", asked))
        return ExecutionResult("seen")


class AskingAtOnce(Asking):
    """Asks all of it at once."""

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        self.replies = list(await asyncio.gather(*(order.ask("maps", asked) for asked in self._asked)))
        return ExecutionResult("seen")


class Person(ApprovalDesk):
    """Somebody with a prepared reply for each question."""

    def __init__(self, *replies: Reply) -> None:
        super().__init__()
        self.asked: list[ServerQuestion] = []
        self._replies = list(replies)

    async def reply(self, question: ServerQuestion) -> Reply:
        self.asked.append(question)
        return self._replies.pop(0)


class Model(ScriptedAdapter):
    """The scripted model; keeps what it was asked for servers."""

    def __init__(self) -> None:
        super().__init__(script(calls(call("look")), says("Done.")))
        self.requests: list[ModelRequest] = []

    def encode(self, request: ModelRequest) -> WireRequest:
        self.requests.append(request)
        return super().encode(request)

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        if not self.requests[-1].tools:
            yield ModelResponse((TextPart("Short."),), "answered", usage=Usage(7, 40))
            return
        async for item in super().stream(wire):
            yield item


def a_run(executor: Asking, person: ApprovalDesk | None = None, **more: object) -> ScriptedRun:
    answers = script(calls(call("look")), says("Done."))
    run = ScriptedRun(answers, tools=(LOOK,), bodies={"look": lambda arguments: None}, approver=person, **more)  # type: ignore[arg-type]
    run.bodies._executors["look"] = executor  # type: ignore[assignment]
    return run


def told(run: ScriptedRun) -> list[ServerAnswered]:
    return [event for event in run.log if isinstance(event, ServerAnswered)]


async def test_a_reply_reaches_the_server_and_is_on_record_with_its_question() -> None:
    executor, person = Asking(FORM), Person(Reply("accept", "person", {"km": 3}))
    run = a_run(executor, person)
    await run.run()
    (asked,) = [event for event in run.log if isinstance(event, ServerAsked)]
    (answered,) = told(run)
    assert (asked.server, asked.asked, asked.shown_hash) == ("maps", FORM, person.asked[0].shown_hash)
    assert (answered.question_id, answered.action, answered.content) == ("question-1", "accept", {"km": 3})
    assert executor.replies == [Reply("accept", "person", {"km": 3})]


async def test_where_nobody_is_there_every_question_is_declined() -> None:
    executor = Asking(FORM, MODEL, AddressAsked("Sign in.", "https://x.example"))
    run = a_run(executor)
    await run.run()
    assert [(reply.action, reply.by) for reply in executor.replies] == [("decline", "nobody")] * 3
    assert run.outcomes == ["ok"]


async def test_values_that_do_not_fit_the_form_never_reach_the_server() -> None:
    executor = Asking(FORM)
    await a_run(executor, Person(Reply("accept", "person", {"km": "far"}))).run()
    assert (executor.replies[0].action, executor.replies[0].content) == ("cancel", None)
    assert "km" in executor.replies[0].note


async def test_what_is_entered_beside_an_address_is_not_sent() -> None:
    executor = Asking(AddressAsked("Sign in.", "https://x.example"))
    await a_run(executor, Person(Reply("accept", "person", {"key": 1}))).run()
    assert executor.replies[0].content is None


async def test_a_question_that_nobody_answers_in_time_is_canceled_and_withdrawn() -> None:
    clock, desk, executor = HandClock(), ApprovalDesk(), Asking(FORM)
    run = a_run(executor, desk, clock=clock, limits=RunLimits(approval_seconds=60.0))
    running = asyncio.create_task(run.run())
    await settle_down()
    assert len(desk.server_questions.pending) == 1
    await clock.push(61.0)
    await running
    assert (executor.replies[0].action, executor.replies[0].by) == ("cancel", "clock")
    assert desk.server_questions.pending == ()


async def test_stop_withdraws_the_question_and_a_late_reply_counts_for_nothing() -> None:
    desk, executor = ApprovalDesk(), Asking(FORM)
    run = a_run(executor, desk)
    running = asyncio.create_task(run.run())
    await settle_down()
    (question,) = desk.server_questions.pending
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert desk.server_questions.pending == ()
    assert not desk.server_questions.answer(question.shown_hash, Reply("accept", "person", {"km": 3}))
    assert (run.outcomes, told(run)) == (["unknown"], [])


async def test_time_in_which_a_person_thinks_does_not_count_for_the_run() -> None:
    clock, desk = HandClock(), ApprovalDesk()
    run = a_run(Asking(FORM), desk, clock=clock, limits=RunLimits(seconds=10.0))
    running = asyncio.create_task(run.run())
    await settle_down()
    await clock.push(100.0)
    (question,) = desk.server_questions.pending
    assert desk.server_questions.answer(question.shown_hash, Reply("accept", "person", {"km": 3}))
    assert (await running).outcome == "answered"
    assert run.trace.waiting_s == 100.0


async def test_the_model_answers_what_a_person_approved_and_nothing_of_the_run_is_sent() -> None:
    executor, model = Asking(MODEL), Model()
    run = a_run(executor, Person(Reply("accept", "person")), provider=model)
    finished = await run.run()
    request = model.requests[1]
    assert (len(request.messages), len(request.tools), request.max_output_tokens) == (1, 0, 60)
    content = executor.replies[0].content
    assert content is not None
    assert content["content"] == {"type": "text", "text": "Short."}
    assert told(run)[0].usage == Usage(7, 40)
    assert finished.totals.usage.output_tokens >= 40


async def test_a_server_gets_no_more_answers_and_tokens_than_the_project_allows() -> None:
    executor, person = Asking(MODEL, MODEL), Person(Reply("accept", "person"))
    run = a_run(executor, person, provider=Model())
    await run.run()
    assert len(person.asked) == 1
    assert (executor.replies[1].action, executor.replies[1].by) == ("decline", "limit")
    assert "90 tokens" in executor.replies[1].note


async def test_questions_at_once_get_no_more_answers_than_one_after_the_other() -> None:
    desk, executor, model = ApprovalDesk(), AskingAtOnce(MODEL, MODEL), Model()
    run = a_run(executor, desk, provider=model)
    running = asyncio.create_task(run.run())
    await settle_down()
    for question in desk.server_questions.pending:
        assert desk.server_questions.answer(question.shown_hash, Reply("accept", "person"))
    await running
    assert sorted((reply.action, reply.by) for reply in executor.replies) == [
        ("accept", "person"), ("decline", "limit")
    ]  # fmt: skip
    assert len([request for request in model.requests if not request.tools]) == 1


async def test_the_time_in_which_a_model_answers_is_no_time_of_the_person() -> None:
    clock, desk = HandClock(), ApprovalDesk()

    class Slow(Model):
        async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
            if not self.requests[-1].tools:
                await clock.sleep(30.0)
            async for item in super().stream(wire):
                yield item

    run = a_run(Asking(MODEL), desk, provider=Slow(), clock=clock)
    running = asyncio.create_task(run.run())
    await settle_down()
    await clock.push(100.0)
    (question,) = desk.server_questions.pending
    assert desk.server_questions.answer(question.shown_hash, Reply("accept", "person"))
    await settle_down()
    await clock.push(30.0)
    await running
    (answered,) = told(run)
    assert (run.trace.waiting_s, answered.at - (answered.replied_at or 0.0)) == (100.0, 30.0)


async def test_a_rerun_of_a_run_with_questions_asks_nobody_and_is_identical() -> None:
    run = a_run(Asking(FORM, FORM), Person(Reply("accept", "person", {"km": 3}), Reply("decline", "person")))
    await run.run()
    again = await rerun_of(run.log)
    assert again.divergence is None


async def test_a_fork_inherits_questions_with_the_calls_they_belong_to() -> None:
    run = a_run(Asking(FORM), Person(Reply("accept", "person", {"km": 3})))
    await run.run()
    kinds = [type(event) for event in before_point(Recording(list(run.log)), ForkPoint(1, 2))]
    assert ServerAsked in kinds
    assert ServerAnswered in kinds
