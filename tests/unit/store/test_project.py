"""Reading a project: what is right is used, what is wrong is named with its place, nothing is executed."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.projects import TOUCH, make_project
from workbench.core.errors import ProjectError
from workbench.core.tool import Tool
from workbench.store.project import load_project
from workbench.store.tool_file import read_tool, tool_text, write_tool


def test_a_project_is_read_as_it_was_written(tmp_path: Path) -> None:
    project = load_project(make_project(tmp_path / "p"))
    assert project.problems == ()
    assert (project.name, project.toolset.names) == ("Marks", ("look", "touch"))
    assert project.executor_names == {"touch": "python marks:touch", "look": "python marks:look"}
    assert str(project.policy.rules[0]) == "allow look"


def test_a_folder_without_a_project_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="workbench new"):
        load_project(tmp_path)
    with pytest.raises(ProjectError, match="no such folder"):
        load_project(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("toml", "line", "word"),
    [
        ("format = 1\nname = \n", 2, "TOML"),
        ("format = 1\n\n[limits]\nrounds = 0\n", 4, "limits.rounds"),
        ("format = 1\ncolour = 'red'\n", 2, "no such setting"),
        ("format = 99\n", 1, "format 99"),
        ("[[approval]]\ntool = 'a'\naction = 'perhaps'\n", 3, "action"),
        ("[executors.look]\nkind = 'shell'\n", 2, "kind"),
        ("format = 0\n", 1, "format"),
        ("a = " + "[" * 5_000 + "]" * 5_000, 0, "nested too deeply"),
        ("a = " + "{a=" * 3_000 + "1" + "}" * 3_000, 0, "nested too deeply"),
        ("[connections.'openai:gpt-6']\nwire = 'openai-chat'\nmodel = 'm'\n", 1, "not like a model's SPEC"),
        ("[connections.local]\nwire = 'openai-chat'\nmodel = 'm'\n", 1, "not like a model's SPEC"),
    ],
)
def test_a_mistake_in_the_project_file_is_a_problem_at_its_line(
    tmp_path: Path, toml: str, line: int, word: str
) -> None:
    folder = make_project(tmp_path / "p", toml=toml)
    project = load_project(folder)
    assert project.errors[0].line == line
    assert word in str(project.errors[0])
    assert project.toolset.names == ("look", "touch")
    assert (folder / "workbench.toml").read_text() == toml


def test_a_connection_over_a_wire_that_there_is_not_is_a_problem_at_its_line(tmp_path: Path) -> None:
    toml = "format = 1\n\n[connections.mine]\nmodel = 'm'\nwire = 'telex'\n"
    project = load_project(make_project(tmp_path / "p", toml=toml), {"openai-chat": "OPENAI_API_KEY"})
    assert [(problem.line, "there is no wire 'telex'" in problem.message) for problem in project.errors] == [(5, True)]
    assert "openai-chat" in str(project.errors[0])
    assert project.file.connections == {}


def test_one_damaged_tool_leaves_the_others_usable(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    (folder / "tools" / "broken.json").write_text('{\n  "name": "broken",\n  name}')
    (folder / "tools" / "nameless.json").write_text("{}")
    project = load_project(folder)
    assert project.toolset.names == ("look", "touch")
    assert [(problem.file, problem.line) for problem in project.errors] == [
        ("tools/broken.json", 3),
        ("tools/nameless.json", 0),
    ]


def test_a_schema_that_is_not_legal_is_a_problem(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    (folder / "tools" / "odd.json").write_text('{"name": "odd", "inputSchema": {"type": "object", "required": "yes"}}')
    assert any("required" in problem.message for problem in load_project(folder).errors)


def test_an_executor_for_no_tool_is_a_warning_only(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    (folder / "tools" / "look.json").unlink()
    project = load_project(folder)
    assert project.errors == ()
    assert "executors.look" in project.problems[0].message


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_no_content_of_a_project_file_raises_anything_but_a_project_error(tmp_path: Path, text: bytes) -> None:
    folder = tmp_path / "p"
    if not folder.exists():
        make_project(folder)
    (folder / "workbench.toml").write_bytes(text)
    (folder / "tools" / "touch.json").write_bytes(text)
    load_project(folder)


def test_an_unedited_tool_is_written_as_it_was_read() -> None:
    text = json.dumps({"x-team": [1], "name": "odd", "description": "ü", "inputSchema": {"type": "object"}}, indent=2)
    text = text.replace("\\u00fc", "ü") + "\n"
    assert tool_text(read_tool(text)) == text


def test_a_tool_file_is_replaced_whole(tmp_path: Path) -> None:
    write_tool(tmp_path, Tool(TOUCH))
    write_tool(tmp_path, Tool({**TOUCH, "description": "Other."}))
    assert [path.name for path in tmp_path.iterdir()] == ["touch.json"]
    assert read_tool((tmp_path / "touch.json").read_text()).description == "Other."


def test_a_tool_whose_name_is_a_path_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ProjectError):
        write_tool(tmp_path, Tool.make("../escape"))
    assert list(tmp_path.iterdir()) == []


def test_of_a_great_many_mistakes_the_first_are_named_and_the_others_counted(tmp_path: Path) -> None:
    toml = "".join(f"mistake_{number} = 1\n" for number in range(20_000))
    project = load_project(make_project(tmp_path / "p", toml=toml))
    assert len(project.errors) == 51
    assert project.errors[-1].message == "there are 19,950 more mistakes"
