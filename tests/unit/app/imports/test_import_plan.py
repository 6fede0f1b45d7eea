"""What an import does to a project: nothing before it is carried out, and one undo."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.projects import make_project
from workbench.app.imports.executor_rows import rows_in, with_rows
from workbench.app.imports.import_plan import ImportPlan, carry_out, plan_import
from workbench.app.imports.pasted import recognize, recognize_file
from workbench.app.models.wires import KEY_OF_WIRE
from workbench.core.errors import ProjectError
from workbench.store.project import load_project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p")


def api(**summaries: str) -> str:
    paths = {
        f"/{name}": {
            "get": {
                "operationId": name,
                "summary": text,
                "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
            }
        }
        for name, text in summaries.items()
    }
    return json.dumps({"openapi": "3.1.0", "servers": [{"url": "https://api.example"}], "paths": paths})


def plan(folder: Path, text: str, **options: Any) -> ImportPlan:
    return plan_import(folder, recognize(text), **options)


def fates(made: ImportPlan) -> list[tuple[str, str, bool]]:
    return [(one.name, one.fate, place in made.chosen_at_first) for place, one in enumerate(made.tools)]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_tools_and_what_runs_them_are_written_and_taken_back_at_once(folder: Path) -> None:
    before = files(folder)
    made = plan(folder, api(find="Find.", look="Look."))
    assert fates(made) == [("find", "new", True), ("look_2", "numbered", True)]
    assert files(folder) == before
    done = carry_out(folder, made.tools)
    project = load_project(folder)
    assert project.errors == ()
    assert {name: row.kind for name, row in project.file.executors.items()}["look_2"] == "http"
    assert project.toolset.named("find") is not None
    done.undo()
    assert files(folder) == before


def test_an_import_that_is_repeated_finds_its_tools_again_and_shows_what_changed(folder: Path) -> None:
    carry_out(folder, plan(folder, api(a="A.", b="B.", c="C.", d="D.")).tools)
    tools = folder / "tools"
    own = json.loads((tools / "b.json").read_text())
    (tools / "b.json").write_text(json.dumps({**own, "description": "Mine."}))
    (tools / "c.json").rename(tools / "see.json")
    (tools / "see.json").write_text((tools / "see.json").read_text().replace('"name": "c"', '"name": "see"'))
    again = plan(folder, api(a="A.", b="B.", c="C.", d="D."))
    assert fates(again) == [("a", "same", False), ("b", "edited", False), ("see", "same", False), ("d", "same", False)]
    newer = plan(folder, api(a="New.", b="New.", c="New.", e="E."))
    assert fates(newer) == [("a", "changed", True), ("b", "both", False), ("see", "changed", True), ("e", "new", True)]
    assert newer.missing == ("d",)
    assert newer.tools[2].words == "changed in the source (c in the source)"
    done = carry_out(folder, [newer.tools[0], newer.tools[2]])
    assert done.words == "Replaced a, see"
    assert json.loads((tools / "see.json").read_text())["description"] == "New."
    assert not (tools / "c.json").exists()


def test_what_a_person_set_up_for_a_tool_stays(folder: Path) -> None:
    carry_out(folder, plan(folder, api(a="A.")).tools)
    file = folder / "workbench.toml"
    file.write_text(file.read_text().replace('url = "https://api.example/a"', 'url = "https://other.example/a"'))
    carry_out(folder, plan(folder, api(a="A.")).tools)
    assert rows_in(file.read_text())["a"]["url"] == "https://other.example/a"


def test_more_tools_than_a_request_takes_are_not_chosen_by_themselves(folder: Path) -> None:
    made = plan(folder, api(**{f"t{n}": "T." for n in range(1_200)}))
    assert made.chosen_at_first == frozenset()
    assert any("1,200 tools are more" in note for note in made.notes)
    carry_out(folder, made.tools)
    assert len(load_project(folder).file.executors) >= 1_200


def test_rows_are_added_without_touching_the_rest_of_the_file() -> None:
    text = "# mine\nname = 'x'  # yes\n[executors.old]\nkind = 'http'\nurl = 'https://a.example'\n"
    row = {"kind": "http", "url": "https://b.example", "auth": {"key": "K"}, "headers": {"X-A": "{a}"}}
    after = with_rows(text, {"new": row, "with space": row})
    assert after.startswith(text)
    assert rows_in(after)["new"] == rows_in(after)["with space"] == row
    assert with_rows(after, {"new": row}) == after
    with pytest.raises(ProjectError, match="executors"):
        with_rows("executors = {}\n", {"new": row})


CODE = """
from workbench.core.authoring import tool

