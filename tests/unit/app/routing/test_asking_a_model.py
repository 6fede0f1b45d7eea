"""The selectors that ask a model: whatever it answers, only tools that exist are taken."""

import json
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.routing.asking_a_model import names_in
from workbench.app.session import Session
from workbench.core.json_text import JsonObject
from workbench.core.routing.plan import RoutingPlan
from workbench.core.routing.routed import Routed
from workbench.core.routing.situation import Situation


async def answered(tmp_path: Path, answer: JsonObject, plan: RoutingPlan, request: str = "Do it.") -> Routed:
    folder = make_project(tmp_path / "p")
    (folder / "script.json").write_text(json.dumps({"answers": [answer]}), encoding="utf-8")
    session = Session(folder)
    try:
        return await session.router.route(plan, Situation(tools=session.toolset, request=request))
    finally:
        await session.close()


def calls(tool: str, **arguments: object) -> JsonObject:
    return {"calls": [{"tool": tool, "arguments": arguments}]}  # type: ignore[dict-item]


MODEL = RoutingPlan(name="model", use=("model",), top=1)
TWO = RoutingPlan(name="two-stage", use=("two-stage",), intents={"seeing": ("look",), "acting": ("touch", "gone")})


@pytest.mark.parametrize(
    ("answer", "offered"),
    [
        (calls("choose_tools", tools=["touch", "look"]), ("touch",)),
        (calls("choose_tools", tools=["fly", "look"]), ("look",)),
        ({"text": "I would use `look`, not lookup."}, ("look",)),
        ({"text": "No idea, sorry."}, ("look", "touch")),
        (calls("touch", mark="x"), ("touch",)),
        ({"text": ""}, ("look", "touch")),
        ({"fail": {"kind": "server", "message": "Down."}}, ("look", "touch")),
    ],
)
async def test_a_model_names_tools_in_any_way_it_likes(
    tmp_path: Path, answer: JsonObject, offered: tuple[str, ...]
) -> None:
    assert (await answered(tmp_path, answer, MODEL)).offered == offered


@pytest.mark.parametrize(
    ("answer", "offered"),
    [(calls("acting"), ("touch",)), ({"text": "It is about seeing."}, ("look",)), ({"text": "Hm."}, ("look", "touch"))],
)
async def test_two_stages_offer_the_tools_of_the_intent(
    tmp_path: Path, answer: JsonObject, offered: tuple[str, ...]
) -> None:
    routed = await answered(tmp_path, answer, TWO)
    assert routed.offered == offered
    assert routed.trail


async def test_nobody_is_asked_about_nothing(tmp_path: Path) -> None:
    routed = await answered(tmp_path, calls("choose_tools", tools=["look"]), MODEL, " ")
    assert routed.how == "fallback"
    assert "no request" in routed.note


def test_names_are_whole_words_in_the_order_in_which_they_come() -> None:
    assert names_in('["b-c", "a"] and abc', ["a", "b", "b-c", "abc"]) == ("b-c", "a", "abc")
