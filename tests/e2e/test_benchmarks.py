"""The benchmarks still run: each row with as little work as it can be told to do. Nothing is said about speed.

Their programs are forks here, which have imported the workbench already.
"""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from benchmark.bench import Bench
from benchmark.rows import all_rows

from tests.support.forked import run_module

pytestmark = pytest.mark.child_process
ROWS = all_rows()


class ForkedBench(Bench):
    """Starts programs at once."""

    def start(self, python: str, module: str, order: str) -> "subprocess.CompletedProcess[str]":
        return run_module(module, [order], self.environment)


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with ForkedBench(rounds=1, share=0.01, peers_python=sys.executable) as opened:
        yield opened


@pytest.mark.parametrize("name", ROWS)
def test_a_row_can_be_measured(bench: Bench, name: str) -> None:
    lines = list(ROWS[name].measure(bench))
    assert lines
    assert all(line.verdict or line.ours or line.figure for line in lines)
    assert {line.what for line in lines if line.verdict == "skipped" and "not installed" not in line.figure} <= {
        "500 cases, 32 at once: cases a second",
        "its peak memory",
    }


@pytest.mark.parametrize("name", ROWS)
def test_a_row_says_what_it_leaves_out(name: str) -> None:
    assert ROWS[name].TITLE
    assert ROWS[name].LEAVES_OUT.endswith(".")
