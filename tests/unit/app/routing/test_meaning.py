"""What makes vectors for the selector `meaning`: once for each text, and with a clear word where nothing does."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.runs import DirectChecker
from workbench.app.routing.meaning import MOST_LEARNED, Meaning
from workbench.app.routing.project_router import ProjectRouter
from workbench.core.routing.learned import Learned
from workbench.core.routing.plan import RoutingPlan
from workbench.core.routing.situation import Situation
from workbench.core.tool import Tool, Toolset
from workbench.store.vector_store import VectorStore

TOOLS = Toolset([Tool.make("track", "parcel"), Tool.make("cancel", "stop order")])
PLAN = RoutingPlan(name="meaning", use=("meaning",), top=1, nothing=("hello there",))


class Letters:
    """Vectors that count letters."""

    def __init__(self, *, is_there: bool = True, broken: bool = False) -> None:
        self.is_there = is_there
        self.broken = broken
        self.asked: list[str] = []

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += texts
        vectors = [[float(text.lower().count(letter)) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts]
        return vectors[:-1] if self.broken else vectors

    async def close(self) -> None:
        pass


def meaning(path: Path, letters: Letters) -> Meaning:
    made: Any = {"encoder": letters}
    providers: Any = None
    return Meaning(providers, VectorStore(path / "vectors.sqlite"), made)


async def routed(found: Meaning, request: str, plan: RoutingPlan = PLAN, tools: Toolset = TOOLS) -> Any:
    router = ProjectRouter(DirectChecker(), {"meaning": found.rank, "learned": found.learn})
    return await router.route(plan, Situation(tools=tools, request=request))


async def test_a_tools_texts_are_read_once_and_kept_for_the_next_start(tmp_path: Path) -> None:
    first = Letters()
    own = meaning(tmp_path, first)
    assert (await routed(own, "parcels")).offered == ("track",)
    assert (await routed(own, "orders to stop")).offered == ("cancel",)
    assert first.asked.count("parcel") == 1
    again = Letters()
    assert (await routed(meaning(tmp_path, again), "parcels")).offered == ("track",)
    assert again.asked == ["parcels"]


async def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "vectors.sqlite").write_bytes(b"no database" * 100)
    assert (await routed(meaning(tmp_path, Letters()), "parcels")).offered == ("track",)


@pytest.mark.parametrize(
    ("letters", "note"), [(Letters(is_there=False), "not installed"), (Letters(broken=True), "do not fit")]
)
async def test_without_vectors_the_fallback_is_offered_and_says_why(
    tmp_path: Path, letters: Letters, note: str
) -> None:
    found = await routed(meaning(tmp_path, letters), "parcels")
    assert found.offered == TOOLS.names
    assert note in found.note


async def test_an_empty_request_asks_nothing(tmp_path: Path) -> None:
    letters = Letters()
    assert (await routed(meaning(tmp_path, letters), "  ")).how == "fallback"
    assert letters.asked == []


async def test_what_is_learned_follows_the_texts_of_the_tools(tmp_path: Path) -> None:
    plan, letters = RoutingPlan(name="learned", use=("learned",), top=1), Letters()
    own = meaning(tmp_path, letters)
    assert (await routed(own, "parcels", plan)).offered == ("track",)
    swapped = Toolset([Tool.make("track", "stop order"), Tool.make("cancel", "parcel")])
    assert (await routed(own, "parcels", plan, swapped)).offered == ("cancel",)
    assert letters.asked.count("parcel") == 1
    assert (await routed(own, "parcels", plan, Toolset())).offered == ()


async def test_selectors_that_ask_at_once_read_each_text_once(tmp_path: Path) -> None:
    letters = Letters()
    own = meaning(tmp_path, letters)
    plans = [PLAN, RoutingPlan(name="learned", use=("learned",), top=1, nothing=("hello there",))]
    await asyncio.gather(*(routed(own, "parcels", plan) for plan in plans * 2))
    assert len(letters.asked) == len(set(letters.asked))


async def test_different_requests_are_read_at_once_and_each_of_them_once(tmp_path: Path) -> None:
    requests, all_here = {"parcels", "orders to stop"}, asyncio.Event()

    class Slow(Letters):
        async def embed(self, texts: Sequence[str]) -> list[list[float]]:
            found = await super().embed(texts)
            if requests <= set(self.asked):
                all_here.set()
            if requests & set(texts):
                await all_here.wait()
            return found

    letters = Slow()
    own = meaning(tmp_path, letters)
    plans = [PLAN, RoutingPlan(name="learned", use=("learned",), top=1, nothing=("hello there",))]
    for _ in range(2):
        found = await asyncio.gather(*(routed(own, request, plan) for plan in plans for request in sorted(requests)))
        assert [each.offered for each in found] == [("cancel",), ("track",)] * 2
    assert len(letters.asked) == len(set(letters.asked))


async def test_a_request_that_could_not_be_read_is_read_again(tmp_path: Path) -> None:
    letters = Letters()
    own = meaning(tmp_path, letters)
    await routed(own, "parcels")
    letters.broken = True
    assert "do not fit" in (await routed(own, "orders to stop")).note
    letters.broken = False
    assert (await routed(own, "orders to stop")).offered == ("cancel",)


async def test_a_request_that_one_gave_up_is_read_for_the_others_and_ends_with_the_program(tmp_path: Path) -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    class Stuck(Letters):
        async def embed(self, texts: Sequence[str]) -> list[list[float]]:
            if "parcels" in texts:
                begun.set()
                await never.wait()
            return await super().embed(texts)

    own = meaning(tmp_path, Stuck())
    given_up, waiting = (asyncio.create_task(routed(own, "parcels")) for _ in range(2))
    await begun.wait()
    given_up.cancel()
    await asyncio.wait([given_up])
    never.set()
    assert (await waiting).offered == ("track",)
    never.clear()
    begun.clear()
    own = meaning(tmp_path, Stuck())
    given_up = asyncio.create_task(routed(own, "parcels"))
    await begun.wait()
    given_up.cancel()
    await asyncio.wait([given_up])
    await own.close()


async def test_arms_that_take_turns_are_learned_once_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fitted: list[Toolset] = []

    class Counted(Learned):
        def __init__(self, tools: Toolset, *more: Any) -> None:
            fitted.append(tools)
            super().__init__(tools, *more)

    monkeypatch.setattr("workbench.app.routing.meaning.Learned", Counted)
    plan, own = RoutingPlan(name="learned", use=("learned",), top=1), meaning(tmp_path, Letters())
    other = Toolset([*TOOLS, Tool.make("hand_over", "talk to a human")])
    for tools in (TOOLS, other, TOOLS, other):
        await routed(own, "parcels", plan, tools)
    third = Toolset([*other, Tool.make("wait", "do nothing")])
    await asyncio.gather(*(routed(own, "parcels", plan, third) for _ in range(2)))
    assert fitted == [TOOLS, other, third]
    for number in range(MOST_LEARNED + 1):
        await routed(own, "parcels", plan, Toolset([Tool.make(f"tool_{number}", "parcel")]))
    assert len(own._learned) == MOST_LEARNED


async def test_too_many_texts_are_refused_before_any_is_read_and_no_tools_are_said_to_be_none(tmp_path: Path) -> None:
    plan, letters = RoutingPlan(name="learned", use=("learned",), top=1), Letters()
    many = Toolset([Tool.make(f"tool_{number}", f"example {number}") for number in range(1_001)])
    found = await routed(meaning(tmp_path, letters), "parcels", plan, many)
    assert "at most 2,000 can be learned" in found.note
    assert letters.asked == []
    assert (await routed(meaning(tmp_path, letters), "parcels", plan, Toolset())).note == "There are no tools."
