"""A project from anywhere does not approve its own calls: its rules that allow count only when they are trusted."""

import asyncio
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.app.project.folders import UserFolders
from workbench.app.project.new_project import new_project
from workbench.app.rules.policy_editing import PolicyLine, policy_lines, write_policy
from workbench.app.session import Session
from workbench.app.trust.code_trust import CodeTrust
from workbench.app.trust.trust_seen import TrustSeen
from workbench.core.approval import Rule
from workbench.core.json_text import JsonObject
from workbench.store.project import Project

Open = Callable[..., Session]
LOOKS: JsonObject = {"calls": [{"tool": "look", "arguments": {}}]}
MOCKED = TOML.replace('kind = "python"\nfunction = "marks:look"', 'kind = "mock"\ndefault = { static = "seen" }')


@pytest.fixture
def open_at(tmp_path: Path) -> Open:
    def opened(folder: Path, *, trust_for_now: bool = False) -> Session:
        folders = UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")
        return Session(folder, folders=folders, trust_for_now=trust_for_now)

    return opened


def actions(session: Session) -> list[str]:
    return [rule.action for rule in session.project.policy.rules]


async def test_trust_given_while_a_thread_looks_is_not_forgotten(
    tmp_path: Path, open_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_at(make_project(tmp_path / "p"))
    looked, may_end, look = threading.Event(), threading.Event(), session._trust_in

    def look_slowly(project: Project) -> TrustSeen:
        seen = look(project)
        if threading.current_thread() is not threading.main_thread():
            looked.set()
            may_end.wait()
        return seen

    monkeypatch.setattr(session, "_trust_in", look_slowly)
    for begun in (session.look_at_trust, session.reload):
        session.trust_seen = TrustSeen(is_trusted=False)
        looked.clear()
        may_end.clear()
        work = asyncio.create_task(begun())
        await asyncio.to_thread(looked.wait)
        session.trust()
        may_end.set()
        await work
        assert not session.trust_seen.needs_trust
    await session.close()


async def test_code_is_looked_at_when_somebody_asks_about_it_and_not_when_a_project_is_opened(
    tmp_path: Path, open_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Project] = []
    counts = CodeTrust.counts

    def count(trust: CodeTrust, project: Project) -> bool:
        looked.append(project)
        return counts(trust, project)

    monkeypatch.setattr(CodeTrust, "counts", count)
    session = open_at(make_project(tmp_path / "p"))
    assert looked == []
    assert session.trust_seen.needs_trust
    assert session.trust_seen.needs_trust
    assert len(looked) == 1
    await session.close()


async def test_a_rule_that_allows_asks_until_the_project_is_trusted(tmp_path: Path, open_at: Open) -> None:
    session = open_at(make_project(tmp_path / "p"))
    assert actions(session) == ["ask"]
    assert session.trust_seen.needs_trust
    policy_outcome = (await session.policy_preview.preview("look", "{}")).policy_outcome
    assert policy_outcome is not None
    assert (policy_outcome.action, "has no effect until" in policy_outcome.why) == ("ask", True)
    session.trust()
    assert (actions(session), session.trust_seen.needs_trust) == (["allow"], False)
    await session.close()
    again = open_at(tmp_path / "p")
    assert actions(again) == ["allow"]
    await again.close()


async def test_an_untrusted_project_is_asked_about_even_where_nothing_real_runs(tmp_path: Path, open_at: Open) -> None:
    toml = MOCKED.replace('kind = "python"\nfunction = "marks:touch"', 'kind = "mock"')
    session = open_at(make_project(tmp_path / "p", LOOKS, {"text": "Done."}, toml=toml))
    assert session.is_trusted
    run = session.runs.start("Look.")
    while not session.desk.pending:
        assert run.is_running
        await asyncio.sleep(0.005)
    assert session.desk.pending[0].rule == "ask look"
    run.stop()
    await session.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('tool = "look"', 'tool = "*"'),
        lambda text: text.replace('action = "allow"', 'action = "allow"\narguments = { at = "*" }'),
        lambda text: text + '[[approval]]\ntool = "touch"\naction = "allow"\n',
        lambda text: text.replace("[[approval]]", '[[approval]]\ntool = "touch"\naction = "deny"\n[[approval]]'),
    ],
)
async def test_any_change_of_the_rules_ends_their_trust(
    tmp_path: Path, open_at: Open, change: Callable[[str], str]
) -> None:
    folder = make_project(tmp_path / "p", toml=TOML)
    session = open_at(folder)
    session.trust()
    (folder / "workbench.toml").write_text(change(TOML), encoding="utf-8")
    await session.reload()
    assert "allow" not in actions(session)
    await session.close()


async def test_a_copy_in_another_place_is_not_trusted_for_its_rules(tmp_path: Path, open_at: Open) -> None:
    session = open_at(make_project(tmp_path / "p"))
    session.trust()
    await session.close()
    shutil.copytree(tmp_path / "p", tmp_path / "q", ignore=shutil.ignore_patterns(".workbench"))
    copy = open_at(tmp_path / "q")
    assert (copy.is_trusted, copy.trusts_rules, actions(copy)) == (True, False, ["ask"])
    await copy.close()


async def test_rules_written_here_count_where_those_before_them_did(tmp_path: Path, open_at: Open) -> None:
    session = open_at(make_project(tmp_path / "p"))
    write_policy(
        session.project, [*policy_lines(session.project), PolicyLine(Rule("touch", "allow"))], session.take_rules
    )
    await session.reload()
    assert actions(session) == ["ask", "ask"]
    session.trust()
    write_policy(session.project, [PolicyLine(Rule("touch", "allow"))], session.take_rules)
    await session.reload()
    assert actions(session) == ["allow"]
    await session.close()


async def test_rules_that_only_ask_or_deny_need_no_trust(tmp_path: Path, open_at: Open) -> None:
    session = open_at(make_project(tmp_path / "p", toml=TOML.replace('"allow"', '"deny"')))
    assert (session.trusts_rules, actions(session)) == (True, ["deny"])
    await session.close()


async def test_an_untouched_sample_is_trusted_and_one_with_another_rule_is_not(tmp_path: Path, open_at: Open) -> None:
    folder = new_project(tmp_path / "desk", sample_name="weather-desk")
    session = open_at(folder)
    assert (session.trust_seen.needs_trust, "allow" in actions(session)) == (False, True)
    await session.close()
    with (folder / "workbench.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[approval]]\ntool = "*"\naction = "allow"\n')
    changed = open_at(folder)
    assert (changed.is_trusted, changed.trusts_rules, "allow" in actions(changed)) == (True, False, False)
    await changed.close()


async def test_trust_for_now_covers_the_rules_as_they_were(tmp_path: Path, open_at: Open) -> None:
    folder = make_project(tmp_path / "p")
    session = open_at(folder, trust_for_now=True)
    assert actions(session) == ["allow"]
    (folder / "workbench.toml").write_text(TOML.replace('tool = "look"', 'tool = "*"'), encoding="utf-8")
    await session.reload()
    assert actions(session) == ["ask"]
    await session.close()
