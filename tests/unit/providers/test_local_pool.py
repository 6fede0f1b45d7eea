"""Several processes of the local model: which one answers, who waits, what is kept. No process is started."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from workbench.core.errors import ProviderFailure
from workbench.core.json_text import JsonValue
from workbench.providers.local.answers import KeptAnswers
from workbench.providers.local.pool import MOST_OVERTAKEN, NeedlePool, tools_key
from workbench.providers.worker_process import Took, WorkerProcess


class Engine(WorkerProcess):
    """Answers without a process, and writes down when it has to read tools; `gate` holds answers back."""

    def __init__(self, number: int, log: list[str], gate: Callable[[str], Awaitable[None]]) -> None:
        super().__init__()
        self._number = number
        self._log = log
        self._gate = gate
        self._tools = ""
        self._is_up = False
        self.was_killed = False

    @property
    def pid(self) -> int | None:
        return self._number if self._is_up else None

    async def ask(self, op: str, **fields: JsonValue) -> Any:
        self._is_up = True
        name = name_of(fields["tools"])
        load_s = 0.0
        if name != self._tools:
            self._tools, load_s = name, 7.0
            self._log.append(f"{self._number} reads {name}")
        try:
            if op == "complete":
                text = str(fields["inputs"])
                self._log.append(f"{self._number} {text}")
                await self._gate(text)
        except BaseException:
            self._is_up, self._tools, self.was_killed = False, "", True
            raise
        self.took = Took(load_s, 0.3, 1)
        return {"success": "bad" not in str(fields.get("inputs"))}

    async def close(self) -> None:
        self._is_up = False


class Engines:
    """A pool of such engines. What is in `held` waits until it is let go."""

    def __init__(self, at_once: int = 2) -> None:
        self.log: list[str] = []
        self.held: dict[str, asyncio.Event] = {}
        self.made: list[Engine] = []
        self.pool = NeedlePool(self._make, at_once=at_once)

    async def ask(self, name: str, text: str = "hello", **more: Any) -> Any:
        return await self.pool.complete(system="", tools=tools(name, **more), inputs=text)

    def hold(self, *texts: str) -> None:
        self.held.update((text, asyncio.Event()) for text in texts)

    def _make(self, threads: Callable[[], int]) -> Engine:
        assert threads() in (1, 2)
        self.made.append(Engine(len(self.made) + 1, self.log, self._wait))
        return self.made[-1]

    async def _wait(self, text: str) -> None:
        await asyncio.sleep(0)
        if text in self.held:
            await self.held[text].wait()


def tools(name: str, **more: JsonValue) -> list[JsonValue]:
    return [{"name": "tool", "description": name, "parameters": "x" * 5_000, **more}]


def name_of(value: JsonValue) -> str:
    assert isinstance(value, list)
    assert isinstance(value[0], dict)
    return str(value[0]["description"])


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_going_back_to_tools_that_were_read_before_reads_nothing() -> None:
    engines = Engines()
    for number, name in enumerate(("as it was", "edited", "as it was", "edited")):
        await engines.ask(name, str(number))
    assert engines.log == ["1 reads as it was", "1 0", "2 reads edited", "2 1", "1 2", "2 3"]


async def test_other_triggers_are_no_other_tools() -> None:
    engines = Engines()
    await engines.ask("a", "one")
    await engines.ask("a", "one", triggers=["x"])
    assert engines.log == ["1 reads a", "1 one", "1 one"]


def test_the_order_of_keys_counts_because_the_model_reads_it() -> None:
    assert tools_key("", [{"a": 1, "b": 2}]) != tools_key("", [{"b": 2, "a": 1}])
    assert tools_key("", [{"a": 1}]) != tools_key("Be brief.", [{"a": 1}])


async def test_the_fifth_tools_take_the_place_of_those_used_once_and_longest_ago() -> None:
    engines = Engines()
    for number, name in enumerate(("base", "a", "base", "b", "c", "d", "base", "b", "a")):
        await engines.ask(name, str(number))
    reads = [line for line in engines.log if "reads" in line]
    assert reads == ["1 reads base", "2 reads a", "3 reads b", "4 reads c", "2 reads d", "4 reads a"]


async def test_as_many_work_at_the_same_time_as_there_are_processors() -> None:
    engines = Engines(at_once=2)
    engines.hold("1", "2", "3")
    tasks = [asyncio.create_task(engines.ask(name, name)) for name in ("1", "2", "3")]
    await settle()
    assert [line for line in engines.log if "reads" not in line] == ["1 1", "2 2"]
    engines.held["2"].set()
    await settle()
    assert engines.log[-1] == "3 3"
    for event in engines.held.values():
        event.set()
    await asyncio.gather(*tasks)


async def test_a_batch_in_any_order_reads_each_tools_once() -> None:
    engines = Engines(at_once=1)
    names = [f"set {number % 6}" for number in range(30)]
    await asyncio.gather(*(engines.ask(name, str(number)) for number, name in enumerate(names)))
    assert sum("reads" in line for line in engines.log) == 6


async def test_who_needs_other_tools_is_not_overtaken_for_ever() -> None:
    engines = Engines(at_once=1)
    engines.hold("first")
    tasks = [asyncio.create_task(engines.ask("a", "first")), asyncio.create_task(engines.ask("other", "waits"))]
    tasks += [asyncio.create_task(engines.ask("a", str(number))) for number in range(3 * MOST_OVERTAKEN)]
    await settle()
    engines.held["first"].set()
    await asyncio.gather(*tasks)
    assert engines.log.index("2 waits") - engines.log.index("1 first") <= MOST_OVERTAKEN + 2


async def test_tools_are_read_twice_only_for_a_batch_that_is_long_enough() -> None:
    few, many = Engines(), Engines()
    for engines in (few, many):
        await engines.ask("a", "first")
        engines.hold("held")
    for engines, count in ((few, 5), (many, 200)):
        held = asyncio.create_task(engines.ask("a", "held"))
        rest = [asyncio.create_task(engines.ask("a", str(number))) for number in range(count)]
        await settle()
        assert ("2 reads a" in engines.log) is (engines is many)
        engines.held["held"].set()
        await asyncio.gather(held, *rest)


async def test_the_same_request_is_answered_once() -> None:
    engines = Engines()
    answers = await asyncio.gather(*(engines.ask("a", "same") for _ in range(5)))
    answers.append(await engines.ask("a", "same"))
    assert answers == [{"success": True}] * 6
    assert engines.log == ["1 reads a", "1 same"]
    answers[0]["success"] = "changed"
    assert await engines.ask("a", "same") == {"success": True}


async def test_a_failed_answer_is_not_kept() -> None:
    engines = Engines()
    await engines.ask("a", "bad")
    await engines.ask("a", "bad")
    assert engines.log == ["1 reads a", "1 bad", "1 bad"]


async def test_cancelling_ends_the_process_at_work_and_none_for_who_waits() -> None:
    engines = Engines(at_once=1)
    engines.hold("long")
    working = asyncio.create_task(engines.ask("a", "long"))
    waiting = asyncio.create_task(engines.ask("a", "waits"))
    third = asyncio.create_task(engines.ask("a", "third"))
    await settle()
    waiting.cancel()
    await settle()
    assert not engines.made[0].was_killed
    working.cancel()
    await asyncio.wait([working, waiting, third])
    assert (working.cancelled(), waiting.cancelled(), third.result()) == (True, True, {"success": True})
    assert engines.log == ["1 reads a", "1 long", "1 reads a", "1 third"]


async def test_all_can_be_cancelled_at_once_those_at_work_and_those_who_wait() -> None:
    engines = Engines(at_once=2)
    engines.hold("0", "1")
    tasks = [asyncio.create_task(engines.ask(f"set {number}", str(number))) for number in range(6)]
    await settle()
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert all(task.cancelled() for task in tasks)
    engines.held.clear()
    assert await engines.ask("a", "later") == {"success": True}


async def test_closing_while_all_are_cancelled_is_no_error() -> None:
    engines = Engines(at_once=1)
    engines.hold("long")
    tasks = [asyncio.create_task(engines.ask("a", text)) for text in ("long", "waits")]
    await settle()
    for task in tasks:
        task.cancel()
    await engines.pool.close()
    await asyncio.wait(tasks)
    assert all(task.cancelled() for task in tasks)


async def test_cancelled_in_the_moment_of_its_turn_it_gives_its_place_back() -> None:
    engines = Engines(at_once=1)
    engines.hold("long")
    first = asyncio.create_task(engines.ask("a", "long"))
    second = asyncio.create_task(engines.ask("a", "second"))
    await settle()
    first.add_done_callback(lambda _: second.cancel())
    engines.held["long"].set()
    await asyncio.wait([first, second])
    assert second.cancelled()
    assert await engines.ask("a", "third") == {"success": True}


async def test_closing_refuses_who_waits_and_who_comes_later() -> None:
    engines = Engines(at_once=1)
    engines.hold("long")
    working = asyncio.create_task(engines.ask("a", "long"))
    waiting = asyncio.create_task(engines.ask("b", "waits"))
    await settle()
    await engines.pool.close()
    with pytest.raises(ProviderFailure, match="was closed"):
        await waiting
    with pytest.raises(ProviderFailure, match="was closed"):
        await engines.ask("a", "later")
    working.cancel()
    await asyncio.wait([working])


def test_answers_are_kept_within_limits_and_the_ones_used_last_stay() -> None:
    kept = KeptAnswers(most=2, most_chars=60)
    for key in "ab":
        kept.keep(key, {"key": key})
    assert kept.get("a") == {"key": "a"}
    kept.keep("c", {"key": "c"})
    assert [key in kept for key in "abc"] == [True, False, True]
    kept.keep("long", {"key": "x" * 45})
    assert len(kept) == 1
    kept.keep("too long", {"key": "x" * 100})
    assert len(kept) == 0
