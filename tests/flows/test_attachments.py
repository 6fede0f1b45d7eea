"""Pictures and files that a tool returned: recorded, sent on, and given again."""

import pytest

from tests.support.replays import ForkOfRun, rerun_of
from tests.support.runs import Body, ScriptedRun
from tests.support.scripts import call, calls, says, script
from workbench.core.error_handler import ErrorHandler
from workbench.core.event import RequestSent, ToolCallSettled, decode_event, encode_event
from workbench.core.exchange import ModelRequest, WireRequest
from workbench.core.handling import Handling
from workbench.core.message import Attachment, ToolResultsMessage
from workbench.core.tool import Tool
from workbench.engine.ports import ExecutionOrder, ExecutionResult
from workbench.providers.scripted import ScriptedAdapter

LOOK = Tool.make("look")
PNG = Attachment("image/png", "iVBORw0KGgoAAAANSUhEUgAAAoAAAAHg", "file:///a.png", 640, 480)


class Camera:
    """An executor that returns a picture."""

    name = "camera"

    def __init__(self, *, is_error: bool = False) -> None:
        self._is_error = is_error

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        return ExecutionResult("[image]", is_error=self._is_error, attachments=(PNG,))


class Model(ScriptedAdapter):
    """The scripted model; keeps what it was asked."""

    def __init__(self, rounds: int = 1) -> None:
        super().__init__(script(*[calls(call("look"))] * rounds, says("Done.")))
        self.requests: list[ModelRequest] = []

    def encode(self, request: ModelRequest) -> WireRequest:
        self.requests.append(request)
        return super().encode(request)


def a_run(model: Model, camera: Camera | None = None, handling: Handling | None = None) -> ScriptedRun:
    bodies: dict[str, Body] = {"look": lambda arguments: None}
    run = ScriptedRun(script(), tools=(LOOK,), bodies=bodies, provider=model, handling=handling)
    run.bodies._executors["look"] = camera or Camera()  # type: ignore[assignment]
    return run


def settled(run: ScriptedRun) -> ToolCallSettled:
    return next(event for event in run.log if isinstance(event, ToolCallSettled))


@pytest.mark.parametrize("is_error", [False, True])
async def test_what_a_tool_returns_beside_text_is_on_record_and_goes_to_the_model(is_error: bool) -> None:
    model = Model()
    run = a_run(model, Camera(is_error=is_error))
    await run.run()
    assert settled(run).attachments == (PNG,)
    assert decode_event(encode_event(settled(run))) == settled(run)
    (message,) = [each for each in model.requests[1].messages if isinstance(each, ToolResultsMessage)]
    assert message.results[0].attachments == (PNG,)


async def test_the_requests_of_a_run_hold_each_picture_once() -> None:
    shots = iter([Attachment("image/png", PNG.data + letter * 1000, width=640, height=480) for letter in "abc"])
    bodies: dict[str, Body] = {"look": lambda _: ExecutionResult("[image]", attachments=(next(shots),))}
    model = Model(rounds=3)
    run = ScriptedRun(script(), tools=(LOOK,), bodies=bodies, provider=model)
    await run.run()
    sent = [event.body for event in run.log if isinstance(event, RequestSent)]
    pictures = [part for body in sent for part in body._parts if PNG.data in part]
    assert len(pictures) == 0 + 1 + 2 + 3
    assert {id(part) for part in pictures} == {id(event.attachments[0].data) for event in run.settled}
    assert [body.text for body in sent] == [model.encode(request).body_json for request in list(model.requests)]


async def test_a_rerun_and_a_fork_give_it_again() -> None:
    run = a_run(Model())
    await run.run()
    again = await rerun_of(run.log)
    assert again.divergence is None
    fork = ForkOfRun(run.log, "turn-1/round-1", script(calls(call("look")), says("Again.")))
    await fork.run()
    assert [event.attachments for event in fork.settled] == [(PNG,)]
    inherited = ForkOfRun(run.log, "turn-1/round-2", script(says("Again.")))
    await inherited.run()
    assert [event.attachments for event in inherited.settled] == [(PNG,)]


async def test_an_answer_that_replaces_an_error_hides_what_came_with_it() -> None:
    run = a_run(Model(), Camera(is_error=True), handling=Handling(on_error={"look": {"*": ErrorHandler(reply="No.")}}))
    await run.run()
    assert (settled(run).result_text, settled(run).attachments) == ("No.", ())
