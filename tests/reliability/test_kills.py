"""G1 and G2 · A kill at any moment loses nothing that was acknowledged, and nothing that started happens twice."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import _environment
from tests.support.tally import Tally, counted, size

ROOT = Path(__file__).parents[2]
RESTART_S = 2.0
LOSSES = ("lost", "torn", "gaps", "unfinished", "not_asked_again", "broken")
REPEATS = ("started_twice", "effects_twice", "unapproved", "left_open", "wrong_outcomes", "broken")

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork"),
    pytest.mark.timeout(900),
]


def verdicts(folder: Path, how: str, more: str = "0") -> Iterator[dict[str, Any]]:
    """What became of each run; the first one was not killed."""
    (folder / "runs").mkdir()
    ring = subprocess.run(
        [sys.executable, str(ROOT / "tests/support/kill_ring.py"), str(folder / "runs"), str(folder), how, more],
        capture_output=True,
        text=True,
        env=_environment(folder) | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert ring.returncode == 0, ring.stderr[-2000:]
    for line in ring.stdout.splitlines():
        yield json.loads(line)


def judge(verdict: dict[str, Any], losses: Tally, repeats: Tally) -> None:
    name = f"step {verdict['step']} claim {verdict['claim']} after {verdict['delay_s']} s, at {verdict.get('last')}"
    with losses.case(name):
        assert not any(verdict.get(word) for word in LOSSES), {word: verdict.get(word) for word in LOSSES}
        assert verdict.get("offered", True), "the interrupted run was not offered"
        assert verdict["restart_s"] < RESTART_S
    with repeats.case(name):
        assert not any(verdict.get(word) for word in REPEATS), {word: verdict.get(word) for word in REPEATS}


def test_a_kill_at_a_random_moment_loses_and_repeats_nothing(tmp_path: Path) -> None:
    with (
        counted("G2", "kills at random moments: effects, starts, approvals") as repeats,
        counted("G1", "kills at random moments: acknowledged events, pending questions") as losses,
    ):
        found = list(verdicts(tmp_path, str(size(4, 40, 200))))
        for verdict in found[1:]:
            judge(verdict, losses, repeats)
        moments = Counter(str(verdict.get("last")) for verdict in found[1:])
        losses.notes.append("last event before the kill: " + ", ".join(f"{kind} ×{n}" for kind, n in moments.items()))
        losses.notes.append(f"slowest restart {max(verdict['restart_s'] for verdict in found):.2f} s")
        unknown = sum("unknown" in verdict["outcomes"] for verdict in found[1:] if "outcomes" in verdict)
        repeats.notes.append(f"runs with a call left as outcome unknown: {unknown}")


def test_a_kill_at_a_step_loses_and_repeats_nothing(tmp_path: Path) -> None:
    with (
        counted(
            "G2", "a kill at each event, or at each third, and after each claim: effects, starts, approvals"
        ) as repeats,
        counted(
            "G1", "a kill at each event, or at each third, and after each claim: acknowledged, questions"
        ) as losses,
    ):
        for verdict in list(verdicts(tmp_path, "steps", str(size(3, 1, 1))))[1:]:
            judge(verdict, losses, repeats)
