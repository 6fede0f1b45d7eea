"""One choice in the editor says what happens to calls of a tool."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.viewmodels.rules.tool_policy import CallChoice, ToolPolicy

HEAD = TOML.split("[[approval]]")[0]
TAIL = TOML[TOML.index("[executors.touch]") :]
RULES = """
# nobody writes there
[[approval]]
tool = "touch"
action = "deny"
arguments = { mark = "gate*" }

[[approval]]
tool = "t*"
action = "ask"  # the rest

"""
Open = Callable[[str], tuple[Session, ToolPolicy]]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def at(rules: str) -> tuple[Session, ToolPolicy]:
        folder = make_project(tmp_path / "project", toml=HEAD + rules + TAIL)
        folders = UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d")
        session = Session(folder, folders=folders, trust_for_now=True)
        return session, ToolPolicy(session, lambda: "touch", session.reload)

    return at


def rules(session: Session) -> list[str]:
    return [str(rule) for rule in session.project.policy.rules]


async def test_the_tools_own_rule_speaks_and_what_is_denied_stays_denied(opened: Open) -> None:
    session, policy = opened(RULES)
    assert policy.choice == "rules"
    assert policy.effect[0] == ("You are asked: rule 2, “ask t*”. Before it, 1 rule with conditions applies")
    assert await policy.choose("allow")
    assert rules(session) == ["deny touch where mark=gate*", "allow touch", "ask t*"]
    assert policy.choice == "allow"
    assert "It runs without asking: rule 2" in policy.effect[0]
    previewed = await session.policy_preview.preview("touch", '{"mark":"gate 7"}')
    assert previewed.policy_outcome is not None
    assert previewed.policy_outcome.action == "deny"
    text = (session.project.folder / "workbench.toml").read_text(encoding="utf-8")
    assert "# nobody writes there" in text
    assert "# the rest" in text
    await session.close()


async def test_a_choice_is_changed_in_place_and_taken_back_step_by_step(opened: Open) -> None:
    session, policy = opened(RULES)
    before = (session.project.folder / "workbench.toml").read_text(encoding="utf-8")
    await policy.choose("deny")
    assert not await policy.choose("deny")
    assert rules(session)[0] == "deny touch"  # before every rule about it
    await policy.choose("ask")
    assert rules(session)[1] == "ask touch"
    await policy.choose("rules")
    assert rules(session) == ["deny touch where mark=gate*", "ask t*"]
    assert [await policy.undo() for _ in range(4)] == [True, True, True, False]
    assert (session.project.folder / "workbench.toml").read_text(encoding="utf-8") == before
    await session.close()


async def test_a_rule_that_would_never_speak_is_moved_to_where_it_does(opened: Open) -> None:
    session, policy = opened(
        '[[approval]]\ntool = "*"\naction = "deny"\n\n[[approval]]\ntool = "touch"\naction = "allow"\n\n'
    )
    assert policy.choice == "allow"
    assert "It never runs: rule 1" in policy.effect[0]
    await policy.choose("ask")
    assert rules(session) == ["ask touch", "deny *"]
    await session.close()


async def test_a_damaged_file_is_not_written_to(opened: Open) -> None:
    session, policy = opened("")
    file = session.project.folder / "workbench.toml"
    file.write_text("format = [", encoding="utf-8")
    assert not await policy.choose("deny")
    assert not policy.is_good
    assert file.read_text(encoding="utf-8") == "format = ["
    await session.close()


async def test_an_allowing_rule_of_a_stranger_is_shown_as_what_it_is(tmp_path: Path) -> None:
    toml = HEAD + '[[approval]]\ntool = "touch"\naction = "allow"\n\n' + TAIL
    folders = UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d")
    session = Session(make_project(tmp_path / "project", toml=toml), folders=folders)
    assert ToolPolicy(session, lambda: "touch", session.reload).effect == (
        "You are asked: rule 1 allows, but this project's rules are not trusted",
        "warn",
    )
    await session.close()


async def test_a_name_with_signs_of_globs_is_meant_literally(opened: Open) -> None:
    session, _ = opened("")
    policy = ToolPolicy(session, lambda: "t*", session.reload)
    await policy.choose("allow")
    assert rules(session) == ["allow t[*]"]
    assert policy.choice == "allow"
    await session.close()


ANNOTATED = '[[approval]]\ntool = "*"\naction = "ask"\nannotations = { destructiveHint = true }\n\n'


async def test_a_rule_about_an_annotation_the_tool_has_is_about_every_call_of_it(opened: Open) -> None:
    session, policy = opened(ANNOTATED)
    assert policy.effect[0].startswith("You are asked: no rule")
    file = session.project.folder / "tools" / "touch.json"
    file.write_text(file.read_text().replace('"name"', '"annotations": {"destructiveHint": true}, "name"', 1))
    await session.reload()
    assert policy.effect[0].startswith("You are asked: rule 1")
    for choice in ("deny", "allow"):
        await policy.choose(choice)  # type: ignore[arg-type]
        policy_outcome = (await session.policy_preview.preview("touch", '{"mark":"a"}')).policy_outcome
        assert policy_outcome is not None
        assert policy_outcome.action == choice
    await session.close()


SOME_ALLOWED = '[[approval]]\ntool = "touch"\naction = "allow"\narguments = { mark = "a*" }\n\n'
SOME_DENIED = '[[approval]]\ntool = "touch"\naction = "deny"\narguments = { mark = "z*" }\n\n'


@pytest.mark.parametrize(
    ("before", "choice", "after"),
    [
        (SOME_ALLOWED, "deny", ["deny touch", "allow touch where mark=a*"]),
        (SOME_ALLOWED, "ask", ["ask touch", "allow touch where mark=a*"]),
        (SOME_ALLOWED, "allow", ["allow touch where mark=a*", "allow touch"]),
        (SOME_DENIED + SOME_ALLOWED, "ask", ["deny touch where mark=z*", "ask touch", "allow touch where mark=a*"]),
        (SOME_ALLOWED + SOME_DENIED, "ask", ["allow touch where mark=a*", "deny touch where mark=z*", "ask touch"]),
    ],
)
async def test_rules_about_some_calls_lose_nothing_they_deny(
    opened: Open, before: str, choice: CallChoice, after: list[str]
) -> None:
    session, policy = opened(before)
    await policy.choose(choice)
    assert rules(session) == after
    await session.close()
