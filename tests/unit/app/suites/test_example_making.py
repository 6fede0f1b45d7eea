"""Examples for routing from recorded turns, and never from what is held out."""

import json
from pathlib import Path

import pytest

from tests.support.projects import make_project
from tests.support.runs import ScriptedRun
from tests.support.scripts import call, calls, says, script
from workbench.app.suites.example_making import add_example, add_tune_cases
from workbench.app.suites.suite_files import SuiteFiles
from workbench.core.errors import UsageError
from workbench.core.mark import Mark
from workbench.core.selection import ExpectedCall
from workbench.core.tool import Toolset
from workbench.providers.scripted import Script
from workbench.store.project import load_project


async def recorded(answers: Script, folder: Path) -> ScriptedRun:
    tools = load_project(folder).toolset
    run = ScriptedRun(answers, tools=tuple(tools), bodies={tool.name: lambda arguments: "done" for tool in tools})
    await run.run("Stamp  the wall!")
    return run


def tools_of(folder: Path) -> Toolset:
    return load_project(folder).toolset


async def test_the_request_becomes_an_example_of_the_called_tool_once_and_can_be_taken_back(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    run = await recorded(script(calls(call("touch", mark="x")), says("Done.")), folder)
    files = SuiteFiles(folder)
    undo = add_example(folder, tools_of(folder), files, tuple(run.log), 1, ())
    touch = tools_of(folder).named("touch")
    assert touch is not None
    assert touch.examples == ("Stamp the wall!",)
    with pytest.raises(UsageError, match="already has this example"):
        add_example(folder, tools_of(folder), files, tuple(run.log), 1, ())
    undo.undo()
    assert tools_of(folder).named("touch").examples == ()  # type: ignore[union-attr]


async def test_a_mark_says_which_tool_it_is_an_example_of(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    run = await recorded(script(says("No.")), folder)
    with pytest.raises(UsageError, match="no tool of the project was right"):
        add_example(folder, tools_of(folder), SuiteFiles(folder), tuple(run.log), 1, ())
    run_id = next(iter(run.log)).run_id
    mark = Mark(mark_id="m", at=1.0, run_id=run_id, point="turn-1/round-1", expected=ExpectedCall("look"))
    add_example(folder, tools_of(folder), SuiteFiles(folder), tuple(run.log), 1, (mark,))
    assert tools_of(folder).named("look").examples == ("Stamp the wall!",)  # type: ignore[union-attr]


def test_tune_cases_become_examples_at_once_without_what_is_held_out_anywhere(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    (folder / "suites").mkdir()
    rows = (
        ("a", "stamp  it", "touch", "tune"),
        ("b", "Stamp it!", "touch", "tune"),
        ("c", "watch the gate", "look", "tune"),
        ("d", "hello", "none", "tune"),
        ("e", "see the wall", "look", "tune"),
        ("f", "leave a print", "touch", "held-out"),
    )

    def write(name: str, *chosen: tuple[str, ...]) -> None:
        lines = [json.dumps(dict(zip(("id", "request", "expected", "split"), row, strict=True))) for row in chosen]
        (folder / "suites" / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")

    write("mine", *rows)
    write("other", ("x", "See the wall.", "look", "held-out"))
    before = {path.name: path.read_bytes() for path in (folder / "tools").iterdir()}
    done = add_tune_cases(folder, tools_of(folder), SuiteFiles(folder), "mine")
    assert done.words == "Added 2 examples to look, touch"
    examples = {tool.name: tool.examples for tool in tools_of(folder)}
    assert examples == {"touch": ("stamp it",), "look": ("watch the gate",)}
    with pytest.raises(UsageError, match="no tune case of mine is a new example"):
        add_tune_cases(folder, tools_of(folder), SuiteFiles(folder), "mine")
    done.undo()
    assert {path.name: path.read_bytes() for path in (folder / "tools").iterdir()} == before
    write("one", ("a", "stamp it", "touch", "tune"))
    done = add_tune_cases(folder, tools_of(folder), SuiteFiles(folder), "one")
    assert done.words == "Added 1 example to touch"


async def test_a_held_out_request_is_no_example(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    run = await recorded(script(calls(call("touch", mark="x")), says("Done.")), folder)
    (folder / "suites").mkdir()
    line = '{"id": "a", "request": "stamp the wall", "expected": "touch", "split": "held-out"}\n'
    (folder / "suites" / "kept.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(UsageError, match="the suite kept holds this request out"):
        add_example(folder, tools_of(folder), SuiteFiles(folder), tuple(run.log), 1, ())
    assert tools_of(folder).named("touch").examples == ()  # type: ignore[union-attr]
