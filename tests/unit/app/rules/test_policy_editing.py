"""Rules are written back with their comments, and nothing else in the file moves."""

import tomllib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.project.file_change import take_back
from workbench.app.project.folders import UserFolders
from workbench.app.rules.policy_editing import PolicyLine, policy_lines, write_policy
from workbench.app.session import Session
from workbench.core.approval import Rule
from workbench.core.condition import read_condition
from workbench.core.errors import ProjectError, UsageError

HEAD = 'format = 1\nname = "Marks"\nmodel = "scripted:script.json"\n'
RULES = """\

# Looking is harmless.
[[approval]]
tool = "look"
action = "allow"  # always

# Nobody marks the gate.
[[approval]]
tool = "touch"
action = "deny"
[approval.arguments]
mark = "gate*"

[[approval]]
tool = "*"
action = "ask"
"""
TAIL = """
# How marks are made.
[executors.touch]
kind = "mock"
result = "[[approval]]"
"""
Open = Callable[[str], Session]


@pytest.fixture
async def open_toml(tmp_path: Path) -> AsyncIterator[Open]:
    opened: list[Session] = []

    def session(text: str) -> Session:
        folder = make_project(tmp_path / "project", toml=text)
        opened.append(Session(folder, folders=UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d")))
        return opened[-1]

    yield session
    for one in opened:
        await one.close()


def text_of(session: Session) -> str:
    return (session.project.folder / "workbench.toml").read_text(encoding="utf-8")


async def rules_of(session: Session) -> list[str]:
    await session.reload()
    return [str(line.rule) for line in policy_lines(session.project)]


async def test_reordered_rules_take_their_comments_along_and_the_rest_stays(open_toml: Open) -> None:
    session = open_toml(HEAD + RULES + TAIL)
    look, touch, rest = policy_lines(session.project)
    write_policy(session.project, [touch, look, rest], session.take_rules)
    assert await rules_of(session) == ["deny touch where mark=gate*", "allow look", "ask *"]
    text = text_of(session)
    assert text.startswith(HEAD)
    assert text.endswith(TAIL)
    assert text.index("# Nobody marks the gate.") < text.index("# Looking is harmless.")
    assert text.index("# Looking is harmless.") < text.index('"look"')
    assert "# always" in text


async def test_an_edited_rule_keeps_its_comments(open_toml: Open) -> None:
    session = open_toml(HEAD + RULES + TAIL)
    look, touch, rest = policy_lines(session.project)
    changed = Rule("look", "ask", {"at": "ga*"}, {"readOnlyHint": False}, "odd")
    write_policy(session.project, [PolicyLine(changed, look.was), touch, rest], session.take_rules)
    assert (await rules_of(session))[0] == "ask look where server=odd, at=ga*, readOnlyHint=false"
    assert "# Looking is harmless." in text_of(session)
    assert "# always" in text_of(session)


async def test_rules_are_added_and_taken_away_and_undo_brings_back_every_character(open_toml: Open) -> None:
    session = open_toml(HEAD + RULES + TAIL)
    before = text_of(session)
    look, _, rest = policy_lines(session.project)
    change = write_policy(session.project, [look, PolicyLine(Rule("mail*", "deny")), rest], session.take_rules)
    assert await rules_of(session) == ["allow look", "deny mail*", "ask *"]
    assert "Nobody marks the gate" not in text_of(session)
    take_back(session.project.folder, change)
    assert text_of(session) == before


async def test_all_rules_can_go_and_the_first_one_come(open_toml: Open) -> None:
    session = open_toml(HEAD + RULES + TAIL)
    write_policy(session.project, [], session.take_rules)
    assert await rules_of(session) == []
    assert tomllib.loads(text_of(session))["executors"]["touch"]["result"] == "[[approval]]"
    write_policy(session.project, [PolicyLine(Rule("look", "allow"))], session.take_rules)
    assert await rules_of(session) == ["allow look"]


async def test_rules_in_one_line_are_written_too(open_toml: Open) -> None:
    session = open_toml(HEAD + 'approval = [{ tool = "look", action = "allow" }]\n' + TAIL)
    (look,) = policy_lines(session.project)
    write_policy(session.project, [PolicyLine(Rule("touch", "deny")), look], session.take_rules)
    assert await rules_of(session) == ["deny touch", "allow look"]


async def test_text_that_only_looks_like_a_rule_does_not_mislead(open_toml: Open) -> None:
    session = open_toml(HEAD + 'instructions = """\n[[approval]]\ntool = "*"\n"""\n' + RULES + TAIL)
    look, touch, rest = policy_lines(session.project)
    write_policy(session.project, [rest, touch, look], session.take_rules)
    assert await rules_of(session) == ["ask *", "deny touch where mark=gate*", "allow look"]
    assert session.project.instructions == '[[approval]]\ntool = "*"\n'


async def test_a_rule_at_fault_is_refused_and_nothing_is_written(open_toml: Open) -> None:
    session = open_toml(HEAD + RULES)
    before = text_of(session)
    with pytest.raises(ProjectError, match="cannot allow"):
        write_policy(
            session.project, [PolicyLine(Rule("*", "allow", annotations={"readOnlyHint": True}))], session.take_rules
        )
    assert text_of(session) == before


async def test_a_file_that_was_changed_or_damaged_meanwhile_is_left_alone(open_toml: Open) -> None:
    session = open_toml(HEAD + RULES)
    path = session.project.folder / "workbench.toml"
    lines = policy_lines(session.project)
    change = write_policy(session.project, lines[:1], session.take_rules)
    path.write_text(HEAD + RULES + "# mine\n", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be undone"):
        take_back(session.project.folder, change)
    path.write_text(HEAD + RULES.replace("deny", "denied"), encoding="utf-8")
    with pytest.raises(UsageError, match="approval"):
        write_policy(session.project, lines, session.take_rules)
    path.write_text(HEAD, encoding="utf-8")
    with pytest.raises(UsageError, match="have changed since"):
        write_policy(session.project, lines, session.take_rules)


async def test_conditions_are_written_readably_and_old_ones_stay_as_they_stand(open_toml: Open) -> None:
    session = open_toml(HEAD + RULES + TAIL)
    lines = list(policy_lines(session.project))
    where = (read_condition("amount >= 100"), read_condition('country in ["DE", "FR"]'))
    lines.append(PolicyLine(Rule("pay", "ask", where=where)))
    write_policy(session.project, lines, session.take_rules)
    text = text_of(session)
    assert "where = ['amount >= 100', " not in text
    assert """where = ["amount >= 100", 'country in ["DE","FR"]']""" in text
    assert '[approval.arguments]\nmark = "gate*"' in text
    await session.reload()
    assert session.project.rules[-1].where == where


async def test_a_condition_that_is_none_is_a_problem_of_the_file_with_what_to_write(open_toml: Open) -> None:
    session = open_toml(HEAD + '[[approval]]\ntool = "*"\naction = "deny"\nwhere = ["amount => 3"]\n')
    [problem] = session.project.errors
    assert "'amount => 3' is not a condition" in str(problem)
