"""Sampling parameters, from the project's file to what is sent, copied, forked and made a variant of."""

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.projects import TOML, make_project
from workbench.app.models.connections import Connection
from workbench.app.project.folders import UserFolders
from workbench.app.replay.replays import Replays
from workbench.app.runs.request_copy import request_copy
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.app.variants.variant_baseline import BaselineStore
from workbench.app.variants.variant_promotion import project_offer, promote
from workbench.core.event import RunStarted
from workbench.core.ids import WireId
from workbench.core.model_parameters import PARAMETER_NAMES, ModelParameters, read_parameter
from workbench.core.variant import Variant, apply_variant, variant_between
from workbench.replay.recording import Recording
from workbench.store.project import load_project
from workbench.store.project_file import read_project_file
from workbench.viewmodels.models.connection_form import ConnectionForm

CHOSEN = "[request]  # how\ntemperature = 0.5 # low\nseed = 7\nmax_output_tokens = 90\n"
ELSEWHERE = '[connections.mine]\nwire = "openai-chat"\nmodel = "m"\nbase_url = "http://127.0.0.1:9/v1"\n'
CHANGES = Variant(name="v", parameters={"temperature": 1, "seed": None, "reasoning_effort": "low"})


def body_of(wire: Any) -> Any:
    return json.loads(wire.body_json)


@pytest.fixture
async def session(tmp_path: Path, own_home: Path):  # type: ignore[no-untyped-def]
    project = make_project(tmp_path / "marks", toml=f"{TOML}\n{CHOSEN}\n{ELSEWHERE}")
    folders = UserFolders(own_home / "state", own_home / "config", own_home / "data")
    opened = Session(project, folders=folders, trust_for_now=True)
    yield opened
    await opened.close()


async def test_each_model_of_a_connection_has_its_own_where_the_project_has_none(session: Session) -> None:
    tuned: dict[str, ModelParameters] = {
        "small": {"temperature": 1.5, "top_p": 0.9},
        "large": {"reasoning_effort": "high", "max_output_tokens": 40},
    }
    form = ConnectionForm(session.connections)
    form.change(Connection("lab", WireId("openai-chat"), "http://127.0.0.1:9/v1", "", "small", models=("large",)))
    for model, parameters in tuned.items():
        form.tune(model)
        for name, value in parameters.items():
            form.write_parameter(name, f"{value}")
    form.write_parameter("top_p", "7")
    assert not form.save()
    assert "top_p of large: use a number from 0 to 1" in form.message
    form.write_parameter("top_p", "")
    assert form.save()
    again = ConnectionForm(session.connections)
    again.open("lab")
    assert again.draft.parameters == tuned
    assert again.parameter("temperature") == ("1.5", "")

    started = {}
    for spec in ("lab", "lab:large"):
        live = session.runs.start("Go.", RunOptions(model=spec))
        while not (begun := [event for event in live.log if isinstance(event, RunStarted)]):  # noqa: ASYNC110
            await asyncio.sleep(0)
        [started[spec]] = begun
        live.stop()
        await live.finished()
    assert started["lab"].parameters == {"temperature": 0.5, "top_p": 0.9, "seed": 7}
    assert started["lab:large"].parameters == {"temperature": 0.5, "seed": 7, "reasoning_effort": "high"}
    assert started["lab:large"].max_output_tokens == 90


async def test_a_run_records_them_and_every_fork_sends_them(session: Session) -> None:
    finished = await session.runs.start("Go.").finished()
    recording = Recording(list(session.runs.load(finished.run_id)))
    assert isinstance(recording.started, RunStarted)
    assert recording.started.parameters == {"temperature": 0.5, "seed": 7}
    assert recording.started.max_output_tokens == 90

    replays = Replays(session.runs, session.providers, session.prices)
    same = replays.question(recording, "turn-1", trials=1, model="mine")
    assert body_of(same.put.wire).items() >= {"temperature": 0.5, "seed": 7, "max_tokens": 90}.items()
    copied = request_copy(same.put.sent(same.point), session.providers.target("mine"), "curl")
    assert '"temperature": 0.5' in copied

    other = replays.question(recording, "turn-1", trials=1, model="mine", variant=CHANGES).put.wire
    assert body_of(other).items() >= {"temperature": 1, "reasoning_effort": "low", "max_tokens": 90}.items()
    assert "seed" not in body_of(other)
    rerun = await replays.rerun(recording.events)
    assert rerun.divergence is None
    await replays.close()


