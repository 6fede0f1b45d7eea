"""The page of a project, without its widgets: typing, refusing, undoing, and what others do to the file."""

import tomllib
from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.app.routing.plans import selector_plan
from workbench.app.schema_editor.tool_editing import TextFile
from workbench.app.session import Session
from workbench.store.project import load_project
from workbench.viewmodels.project.project_settings import ProjectSettings
from workbench.viewmodels.project.setting_lines import BY_KEY, LINES

COMMENTED = TOML.replace("[limits]", "[limits]  # bounds").replace("format = 1", "# mine\nformat = 1")


@pytest.fixture
async def session(tmp_path: Path):  # type: ignore[no-untyped-def]
    opened = Session(make_project(tmp_path / "marks", toml=COMMENTED))
    yield opened
    await opened.close()


@pytest.fixture
def settings(session: Session) -> ProjectSettings:
    return ProjectSettings(TextFile(session.project.folder / "workbench.toml", session.project.folder), session)


def on_disk(session: Session) -> str:
    return (session.project.folder / "workbench.toml").read_text()


async def test_every_setting_is_typed_saved_and_read_by_the_project(
    session: Session, settings: ProjectSettings
) -> None:
    typed = {
        "name": "Others",
        "instructions": "Be kind.\nBe brief.",
        "prompt": "Look around.",
        "model": "openai:gpt-5",
        "request.temperature": "0.2",
        "request.top_p": "0.9",
        "request.seed": "7",
        "request.reasoning_effort": "low",
        "request.max_output_tokens": "2,000",
        "request.tool_choice": "look",
        "request.tool_choice_after": "auto:look,touch",
        "routing.selector": "words",
        "routing.top": "3",
        "routing.threshold": "0.25",
        "routing.force": "0.5",
        **{line.key: "9" for line in LINES if line.path[0] == "limits"},
        "limits.result_chars": "1,000",
    }
    assert set(typed) == set(BY_KEY) - {"request.parallel_calls", "request.pictures"}
    for key, text in typed.items():
        assert settings.write(key, text) == "", key
    settings.switch("request.parallel_calls", is_on=False)
    settings.switch("request.pictures", is_on=False)
    assert settings.file.standing == "unsaved"
    assert settings.save()
    project = load_project(session.project.folder)
    assert project.errors == ()
    assert (project.name, project.instructions, project.prompt) == ("Others", "Be kind.\nBe brief.", "Look around.")
    assert project.file.request.parameters == {
        "temperature": 0.2,
        "top_p": 0.9,
        "seed": 7,
        "reasoning_effort": "low",
        "max_output_tokens": 2000,
    }
    assert (str(project.tool_choice.first), str(project.tool_choice.then)) == ("look", "auto:look,touch")
    assert (project.parallel_calls, project.file.request.pictures) == (False, False)
    plan = selector_plan(project, "words")
    assert plan is not None
    assert (project.file.routing.selector, plan.top, plan.threshold, plan.force) == ("words", 3, 0.25, 0.5)
    assert (project.limits.rounds, project.limits.result_chars) == (9, 1000)
    assert "# mine" in on_disk(session)
    assert "# bounds" in on_disk(session)
    while settings.document.history.undo_words is not None:
        settings.undo()
    assert settings.save()
    assert on_disk(session) == COMMENTED


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("limits.rounds", "many", "a whole number is needed"),
        ("limits.rounds", "0", "greater than or equal to 1"),
        ("limits.seconds", "-3", "greater than 0"),
        ("request.temperature", "hot", "from 0 to 2"),
        ("request.tool_choice", "lok", "not offered"),
        ("routing.selector", "sure", "there is no selector 'sure'; use words, rules"),
        ("routing.threshold", "2", "less than or equal to 1"),
        ("model", "nothing:", "nothing"),
    ],
)
async def test_what_does_not_fit_stays_in_its_field_with_the_reason_and_out_of_the_file(
    session: Session, settings: ProjectSettings, key: str, text: str, said: str
) -> None:
    before = settings.text(key)
    assert said in settings.write(key, text)
    assert settings.text(key) == text
    assert said in settings.problem(key)
    assert settings.save()
    assert on_disk(session) == COMMENTED
    settings.undo()
    assert (settings.text(key), settings.problem(key)) == (before, "")


