"""Several processes of the local model: the last few sets of tools stay ready, and a batch uses every processor.

Reading a set of tools takes the engine seconds, an answer after that a fraction of one, and it holds one set at a
time. So a request goes to a process that has read its tools; requests with the same tools are answered together, and
the process that was idle longest reads the next ones. The model always gives the same answer to the same input, so
answers are kept, in memory only.
"""

import asyncio
import hashlib
import json
import os
from collections.abc import Callable
from typing import Any

from workbench.core.errors import ProviderFailure
from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.local.answers import KeptAnswers
from workbench.providers.local.pace import Pace, size_of
from workbench.providers.local.processors import engine_threads
from workbench.providers.worker_process import WorkerProcess

KEPT_READY = 4
"""How many sets of tools stay ready: about 90 MB each."""
MOST_OVERTAKEN = 32
"""A request that needs a process for other tools lets up to this many others go first."""


class _Place:
    """A process and the tools it has read."""

    def __init__(self, process: WorkerProcess) -> None:
        self.process = process
        self.tools = ""
        self.is_busy = False
        self.uses = 0
        self.used_at = 0

    def is_ready_for(self, tools: str) -> bool:
        return self.tools == tools and self.process.pid is not None


class _Waiting:
    """A command that waits for a process; how many characters its tools have."""

    def __init__(self, tools: str, size: int, turn: "asyncio.Future[_Place]") -> None:
        self.tools = tools
        self.size = size
        self.turn = turn
        self.overtaken = 0


