"""A suite run as one HTML file: complete, drawn, and safe to open whatever the cases say."""

import re
from xml.etree import ElementTree

import pytest

from workbench.app.suites.suite_html import report_html
from workbench.app.suites.suite_report import SuiteReport, report_document, report_markdown
from workbench.core.suite.audit import AuditFinding
from workbench.core.suite.case import Case, CaseTurn, Expected, WantedCall
from workbench.core.suite.comparing import compare_arms
from workbench.core.suite.grade import Grade
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.trial import ArmKey, SuiteRun, Trial

pytest.importorskip("scipy")
HOSTILE = '<script>alert(1)</script>"\u202e'
ARMS = (ArmKey("a", "m"), ArmKey("b", "m", "better", is_texts_only=False))


@pytest.fixture(scope="module")
def report() -> SuiteReport:
    cases = [
        Case(case_id=f"c{n}", turns=(CaseTurn(f"{HOSTILE} {n}", Expected((WantedCall("look"),))),), tags=(HOSTILE,))
        for n in range(20)
    ]
    run = SuiteRun(
        suite_run_id="r", at=0, suite=HOSTILE, suite_digest="", arms=ARMS, cases=tuple(case.key for case in cases)
    )
    right = Grade(is_right=True, expected="look", chosen="look", reads=("find",))
    wrong = Grade(is_right=False, expected="look", chosen=f"unknown: {HOSTILE}", kind="unknown tool")
    trials = [
        Trial(case=case.key, arm=arm.key, grade=right if arm.key == "b" else wrong) for case in cases for arm in ARMS
    ]
    results = SuiteResults(run, {case.key: case for case in cases}, trials)
    finding = AuditFinding(kind="leak", weight="warns", message=HOSTILE)
    return SuiteReport(results, compare_arms(results, results.run.pairs), (finding,))


def test_nothing_of_a_case_or_a_model_is_markup(report: SuiteReport) -> None:
    page = report_html(report)
    assert "<script" not in page
    assert "\u202e" not in page
    assert "default-src 'none'" in page
    assert not re.search(r"\s(?:on\w+|style|href|src)=", page)


def test_it_has_the_figures_the_charts_the_matrix_and_every_trial(report: SuiteReport) -> None:
    page = report_html(report)
    charts = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(charts) == 2
    for chart in charts:
        ElementTree.fromstring(chart)
    assert "improvement" in page
    assert page.count("<tr><td>✓") == 20
    assert page.count("<tr><td>✗") == 20
    assert "mocks only" in page


def test_what_was_called_first_is_learned_and_told_everywhere(report: SuiteReport) -> None:
    assert "look: always find first (20 of 20)" in report_markdown(report)
    (learned,) = report_document(report)["called_first"]
    assert (learned["expected"], learned["before"], learned["times"]) == ("look", "find", 20)