async def test_a_number_can_be_typed_digit_by_digit(settings: ProjectSettings) -> None:
    for typed in ("0", "0.", "0.0", "0.05"):
        assert settings.write("request.temperature", typed) == ""
        assert settings.text("request.temperature") == typed
    settings.leave("request.temperature")
    assert settings.text("request.temperature") == "0.05"


async def test_an_empty_field_shows_its_default_and_takes_the_setting_out(settings: ProjectSettings) -> None:
    assert (settings.text("limits.tool_seconds"), settings.default_text("limits.tool_seconds")) == ("20", "30")
    settings.reset("limits.tool_seconds")
    assert "tool_seconds" not in settings.document.text
    assert settings.default_text("limits.approval_seconds") == "no limit"
    assert settings.default_text("request.seed") == "default"
    assert settings.is_on("request.parallel_calls")


async def test_a_parameter_the_model_does_not_have_is_said_at_its_field(settings: ProjectSettings) -> None:
    settings.write("model", "anthropic:claude-haiku-5-5")
    settings.write("request.seed", "7")
    settings.write("request.temperature", "1.5")
    assert settings.note("request.seed") == "Not sent: Anthropic has no seed."
    assert "at most 1" in settings.note("request.temperature")
    assert settings.is_offered("request.seed")
    settings.reset("request.seed")
    assert not settings.is_offered("request.seed")
    assert settings.is_offered("request.top_p")
    settings.write("model", "openai-chat:gpt-4.1")
    assert settings.is_offered("request.seed")
    assert settings.note("request.seed") == settings.note("limits.rounds") == ""


async def test_what_another_program_writes_is_shown_and_can_be_undone(
    session: Session, settings: ProjectSettings
) -> None:
    path = session.project.folder / "workbench.toml"
    path.write_text(COMMENTED.replace("Marks", "Theirs"))
    settings.look_at_disk()
    assert settings.text("name") == "Theirs"
    settings.undo()
    assert settings.text("name") == "Marks"

    settings.write("name", "Mine")
    path.write_text(COMMENTED.replace("Marks", "Again"))
    assert not settings.save()
    assert (settings.file.standing, on_disk(session)) == ("changed", COMMENTED.replace("Marks", "Again"))
    assert settings.file.keep_mine()
    assert tomllib.loads(on_disk(session))["name"] == "Mine"


async def test_a_wrong_value_in_the_file_is_shown_where_it_is_and_can_be_corrected(
    session: Session, settings: ProjectSettings
) -> None:
    path = session.project.folder / "workbench.toml"
    path.write_text(COMMENTED + "\n[request]\ntemperature = 9\nseed = 3\n")
    settings.look_at_disk()
    assert settings.text("request.temperature") == "9"
    assert settings.problem("request.temperature") == "use a number from 0 to 2"
    assert settings.problem("request.seed") == ""
    assert settings.write("request.temperature", "0.9") == ""
    assert settings.save()
    assert load_project(session.project.folder).file.request.parameters == {"temperature": 0.9, "seed": 3}


async def test_a_file_that_is_no_toml_is_said_and_nothing_is_changed_in_it(
    session: Session, settings: ProjectSettings
) -> None:
    broken = COMMENTED + "\n[[[\n"
    (session.project.folder / "workbench.toml").write_text(broken)
    settings.look_at_disk()
    assert "not valid TOML" in settings.trouble
    assert "cannot be saved" in settings.write("name", "Mine")
    settings.save()
    assert on_disk(session) == broken
