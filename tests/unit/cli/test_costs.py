"""What the command line says about costs."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.costs.cost_estimate import CostEstimate
from workbench.app.costs.prices import BUILT_IN
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_report import RunReport
from workbench.cli.main import main
from workbench.core.event import RunFinished, decode_event
from workbench.core.json_text import JsonObject
from workbench.core.price import PriceList

USAGE: JsonObject = {"input_tokens": 100_000, "output_tokens": 10_000, "cached_tokens": 20_000}
PRICES = '[[price]]\nmodel = "scripted:*"\ninput = 2\ncached_input = 0.5\noutput = 10\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    look: JsonObject = {"tool": "look", "arguments": {}}
    return make_project(tmp_path / "marks", {"calls": [look], "usage": USAGE}, {"text": "Done.", "usage": USAGE})


def price(text: str) -> None:
    file = UserFolders.of_this_user().config / "prices.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_a_run_says_what_it_cost_and_so_does_each_round(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    price(PRICES)
    main(["run", str(project), "Look.", "--approve", "all", "--trust"], lambda _: 99)
    out = capsys.readouterr().out
    assert "220,000 tokens (40,000 cached) · $0.5400" in out
    assert out.count("110,000 tokens · $0.2700") == 2
    main(["show", str(project), "last"], lambda _: 99)
    assert "(40,000 cached) · $0.5400" in capsys.readouterr().out


def test_the_last_json_line_of_a_run_has_the_exact_cost_and_is_still_the_event(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    price(PRICES)
    main(["run", str(project), "Look.", "--approve", "all", "--trust", "--json"], lambda _: 99)
    line = capsys.readouterr().out.splitlines()[-1]
    assert Decimal(json.loads(line)["cost"]["dollars"]) == Decimal("0.54")
    assert isinstance(decode_event(line), RunFinished)
    main(["show", str(project), "last", "--json"], lambda _: 99)
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["cost"] == json.loads(line)["cost"]


def test_comparisons_say_what_runs_cost(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    price(PRICES)
    main(["run", str(project), "Look.", "--approve", "all", "--trust"], lambda _: 99)
    capsys.readouterr()
    main(["compare", str(project), "last", "last", "--json"], lambda _: 99)
    runs = json.loads(capsys.readouterr().out)["comparison"]["runs"]
    assert [Decimal(run["cost"]["dollars"]) for run in runs] == [Decimal("0.54"), Decimal("0.54")]
    main(["compare", str(project), "last", "last"], lambda _: 99)
    assert "0\\.5400" in capsys.readouterr().out


def test_an_unknown_price_is_said_to_be_unknown_and_a_free_model_to_cost_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["run", str(project), "Look.", "--approve", "all", "--trust", "--json"], lambda _: 99)
    events = [decode_event(line) for line in capsys.readouterr().out.splitlines()]
    unknown, free = RunReport(), RunReport(PriceList(BUILT_IN))
    assert "price unknown" in [line.text for event in events for line in unknown.lines(event)][-1]
    assert " · $0 · " in [line.text for event in events for line in free.lines(event)][-1]


def test_quotes_add_up_and_do_not_guess_a_price() -> None:
    estimate = CostEstimate(5, 1000, 100, 2.0, Decimal("0.01"))
    assert "≈ $0.0200" in str(estimate + estimate)
    assert "price unknown" in str(estimate + CostEstimate(1, 10, 10, None))
