"""Generated cases and suggested candidates: what a model says is checked, and nothing is dropped silently."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.projects import make_project
from tests.support.voting import FickleModel, answer_with, open_session
from workbench.app.session import Session
from workbench.app.suites.case_generation import GenerationOrder, generate_cases, read_entities
from workbench.app.suites.suggesting import candidates_of_model, candidates_of_rules, own_candidate, save_candidates
from workbench.core.errors import ProviderFailure, UsageError
from workbench.core.suite.case_line import read_case
from workbench.core.suite.suggestion import Confusion
from workbench.core.suite.suite import Suite


@pytest.fixture
async def session(tmp_path: Path) -> Any:
    opened = open_session(make_project(tmp_path / "project", {"text": "Hm."}), tmp_path / "home")
    yield opened
    await opened.close()


async def made(session: Session, **order: Any) -> Any:
    files = session.suites.files
    return await generate_cases(files, session.toolset, session.providers, GenerationOrder(suite="new", **order))


async def test_without_a_model_requests_come_from_sentences_and_some_expect_no_call(session: Session) -> None:
    report = await made(session, count=4)
    cases = session.suites.files.load("new").cases
    assert report.taken == len(cases)
    assert sum(not case.turns[0].expected.calls for case in cases) >= 0.2 * len(cases) - 1
    assert all(case.tags == ("generated",) for case in cases)
    assert {call.tool for case in cases for call in case.turns[0].expected.calls} == set(session.toolset.names)
    again = await made(session, count=4)
    assert again.taken == 0
    assert {row.note for row in again.rows} == {"the suite already has it"}


async def test_a_model_sees_names_and_arguments_and_never_the_description(session: Session) -> None:
    model = FickleModel("Is anybody at the gate?", "look look", "look look", "What about the tower?")
    answer_with(session, model)
    report = await made(
        session, tools=("look",), count=3, model="scripted:x", entities={"at": ["gate", "yard", "tower"]}
    )
    tool = session.toolset.named("look")
    assert tool is not None
    assert all(tool.description not in body for body in model.bodies)
    assert '"gate"' in json.dumps(model.bodies[0]).replace("\\", "")
    assert [row.status for row in report.rows][:3].count("unsupported") <= 1
    assert "Is anybody at the gate?" in [case.request for case in report.cases]


async def test_what_was_made_before_a_failure_is_kept_beside_what_was_written_meanwhile(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, asked = session.suites.files, list[str]()
    files.save(Suite(name="new"))

    async def answers_once(*_: Any, **more: Any) -> str:
        if asked:
            files.add("new", read_case({"id": "typed", "request": "Typed by hand", "expected": None}))
            raise ProviderFailure("No more.", kind="quota")
        asked.append("once")
        return "Is anybody at the gate?"

    monkeypatch.setattr("workbench.app.suites.case_generation.answer_of", answers_once)
    with pytest.raises(ProviderFailure):
        await made(session, tools=("look",), count=3, model="scripted:x")
    assert [case.request for case in files.load("new").cases] == ["Typed by hand", "Is anybody at the gate?"]


async def test_what_cannot_be_generated_is_explained(session: Session, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no tool 'nothing'"):
        await made(session, tools=("nothing",))
    with pytest.raises(UsageError, match="cannot be made"):
        await made(session, count=0)
    file = tmp_path / "entities.json"
    for text, why in (("{", "cannot be read"), ('{"at": "gate"}', "not a list of values")):
        file.write_text(text)
        with pytest.raises(UsageError, match=why):
            read_entities(file)
    file.write_text('{"at": ["gate"]}')
    assert read_entities(file) == {"at": ["gate"]}


CONFUSED = Confusion("look", "touch", ("What is at the gate?", "Anything at the gate?"), (("Mark it", "touch"),))


async def test_candidates_are_variants_and_no_tool_is_changed_by_itself(session: Session) -> None:
    before = [tool.document for tool in session.toolset]
    found = candidates_of_rules(CONFUSED, session.toolset, (), reads_triggers=True)
    assert len({each.name for each in found}) == len(found) >= 3
    save_candidates(session.suites.variants, found)
    assert set(session.suites.variants.names()) == {each.name for each in found}
    assert [tool.document for tool in session.toolset] == before
    more = candidates_of_rules(CONFUSED, session.toolset, session.suites.variants.names(), reads_triggers=True)
    assert not {each.name for each in more} & {each.name for each in found}
    mine = own_candidate("look", "Looks, and only looks.", session.toolset, ())
    assert (mine.source, mine.variant.tools["look"].description) == ("you", "Looks, and only looks.")
    with pytest.raises(UsageError, match="changes nothing"):
        own_candidate("look", session.toolset.named("look").description, session.toolset, ())  # type: ignore[union-attr]


async def test_a_models_proposals_are_taken_as_far_as_they_can_be_used(session: Session) -> None:
    answer = [
        {"edits": {"look": "Sees what is somewhere."}, "why": "It says so."},
        {"edits": {"unknown_tool": "Nothing."}},
        {"edits": "all"},
    ]
    model = FickleModel(f"```json\n{json.dumps(answer)}\n```", "I would rather not.")
    answer_with(session, model)
    (found,) = await candidates_of_model(session.providers, "scripted:x", CONFUSED, session.toolset, ())
    assert (found.source, found.why) == ("model", "It says so.")
    with pytest.raises(UsageError, match="nothing that can be used"):
        await candidates_of_model(session.providers, "scripted:x", CONFUSED, session.toolset, ())