async def test_a_variant_changes_them_for_its_run_only(session: Session) -> None:
    finished = await session.runs.start("Go.", RunOptions(variant=CHANGES)).finished()
    started = next(iter(session.runs.load(finished.run_id)))
    assert isinstance(started, RunStarted)
    assert started.parameters == {"temperature": 1, "reasoning_effort": "low"}
    assert session.project.file.request.seed == 7


def test_promoting_a_variant_writes_them_and_keeps_comments(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "marks", toml=f"{TOML}\n{CHOSEN}")
    project = load_project(folder)
    undoable, _ = promote(CHANGES, project)
    text = (folder / "workbench.toml").read_text()
    assert "[request]  # how\ntemperature = 1 # low\nmax_output_tokens = 90\n" in text
    assert load_project(folder).file.request.parameters == {
        "temperature": 1,
        "reasoning_effort": "low",
        "max_output_tokens": 90,
    }
    undoable.undo()
    assert load_project(folder).file.request.parameters == project.file.request.parameters


def test_edits_of_them_count_as_edits_and_an_older_baseline_does_not_know_of_them(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "marks", toml=f"{TOML}\n{CHOSEN}")
    baselines = BaselineStore(lambda: load_project(folder), lambda _: (), tuple, lambda: 1.0)
    baselines.set_now("now")
    (folder / "workbench.toml").write_text(f"{TOML}\n{CHOSEN}".replace("0.5", "0.9"))
    assert baselines.edits("v").parameters == {"temperature": 0.9}
    baselines.put(msgspec.structs.replace(baselines.baseline, parameters=None))
    assert baselines.edits("v").is_empty


def test_a_variant_between_two_offers_makes_the_second_of_the_first(tmp_path: Path) -> None:
    before = project_offer(load_project(make_project(tmp_path / "marks", toml=f"{TOML}\n{CHOSEN}")))
    after = msgspec.structs.replace(before, parameters={"top_p": 0.5, "seed": 7})
    assert apply_variant(variant_between("v", before, after), before) == after


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("temperature = 3", "request.temperature: use a number from 0 to 2"),
        ("top_p = -0.1", "request.top_p: use a number from 0 to 1"),
        ("seed = 1.5", "request.seed"),
        ('reasoning_effort = "Very much"', "request.reasoning_effort: use a word, such as low, medium or high"),
        ("max_output_tokens = 0", "request.max_output_tokens"),
    ],
)
def test_a_wrong_value_is_a_problem_with_its_line(line: str, said: str) -> None:
    file, [problem] = read_project_file(f"format = 1\n[request]\n{line}\n", "workbench.toml")
    assert said in problem.message
    assert problem.line == 3
    assert file.request.parameters == {}


@pytest.mark.parametrize("name", PARAMETER_NAMES)
def test_what_is_typed_is_read_or_refused_with_a_reason(name: str) -> None:
    good = {"temperature": "0.5", "top_p": "1", "seed": "12", "reasoning_effort": "high", "max_output_tokens": "1,000"}
    assert f"{read_parameter(name, good[name])}" == good[name].replace(",", "")
    with pytest.raises(ValueError, match="use a"):
        read_parameter(name, "-∞")


def test_what_a_model_is_not_sent_or_may_refuse_is_known(tmp_path: Path) -> None:
    session = Session(make_project(tmp_path / "marks"))
    chosen = {"temperature": 1.5, "seed": 7, "reasoning_effort": "none", "max_output_tokens": 5}
    assert session.providers.parameter_notes("anthropic:m", chosen) == {
        "temperature": "May be refused: Anthropic takes at most 1.",
        "seed": "Not sent: Anthropic has no seed.",
        "reasoning_effort": "May be refused: Anthropic takes low, medium, high, xhigh, max.",
    }
    assert session.providers.parameter_notes("openai-chat:m", chosen) == {}
    assert list(session.providers.parameter_notes("local", chosen)) == ["temperature", "seed", "reasoning_effort"]
    assert session.providers.parameter_notes("scripted:x.json", chosen) == {}
    session.store.close()
