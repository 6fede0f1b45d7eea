"""The tables about handling calls: what they say, and what is wrong with them at which line."""

from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.core.approval import Rule
from workbench.core.error_handler import ErrorHandler
from workbench.core.rate_limit import RateLimit
from workbench.core.sanitizer import Sanitizer
from workbench.core.tool import Tool
from workbench.store.project import load_project

TABLES = """
[sanitizers.touch.mark]
trim = true
inside = "data"

[sanitizers."*"."*"]
strip_control = true
min = 1
max = 9.5

[on_error.look.timeout]
retry = 2
repeats_effects = true

[on_error."*"."*"]
hint = "Try something else."

[rates.touch]
per_minute = 3
when_full = "error"

[results]
strict = true
"""


def test_the_tables_become_the_handling_of_calls(tmp_path: Path) -> None:
    project = load_project(make_project(tmp_path / "p", toml=TOML + TABLES))
    assert project.problems == ()
    handling = project.handling
    assert handling.sanitizers_for("touch")["mark"] == Sanitizer(trim=True, inside="data")
    assert handling.sanitizers_for("look")["*"] == Sanitizer(strip_control=True, least=1, most=9.5)
    assert handling.on_error_of("look", "timeout") == ErrorHandler(retry=2, repeats_effects=True)
    assert handling.on_error_of("touch", "error").hint == "Try something else."
    assert (handling.rate_for("touch"), handling.rate_for("look")) == (RateLimit(3, "error"), None)
    assert handling.strict_results


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ('[sanitizers.touch.mark]\ninside = "../other"\n', "folder of the project"),
        ('[sanitizers.touch.mark]\ninside = "/etc"\n', "folder of the project"),
        ("[sanitizers.touch.mark]\nmin = 3\nmax = 2\n", "above max"),
        ("[sanitizers.touch.mark]\nmax = nan\n", "finite"),
        ("[sanitizers.touch]\ntrim = true\n", "has to be a table"),
        ("[on_error.touch.timeout]\nretry = 1000\n", "10"),
        ("[rates.touch]\nper_minute = 0\n", "greater than or equal to 1"),
        ('[[approval]]\ntool = "*"\naction = "allow"\nannotations = { readOnlyHint = true }\n', "cannot allow"),
        ('[[approval]]\ntool = ""\naction = "ask"\n', "needs a glob"),
    ],
)
def test_a_table_that_makes_no_sense_is_an_error(tmp_path: Path, table: str, word: str) -> None:
    project = load_project(make_project(tmp_path / "p", toml=TOML + table))
    assert any(word in problem.message for problem in project.errors), project.problems


def test_where_sanitizers_cannot_be_read_no_rule_lets_a_call_through(tmp_path: Path) -> None:
    project = load_project(make_project(tmp_path / "p", toml=TOML + "[sanitizers.look.at]\ninside = '..'\n"))
    assert project.policy.rule_for(Tool.make("look"), {}).action == "ask"


def test_a_retry_that_never_happens_and_a_rule_that_never_applies_are_pointed_out(tmp_path: Path) -> None:
    toml = TOML + '[[approval]]\ntool = "look"\naction = "deny"\n[on_error.touch.timeout]\nretry = 1\n'
    project = load_project(make_project(tmp_path / "p", toml=toml))
    assert project.errors == ()
    assert "not marked idempotent" in project.problems[0].message
    assert "rule 2 never applies" in project.problems[1].message


def test_a_rule_may_name_a_server(tmp_path: Path) -> None:
    rule = '[[approval]]\ntool = "*"\nserver = "files"\naction = "deny"\n'
    project = load_project(make_project(tmp_path / "p", toml=TOML + rule))
    assert project.policy.rules[1] == Rule("*", "deny", server="files")
