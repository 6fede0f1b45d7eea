"""The suite of the shop: what it is made of, and that nothing weighs against a claim made with it."""

from pathlib import Path

from tests.unit.samples.conftest import SAMPLES
from workbench.app.suites.case_file import read_cases
from workbench.app.suites.suite_files import SuiteFiles
from workbench.core.suite.audit import audit_suite
from workbench.core.suite.suite import Suite
from workbench.store.project import load_project

SAMPLE = "shop-support"
FOLDER = SAMPLES / SAMPLE
TEMPLATES = FOLDER / "suites" / "requests.templates.json"


def suite() -> Suite:
    return SuiteFiles(FOLDER).load(SAMPLE)


def test_it_has_enough_cases_in_each_split_and_enough_that_call_nothing() -> None:
    found = suite()
    assert not found.problems
    for split, least in (("tune", 150), ("held-out", 300)):
        cases = found.of_split(split)  # type: ignore[arg-type]
        assert len(cases) >= least
        assert sum(not case.turns[0].expected.calls for case in cases) >= 0.2 * len(cases)
        tools = {tool for case in cases for tool in case.expected_tools}
        assert tools == set(load_project(FOLDER).toolset.names)


def test_nothing_weighs_against_a_claim() -> None:
    assert audit_suite(suite(), load_project(FOLDER).toolset) == ()


def test_its_cases_are_those_that_the_templates_make(tmp_path: Path) -> None:
    report = read_cases(TEMPLATES)
    assert {row.status for row in report.rows} == {"exact"}
    assert [case.key for case in report.cases] == [case.key for case in suite().cases]


def test_what_routing_knows_comes_from_tune_cases_alone() -> None:
    project, found = load_project(FOLDER), suite()
    wanted = {case.request: case.expected_tools for case in found.of_split("tune")}
    held_out = {case.request for case in found.of_split("held-out")}
    known = {(text, tool.name) for tool in project.toolset for text in tool.examples}
    assert {tool for _, tool in known} == set(project.toolset.names)
    assert all(wanted[text] == (tool,) for text, tool in known)
    nothing = project.file.routing.nothing
    assert nothing
    assert all(wanted[text] == () for text in nothing)
    assert not held_out & {*nothing, *(text for text, _ in known)}
