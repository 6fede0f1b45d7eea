"""What a run is made with, and what its log says about that."""

from tests.support.scripts import TEXT, schema
from workbench.core.approval import ASK_ALL, Policy, Rule
from workbench.core.event import Event, RunStarted
from workbench.core.ids import ROOT_SPAN, RunId
from workbench.core.limit import RunLimits
from workbench.core.message import UserMessage
from workbench.core.routing.plan import RoutingPlan
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import ToolChoice, ToolChoicePlan
from workbench.engine.setup import KEPT, RunSetup

FULL = RunSetup(
    model="m",
    spec="scripted:m",
    toolset=Toolset([Tool.make("look", "Look.", schema("at", at=TEXT))]),
    instructions="Be brief.",
    tool_choice=ToolChoicePlan(ToolChoice("none")),
    parallel_calls=False,
    limits=RunLimits(rounds=3),
    policy=Policy((Rule("look", "allow"), Rule("*", "deny"))),
    settings={"seed": 1},
    max_output_tokens=77,
    parameters={"temperature": 0.5, "seed": 7},
    may_emulate=False,
    sends_pictures=False,
    by_hand=True,
    routing=RoutingPlan(name="words"),
    history=(UserMessage("Before."),),
    project="p",
    conversation="c",
    parent_run=RunId("parent"),
    fork_seq=4,
    variant="short",
    program_version="1.2",
)


def recorded(setup: RunSetup) -> RunStarted:
    return setup.start_event({"run_id": RunId("r"), "seq": 1, "at": 2.0, "span": ROOT_SPAN}, "scripted")


def test_every_setting_of_a_run_is_on_record_and_comes_back() -> None:
    plain = RunSetup(model="")
    assert not [name for name in (*KEPT, "toolset", "policy") if getattr(FULL, name) == getattr(plain, name)]
    assert RunSetup.from_started(recorded(FULL), FULL.policy) == FULL


def test_the_event_has_no_setting_that_the_setup_lacks() -> None:
    own = {"provider", "tools", "approval", "format_version"}
    assert set(RunStarted.__struct_fields__) == {*Event.__struct_fields__, *KEPT, *own}


def test_the_rules_are_on_record_as_text() -> None:
    assert recorded(FULL).approval == "allow look; deny *"
    assert recorded(RunSetup(model="m")).approval == recorded(RunSetup(model="m", policy=ASK_ALL)).approval == "ask *"
