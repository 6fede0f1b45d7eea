"""G17 · Stop, in every phase of a run: soon over, connection closed, tool let go of, everything settled."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.contract.formats import FORMATS, Format
from tests.contract.misbehaving_server import Answer, MisbehavingServer
from tests.reliability.test_chaos import TOUCH, body, served
from tests.support.runs import RUN_ID, HandClock, Patience, ScriptedRun
from tests.support.tally import counted, fast_folder, size
from tests.support.wire_answers import WireCall, wire_answer
from workbench.app.models.background_loop import BackgroundLoop, BackgroundProvider
from workbench.core.approval import ALLOW_ALL, ASK_ALL
from workbench.core.event import ToolCallSettled, kind_of
from workbench.core.json_text import JsonObject
from workbench.core.log import EventLog
from workbench.core.trace import fold
from workbench.engine.ports import Provider
from workbench.providers.scripted import Script
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

IDLE_S = 0.25
PATIENCE_S = 20.0

pytestmark = pytest.mark.timeout(900)
every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))


class Tool:
    """A tool that works until it is let go of."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.was_let_go = False

    async def __call__(self, arguments: JsonObject) -> str:
        self.entered.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.was_let_go = True
        return "never"


class Stage:
    """A run on its way into one phase."""

    def __init__(self, form: Format, phase: str, folder: Path, background: BackgroundLoop | None = None) -> None:
        self.phase = phase
        self.background = background
        words = wire_answer(form.wire_format, "All is well.")
        call = body(form, "", WireCall("touch", '{"at": "a"}'), WireCall("touch", '{"at": "b"}', "call_2"))
        answers = {
            "waiting to try again": [Answer(500, b"{}", (("content-type", "application/json"),))],
            "waiting for the first byte": [Answer(ending="endless")],
            "in mid-answer": [Answer(body=b"".join(words[:-2]), ending="endless")],
            "waiting for the person": [Answer(body=call)],
            "while a tool runs": [Answer(body=call)],
            "in the second round": [Answer(body=call), Answer(ending="endless")],
        }[phase]
        self.server = MisbehavingServer(served(answers))
        self.tool = Tool()
        self.person = Patience()
        self.log = EventLog()
        self.store = RunStore(folder, Redactor())
        self.store.follow(self.log)
        self.clock = HandClock()
        instant: Callable[[JsonObject], Awaitable[str] | str] = lambda _: "felt"  # noqa: E731 — one line says it
        self.adapter: object = None
        self._form = form
        self._body = self.tool if phase == "while a tool runs" else instant

    def begin(self) -> "asyncio.Task[object]":
        adapter: Provider = self._form.adapter(
            api_key="sk", base_url=self.server.root + self._form.base_suffix, timeout_s=30.0
        )
        if self.background is not None:
            adapter = BackgroundProvider(adapter, self.background)
        self.adapter = adapter
        self.run = ScriptedRun(
            Script(()),
            tools=(TOUCH,),
            bodies={"touch": self._body},
            approver=self.person,
            policy=ASK_ALL if self.phase == "waiting for the person" else ALLOW_ALL,
            provider=adapter,
            log=self.log,
            gate=self.store,
            clock=self.clock,
        )
        return asyncio.create_task(self.run.run())

    async def reached(self) -> None:
        match self.phase:
            case "waiting to try again":
                await self._until(lambda: bool(self.run.events("request.failed")))
            case "waiting for the first byte":
                await self._until(lambda: bool(self.server.received))
            case "in mid-answer":
                await self._until(lambda: any(kind_of(event) == "response.delta" for event in self.log))
            case "waiting for the person":
                await asyncio.wait_for(self.person.asked.wait(), PATIENCE_S)
            case "while a tool runs":
                await asyncio.wait_for(self.tool.entered.wait(), PATIENCE_S)
            case _:
                await self._until(lambda: len(self.server.received) == 2)

    async def _until(self, is_reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not is_reached():  # noqa: ASYNC110 — what is waited for happens in the server's thread
                await asyncio.sleep(0.001)

    def judge(self) -> None:
        trace = fold(self.log)
        assert trace.finished is not None
        assert (trace.finished.outcome, trace.finished.ended_by) == ("cancelled", "stop")
        settled = [event.call_id for event in self.log if isinstance(event, ToolCallSettled)]
        assert sorted(settled) == sorted(call.call_id for call in trace.calls())
        outcomes = [call.outcome for call in trace.calls()]
        wanted = {
            "waiting for the person": ["cancelled"] * 2,
            "while a tool runs": ["unknown"] * len(self.run.bodies.ran)
            + ["cancelled"] * (2 - len(self.run.bodies.ran)),
            "in the second round": ["ok"] * 2,
        }.get(self.phase, [])
        assert outcomes == wanted, outcomes
        if self.phase == "while a tool runs":
            assert self.tool.was_let_go
        if self.phase == "waiting for the person":
            assert self.person.withdrawn == 2
            assert self.run.bodies.ran == []
        if self.phase in ("waiting for the first byte", "in mid-answer", "in the second round"):
            assert self.server.client_left.wait(PATIENCE_S), "the connection stayed open"
        self.store.flush()
        assert self.store.events(RUN_ID) == list(self.log)
        assert [row.outcome for row in self.store.recorded()] == ["cancelled"]


PHASES = (
    "waiting to try again",
    "waiting for the first byte",
    "in mid-answer",
    "waiting for the person",
    "while a tool runs",
    "in the second round",
)


@every_format
@pytest.mark.parametrize("is_read_aside", [False, True], ids=["same loop", "background loop"])
async def test_a_run_that_is_stopped_is_soon_over_and_leaves_nothing_open(form: Format, is_read_aside: bool) -> None:
    slowest = 0.0
    background = BackgroundLoop() if is_read_aside else None
    where = ", read on a second loop" if is_read_aside else ""
    with counted("G17", f"stops in {len(PHASES)} phases, {form.wire_format}{where}") as tally, fast_folder() as folder:
        for phase in PHASES:
            for number in range(size(1, 10, 50)):
                with tally.case(f"{phase}, {number}"):
                    took = await stop_once(Stage(form, phase, folder / f"{phase}-{number}", background))
                    slowest = max(slowest, took)
                    assert took < IDLE_S or not size(0, 1, 1), f"over only after {took * 1000:.0f} ms"
        tally.notes.append(f"slowest stop {slowest * 1000:.0f} ms")
    if background is not None:
        await background.close()


async def stop_once(stage: Stage) -> float:
    """Seconds from Stop until the run was over."""
    with stage.server:
        task = stage.begin()
        try:
            await stage.reached()
            begun = time.perf_counter()
            task.cancel()
            await asyncio.wait([task])
            took = time.perf_counter() - begun
            stage.judge()
        finally:
            task.cancel()
            await asyncio.wait([task])
            await stage.adapter.close()  # type: ignore[attr-defined]
            stage.store.close()
    return took
