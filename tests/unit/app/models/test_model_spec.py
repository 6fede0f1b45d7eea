"""How a person names a model, and what a record remembers of it."""

from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.app.models.model_spec import parse_spec
from workbench.core.errors import UsageError
from workbench.store.project import Project, load_project
from workbench.store.project_file import ConnectionRow

PLACE = "http://127.0.0.1:8000/v1"
OWN = {"mine": ConnectionRow(wire="openai-chat", model="qwen3", base_url="http://10.0.0.1/v1", key="MY_KEY")}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return load_project(make_project(tmp_path / "project", toml=TOML))


def test_an_address_that_was_given_for_a_run_stays_in_its_spec_and_is_found_there(project: Project) -> None:
    first = parse_spec("openai-chat:qwen3", project, base_url=PLACE)
    assert (first.spec, first.base_url, first.key_name) == (f"openai-chat:qwen3@{PLACE}", PLACE, "OPENAI_API_KEY")
    again = parse_spec(first.spec, project)
    assert (again.spec, again.kind, again.model, again.base_url) == (first.spec, first.kind, "qwen3", PLACE)
    moved = parse_spec(first.spec, project, base_url="https://elsewhere.example/v1")
    assert moved.spec == "openai-chat:qwen3@https://elsewhere.example/v1"


def test_no_key_goes_to_an_address_that_only_a_record_names(project: Project) -> None:
    for spec in (f"openai:gpt-5@{PLACE}", f"anthropic:claude-opus-5@{PLACE}", f"mine@{PLACE}"):
        assert parse_spec(spec, project, own=OWN).key_name == ""
        assert parse_spec(spec, project, own=OWN, base_url=PLACE).key_name != ""
    assert parse_spec("mine", project, own=OWN).key_name == "MY_KEY"
    assert parse_spec("mine@http://10.0.0.1/v1", project, own=OWN).key_name == "MY_KEY"


def test_secrets_of_an_address_are_not_written_into_the_spec(project: Project) -> None:
    target = parse_spec("openai-chat:m", project, base_url="https://ana:hunter2@models.example/v1?key=hunter3")
    assert target.spec == "openai-chat:m@https://models.example/v1"
    assert "hunter" in target.base_url


def test_an_at_sign_in_a_model_is_none_of_our_business(project: Project) -> None:
    target = parse_spec("anthropic:claude-sonnet@20990101", project)
    assert (target.model, target.base_url) == ("claude-sonnet@20990101", "")


@pytest.mark.parametrize("spec", ["openai:m@http://", "nobody@http://127.0.0.1"])
def test_a_spec_with_an_address_that_is_none_is_refused(project: Project, spec: str) -> None:
    with pytest.raises(UsageError):
        parse_spec(spec, project)