def helper(n: int) -> int: ...

@tool(name="tell_time", description="Tell the time in a zone.")
def now(zone: str) -> str:
    return zone
"""


def test_a_python_file_becomes_tools_its_functions_carry_out_and_one_undo_takes_all_back(tmp_path: Path) -> None:
    folder, path = make_project(tmp_path / "project"), tmp_path / "my-clock.py"
    before = (folder / "workbench.toml").read_bytes()
    path.write_text(CODE, encoding="utf-8")
    plan = plan_import(folder, recognize_file(path))
    [planned] = plan.tools
    assert (planned.name, planned.found.address) == ("tell_time", "my_clock.py:now")
    assert planned.row == {"kind": "python", "function": "my_clock:now"}
    done = carry_out(folder, plan.tools)
    assert (folder / "python" / "my_clock.py").read_text(encoding="utf-8") == CODE
    assert load_project(folder, KEY_OF_WIRE).file.executors["tell_time"].kind == "python"
    assert "my_clock.py runs only once you trust" in done.words

    assert plan_import(folder, recognize_file(path)).tools[0].fate == "same"
    path.write_text(CODE.replace("zone: str", "zone: str, hour: int = 0"), encoding="utf-8")
    [again] = plan_import(folder, recognize_file(path)).tools
    assert (again.fate, again.row) == ("changed", planned.row)
    carry_out(folder, [again]).undo()
    done.undo()
    assert (folder / "workbench.toml").read_bytes() == before
    assert not (folder / "python" / "my_clock.py").exists()


def test_code_that_changed_in_its_file_alone_is_brought_up_to_date_where_it_is(tmp_path: Path) -> None:
    folder, path = make_project(tmp_path / "project"), tmp_path / "clock.py"
    path.write_text(CODE, encoding="utf-8")
    carry_out(folder, plan_import(folder, recognize_file(path)).tools)
    code = folder / "python" / "clock.py"
    path.write_text(CODE.replace("return zone", "return zone.upper()"), encoding="utf-8")
    plan = plan_import(folder, recognize_file(path))
    assert fates(plan) == [("tell_time", "changed", True)]
    assert plan.tools[0].words == "its code: changed in the source"
    carry_out(folder, plan.tools)
    assert code.read_bytes() == path.read_bytes()
    assert plan_import(folder, recognize_file(path)).tools[0].fate == "same"

    code.write_text("# mine\n" + code.read_text("utf-8"), encoding="utf-8")
    assert fates(plan_import(folder, recognize_file(path))) == [("tell_time", "edited", False)]
    path.write_text(CODE, encoding="utf-8")
    for replace in (False, True):
        plan = plan_import(folder, recognize_file(path), replace=replace)
        assert fates(plan) == [("tell_time", "both", False)]
        assert plan.tools[0].row == {"kind": "python", "function": "clock_2:now"}


@pytest.mark.parametrize("replace", [False, True])
def test_a_python_file_that_is_no_part_of_the_import_stays(tmp_path: Path, replace: bool) -> None:
    folder, path = make_project(tmp_path / "project"), tmp_path / "clock.py"
    (folder / "python").mkdir(exist_ok=True)
    (folder / "python" / "clock.py").write_text("MINE = 1\n", encoding="utf-8")
    path.write_text(CODE, encoding="utf-8")
    plan = plan_import(folder, recognize_file(path), replace=replace)
    carry_out(folder, plan.tools)
    assert plan.tools[0].row == {"kind": "python", "function": "clock_2:now"}
    assert (folder / "python" / "clock.py").read_text("utf-8") == "MINE = 1\n"


def test_code_that_other_tools_still_need_stays_beside_the_new_one(tmp_path: Path) -> None:
    folder, path = make_project(tmp_path / "project"), tmp_path / "clock.py"
    two = CODE + CODE.replace("tell_time", "tell_zone").replace("def now", "def where")
    path.write_text(two, encoding="utf-8")
    carry_out(folder, plan_import(folder, recognize_file(path)).tools)
    path.write_text(CODE, encoding="utf-8")
    [again] = plan_import(folder, recognize_file(path)).tools
    assert (again.fate, again.row) == ("changed", {"kind": "python", "function": "clock_2:now"})
    path.write_text(two.replace("return zone", "return zone.upper()"), encoding="utf-8")
    both = plan_import(folder, recognize_file(path)).tools
    assert [one.row["function"] for one in both if one.row] == ["clock:now", "clock:where"]


def test_code_stays_for_tools_that_are_not_chosen(tmp_path: Path) -> None:
    folder, path = make_project(tmp_path / "project"), tmp_path / "clock.py"
    two = CODE + CODE.replace("tell_time", "tell_zone").replace("def now", "def where")
    path.write_text(two, encoding="utf-8")
    carry_out(folder, plan_import(folder, recognize_file(path)).tools)
    edited = folder / "tools" / "tell_zone.json"
    edited.write_text(edited.read_text("utf-8").replace("Tell the time", "Name the zone"), encoding="utf-8")
    path.write_text(two.replace("return zone", "return zone.upper()").replace("Tell the", "Say the"), encoding="utf-8")
    again = plan_import(folder, recognize_file(path))
    assert fates(again) == [("tell_time", "changed", True), ("tell_zone", "both", False)]
    carry_out(folder, [again.tools[place] for place in again.chosen_at_first])
    assert (folder / "python" / "clock.py").read_text("utf-8") == two
    assert (folder / "python" / "clock_2.py").read_bytes() == path.read_bytes()
    rows = rows_in((folder / "workbench.toml").read_text("utf-8"))
    assert [rows[name]["function"] for name in ("tell_time", "tell_zone")] == ["clock_2:now", "clock:where"]

    later = plan_import(folder, recognize_file(path))
    assert fates(later) == [("tell_time", "same", False), ("tell_zone", "both", False)]
    carry_out(folder, later.tools[1:])
    assert (folder / "python" / "clock.py").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    "row",
    [
        'kind = "python"\nfunction = "other:see"\nloader = "clock:load"',
        'kind = "mock"\ndefault = { python = "clock:see" }',
        'kind = "mock"\nreal = { kind = "python", function = "clock:see" }',
    ],
)
def test_code_stays_for_loaders_and_mocks_of_other_tools(tmp_path: Path, row: str) -> None:
    folder, path = make_project(tmp_path / "project"), tmp_path / "clock.py"
    path.write_text(CODE, encoding="utf-8")
    carry_out(folder, plan_import(folder, recognize_file(path)).tools)
    toml = folder / "workbench.toml"
    toml.write_text(f"{toml.read_text('utf-8')}\n[executors.other]\n{row}\n", encoding="utf-8")
    path.write_text(CODE.replace("return zone", "return zone.upper()"), encoding="utf-8")
    carry_out(folder, plan_import(folder, recognize_file(path)).tools)
    assert (folder / "python" / "clock.py").read_text("utf-8") == CODE
    assert rows_in(toml.read_text("utf-8"))["tell_time"]["function"] == "clock_2:now"
