"""The table `routing`: what it says, and what is wrong with it at which line."""

from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.core.errors import UsageError
from workbench.core.routing.plan import RoutingPlan, RoutingRule
from workbench.store.project import load_project
from workbench.store.routing_row import plan_named

TABLE = r"""
[routing]
selector = "sure"
top = 4
always = ["look"]
fallback = "none"

[[routing.rules]]
match = '\bA-\d+'
tools = ["touch"]

[routing.selectors.sure]
use = ["rules", "words"]
top = 1
force = 0.5
"""


def test_a_selector_of_the_projects_own_takes_over_what_it_does_not_set(tmp_path: Path) -> None:
    project = load_project(make_project(tmp_path / "p", toml=TOML + TABLE))
    assert project.problems == ()
    section = project.file.routing
    rules = (RoutingRule(("touch",), match=r"\bA-\d+"),)
    everywhere = {"always": ("look",), "fallback": ("none",), "rules": rules}
    assert plan_named(section, section.selector) == RoutingPlan(
        name="sure", use=("rules", "words"), top=1, force=0.5, **everywhere
    )
    assert plan_named(section, "examples") == RoutingPlan(name="examples", use=("examples",), top=4, **everywhere)
    assert plan_named(section, "all") is None
    with pytest.raises(UsageError, match="there is no selector 'other'"):
        plan_named(section, "other")


def test_without_the_table_every_tool_is_offered(tmp_path: Path) -> None:
    section = load_project(make_project(tmp_path / "p")).file.routing
    assert plan_named(section, section.selector) is None


@pytest.mark.parametrize(
    ("table", "said", "line"),
    [
        ('[routing]\nselector = "wods"', "there is no selector 'wods'", 1),
        ("[routing]\ntop = 0", "greater than or equal to 1", 2),
        ("[[routing.rules]]\nmatch = '(a'\ntools = [\"look\"]", "not a valid ECMA 262 regular expression", 1),
        ("[[routing.rules]]\nmatch = 'a'", "this is missing", 1),
        ('[routing.selectors.words]\nuse = ["rules"]', "cannot be a selector's name", 1),
        ('[routing.selectors.mine]\nuse = ["magic"]', "Input should be", 2),
        ('[routing]\nalways = ["lok"]', "no tool is named 'lok'", 0),
        ('[routing]\nfallback = ["all", "tuch"]', "no tool is named 'tuch'", 0),
    ],
)
def test_a_mistake_is_said_with_its_place(tmp_path: Path, table: str, said: str, line: int) -> None:
    project = load_project(make_project(tmp_path / "p", toml=f"{TOML}{table}\n"))
    (problem,) = project.problems
    assert said in problem.message
    assert problem.line in (0, *range(TOML.count("\n") + line, TOML.count("\n") + line + 2))
    assert project.file.name == "Marks"


def test_keys_of_a_tool_in_another_shape_are_a_warning(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    path = folder / "tools" / "look.json"
    path.write_text(path.read_text().replace('"name"', '"searchText": 3, "examples": ["a", 1], "name"'))
    project = load_project(folder)
    assert [problem.message for problem in project.problems] == [
        '"searchText" must be a string',
        '"examples" must be a list of strings',
    ]
    assert project.errors == ()