class NeedlePool:
    """Carries out commands, as many at the same time as there are processors."""

    def __init__(
        self,
        start: Callable[[Callable[[], int]], WorkerProcess] = lambda threads: WorkerProcess(threads=threads),
        *,
        at_once: int | None = None,
    ) -> None:
        """`start` makes a process; it is given what says how many threads its engine should use. Nothing is started
        before the first command."""
        self.pace = Pace()
        self.at_once = at_once or usable_processors()
        self._start = start
        self._most = max(KEPT_READY, self.at_once)
        self._places: list[_Place] = []
        self._waiting: list[_Waiting] = []
        self._answers = KeptAnswers()
        self._turns = 0
        self._is_closed = False

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run, oldest first."""
        return tuple(pid for place in self._places if (pid := place.process.pid) is not None)

    def is_ready(self, system: str, tools: list[JsonValue]) -> bool:
        """Whether a process has read these tools."""
        key = tools_key(system, tools)
        return any(place.is_ready_for(key) for place in self._places)

    def is_known(self, **command: JsonValue) -> bool:
        """Whether the answer to what `complete` would be given is kept."""
        return _exactly(command) in self._answers

    async def complete(self, *, system: str, tools: list[JsonValue], **fields: JsonValue) -> JsonObject:
        """Needle's answer; see `worker`. Raises `ProviderFailure`. Cancelling ends the process that works at it."""
        key = _exactly({"system": system, "tools": tools, **fields})
        kept = self._answers.get(key)
        if kept is not None:
            return kept
        place = await self._turn(system, tools)
        try:
            kept = self._answers.get(key)  # the same request may have been answered while this one waited
            if kept is not None:
                return kept
            answer: JsonObject = await self._carry_out(place, "complete", system=system, tools=tools, **fields)
            if answer.get("success") is True:
                self._answers.keep(key, answer)
            return answer
        finally:
            self._give_back(place)

    async def load(self, *, system: str, tools: list[JsonValue]) -> None:
        """Read these tools. Raises `ProviderFailure`."""
        place = await self._turn(system, tools)
        try:
            await self._carry_out(place, "load", system=system, tools=tools)
        finally:
            self._give_back(place)

    async def close(self) -> None:
        """End all processes; later commands are refused by them."""
        self._is_closed = True
        for waiting in self._waiting:
            if not waiting.turn.done():
                waiting.turn.set_exception(_closed())
        self._waiting.clear()
        await asyncio.gather(*(place.process.close() for place in self._places))

    async def _carry_out(self, place: _Place, op: str, **fields: Any) -> Any:
        answer = await place.process.ask(op, **fields)
        self.pace.record(place.process.took, place.tools, size_of(fields["tools"]))
        return answer

    # turns

    async def _turn(self, system: str, tools: list[JsonValue]) -> _Place:
        if self._is_closed:
            raise _closed()
        turn = asyncio.get_running_loop().create_future()
        waiting = _Waiting(tools_key(system, tools), size_of(tools), turn)
        self._waiting.append(waiting)
        self._dispatch()
        try:
            return await waiting.turn
        except asyncio.CancelledError:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            elif waiting.turn.done() and not waiting.turn.cancelled() and waiting.turn.exception() is None:
                self._give_back(waiting.turn.result())
            raise

    def _give_back(self, place: _Place) -> None:
        place.is_busy = False
        self._dispatch()

    def _dispatch(self) -> None:
        # Ctrl-C cancels many at once: their turns are over before their own tasks have taken them out.
        self._waiting = [waiting for waiting in self._waiting if not waiting.turn.done()]
        while self._waiting and sum(place.is_busy for place in self._places) < self.at_once:
            chosen = self._next()
            if chosen is None:
                return
            waiting, place = chosen
            for earlier in self._waiting[: self._waiting.index(waiting)]:
                earlier.overtaken += 1
            self._waiting.remove(waiting)
            self._turns += 1
            place.uses = place.uses + 1 if place.tools == waiting.tools else 1
            place.is_busy, place.used_at, place.tools = True, self._turns, waiting.tools
            waiting.turn.set_result(place)

    def _next(self) -> tuple[_Waiting, _Place] | None:
        """What runs next, and where: first what is ready, unless another command has waited too long for other
        tools.
        """
        idle = [place for place in self._places if not place.is_busy]
        patience_is_over = self._waiting[0].overtaken >= MOST_OVERTAKEN
        for waiting in self._waiting[:1] if patience_is_over else self._waiting:
            ready = next((place for place in idle if place.is_ready_for(waiting.tools)), None)
            if ready is not None:
                return waiting, ready
        for waiting in self._waiting:
            if self._is_worth_a_process(waiting):
                place = self._place_for_others(idle)
                return (waiting, place) if place is not None else None
        return None

    def _is_worth_a_process(self, one: _Waiting) -> bool:
        """Whether another process should read these tools: none works with them, or so many wait for the one that does
        that two would be faster, even though the second has to read them first."""
        if not any(place.is_busy and place.tools == one.tools for place in self._places):
            return True
        waiting = sum(each.tools == one.tools for each in self._waiting)
        return waiting * self.pace.answer_s > 2 * self.pace.load_s(one.tools, one.size)

    def _place_for_others(self, idle: list[_Place]) -> _Place | None:
        """A process that ended, or a new one, or the one whose tools are needed least."""
        ended = next((place for place in idle if place.process.pid is None), None)
        if ended is not None or len(self._places) >= self._most:
            return ended or min(idle, key=self._need, default=None)
        place = _Place(self._start(self._threads))
        self._places.append(place)
        return place

    def _need(self, place: _Place) -> tuple[bool, bool, int]:
        """What is needed least comes first: tools read twice, used only once, used longest ago."""
        is_only = sum(other.tools == place.tools for other in self._places) == 1
        return is_only, place.uses > 1, place.used_at

    def _threads(self) -> int:
        others = sum(place.process.pid is not None for place in self._places)
        return engine_threads(usable_processors(), _load(), others)


def tools_key(system: str, tools: list[JsonValue]) -> str:
    """Equal for sets of tools that a process need not read again: triggers do not count."""
    plain = [{k: v for k, v in tool.items() if k != "triggers"} if isinstance(tool, dict) else tool for tool in tools]
    return _exactly([system, *plain])


def _exactly(value: object) -> str:
    """Equal for what is the same to the model, for which the order of keys counts, too."""
    return hashlib.sha256(json.dumps(value).encode("ascii")).hexdigest()


def usable_processors() -> int:
    """How many processors this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _closed() -> ProviderFailure:
    return ProviderFailure("The local model was closed.", kind="unavailable")


def _load() -> float:
    """How many processes needed a processor in the last minute, on average; 0 where the system does not count."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
