"""G3 · Every fault of a server ends in a clear typed error and a conversation that can go on."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from tests.contract.formats import FORMATS, Format
from tests.contract.misbehaving_server import Answer, MisbehavingServer, Received
from tests.support.runs import ScriptedRun
from tests.support.scripts import TEXT, schema
from tests.support.tally import counted, size
from tests.support.wire_answers import WireCall, wire_answer
from workbench.core.conversation import conversation
from workbench.core.event import RequestFailed, RunFinished, ToolStarted
from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool
from workbench.engine.retry import MOST_ATTEMPTS, TRANSIENT
from workbench.providers.scripted import Script

TOUCH = Tool.make("touch", "Touch.", schema("at", at=TEXT))
TIMEOUT_S = 0.4
JSON_BODY = (("content-type", "application/json"),)
STATUSES = (400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 529)

pytestmark = pytest.mark.timeout(600)
every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))


class Fault(NamedTuple):
    """What a server does to one conversation. `recovers`: it answers well in the end. `runs`: how many calls run."""

    name: str
    answers: list[Answer]
    recovers: bool = False
    runs: int = 0
    is_timed: bool = False
    slept: list[float] | None = None
    most_requests: int = MOST_ATTEMPTS


def body(form: Format, text: str = "", *calls: WireCall) -> bytes:
    return b"".join(wire_answer(form.wire_format, text, calls))


def faults(form: Format) -> Iterator[Fault]:
    words = wire_answer(form.wire_format, "All is well.")
    good = Answer(body=b"".join(words))
    touch = WireCall("touch", '{"at": "a"}')
    called = wire_answer(form.wire_format, "", [touch])
    for status in STATUSES:
        error = json.dumps({"type": "error", "error": {"type": "some_error", "message": "no", "code": "x"}}).encode()
        yield Fault(f"status {status}", [Answer(status, error, JSON_BODY)] * 9)
    failing = Answer(500, b"{}", JSON_BODY)
    yield Fault("two 500 and then an answer", [failing, failing, good], recovers=True, slept=[0.5, 1.0])
    wait = Answer(429, b"{}", (*JSON_BODY, ("retry-after", "7")))
    yield Fault("a pause that is asked for", [wait, good], recovers=True, slept=[7.0])
    long = Answer(429, b"{}", (*JSON_BODY, ("retry-after", "3600")))
    yield Fault("a pause nobody would wait for", [long, good], slept=[], most_requests=1)
    yield Fault("no answer at all, connection closed", [Answer(0)] * 9)
    yield Fault("no answer at all, connection held", [Answer(0, ending="held")] * 9, is_timed=True)
    yield Fault("an empty body", [Answer(body=b"")] * 9)
    yield Fault("a web page", [Answer(body=b"<html>Sign in</html>", headers=(("content-type", "text/html"),))] * 9)
    yield Fault("JSON that is no answer", [Answer(body=b'{"ok": true}', headers=JSON_BODY)] * 9)
    yield Fault("bytes that are no text", [Answer(body=b"data: \xff\xfe\n\n")] * 9)
    yield Fault("an event that is no JSON", [Answer(body=words[0] + b"data: {oops\n\n")] * 9)
    yield Fault("an event of another kind of thing", [Answer(body=words[0] + b"data: [1]\n\n")] * 9)
    for cut in range(1, len(words) - 1):
        yield Fault(f"words cut off cleanly after event {cut}", [Answer(body=b"".join(words[:cut]))] * 9)
    torn = Answer(body=b"".join(words[:2]), ending="torn")
    yield Fault("words torn off", [torn] * 9)
    stalled = Answer(body=b"".join(words[:2]), ending="held")
    yield Fault("words that stall", [stalled] * 9, is_timed=True)
    for cut in range(1, len(called) - 1):
        yield Fault(f"a call cut off cleanly after event {cut}", [Answer(body=b"".join(called[:cut]))] * 9)
    yield Fault("a call torn off", [Answer(body=b"".join(called[:-2]), ending="torn")] * 9)
    yield Fault("a call that stalls", [Answer(body=b"".join(called[:-2]), ending="held")] * 9, is_timed=True)
    for name, arguments in {
        "malformed arguments": '{"at": ',
        "arguments that are a list": '["a"]',
        "arguments with a doubled key": '{"at":"a","at":"b"}',
        "arguments with NaN": '{"at":NaN}',
        "arguments of the wrong type": '{"at":7}',
    }.items():
        yield Fault(name, [Answer(body=body(form, "", WireCall("touch", arguments))), good], recovers=True)
    yield Fault("a tool nobody offered", [Answer(body=body(form, "", WireCall("erase", "{}"))), good], recovers=True)
    other = touch._replace(arguments='{"at": "b"}')
    yield Fault("two calls of one id", [Answer(body=body(form, "", touch, other)), good], recovers=True, runs=2)
    yield Fault("the same call twice", [Answer(body=body(form, "", touch, touch)), good], recovers=True, runs=1)
    nameless = WireCall("touch", '{"at": "a"}', "")
    yield Fault("calls without ids", [Answer(body=body(form, "", nameless, nameless)), good], recovers=True, runs=2)
    yield Fault("one id in two rounds", [Answer(body=body(form, "", touch))] * 2 + [good], recovers=True, runs=2)


def served(answers: list[Answer]) -> Callable[[Received], Answer]:
    waiting = list(answers)
    return lambda _: waiting.pop(0) if waiting else Answer(500, b"{}", JSON_BODY)


def run_against(form: Format, server: MisbehavingServer, history: tuple[object, ...] = ()) -> ScriptedRun:
    adapter = form.adapter(api_key="sk-test", base_url=server.root + form.base_suffix, timeout_s=TIMEOUT_S)
    return ScriptedRun(
        Script(()),
        tools=(TOUCH,),
        bodies={"touch": lambda arguments: f"felt {arguments['at']}"},
        provider=adapter,
        history=history,  # type: ignore[arg-type]
    )


async def ended(run: ScriptedRun) -> RunFinished:
    try:
        return await run.run()
    finally:
        await run.loop._provider.close()


async def suffer(form: Format, fault: Fault) -> None:
    """Live through the fault, judge, and go on with the conversation on a server that is well."""
    with MisbehavingServer(served(fault.answers)) as server:
        run = run_against(form, server)
        begun = time.perf_counter()
        async with asyncio.timeout(60):
            finished = await ended(run)
        took = time.perf_counter() - begun
        requests = len(server.received)
    failures = [event for event in run.log if isinstance(event, RequestFailed)]
    assert len(failures) + len(run.events("response.received")) == requests, "the SDK asked behind our back"
    assert len(failures) <= fault.most_requests, "a storm of requests"
    for failure in failures:
        assert failure.message
        assert failure.retry_in_s is None or failure.failure in TRANSIENT, f"{failure.failure} was tried again"
    if fault.slept is not None:
        assert run.clock.slept == fault.slept, f"waited {run.clock.slept}"  # type: ignore[union-attr]
    if fault.is_timed:
        assert took < (TIMEOUT_S + 1.0) * max(1, len(failures)), f"hung for {took:.1f} s"
    assert len([event for event in run.log if isinstance(event, ToolStarted)]) == fault.runs, "wrong calls ran"
    assert "open" not in run.outcomes
    if fault.recovers:
        assert finished.outcome == "answered", finished.message
    else:
        assert (finished.outcome, finished.ended_by) == ("failed", "provider"), finished
        assert finished.message
        assert run.events("response.received") == [], "an unfinished answer was taken for a whole one"
    await _goes_on(form, run)


async def _goes_on(form: Format, run: ScriptedRun) -> None:
    with MisbehavingServer(served([Answer(body=body(form, "On we go."))])) as server:
        again = run_against(form, server, conversation(run.log))
        finished = await ended(again)
        assert (finished.outcome, finished.text) == ("answered", "On we go."), finished.message
        sent: JsonObject = json.loads(server.received[0].body)
        assert "Go." in json.dumps(sent)


@every_format
async def test_every_fault_ends_in_a_typed_error_and_a_conversation_that_goes_on(form: Format) -> None:
    with counted("G3", f"faults of a server, {form.wire_format}") as tally:
        for fault in list(faults(form))[:: size(4, 1, 1)]:
            with tally.case(fault.name):
                await suffer(form, fault)
