"""G12 · Opening a project runs nothing: no process, no connection, no file outside of it, one declared error."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.command import _environment
from tests.support.hostile_projects import HOSTILE, make_hostile
from tests.support.projects import make_project
from tests.support.tally import counted, size
from workbench.core.errors import WorkbenchError
from workbench.store.project import load_project

ROOT = Path(__file__).parents[2]
WATCH = ROOT / "tests/support/opening_watch.py"
LIMIT_S = 20.0

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="pipes, links and devices"),
    pytest.mark.timeout(900),
]


def watched(tmp_path: Path, orders: list[dict[str, str]]) -> list[dict[str, Any]]:
    """What opening each project did, in the order given."""
    for name in ("home", "scratch"):
        (tmp_path / name).mkdir()
    done = subprocess.run(
        [sys.executable, str(WATCH), str(tmp_path / "home"), str(tmp_path / "scratch")],
        input="".join(json.dumps(order) + "\n" for order in orders),
        capture_output=True,
        text=True,
        timeout=600,
        cwd=tmp_path,
        env=_environment(tmp_path / "home") | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "scratch")},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_opening_a_hostile_project_runs_nothing_and_touches_nothing_outside(tmp_path: Path) -> None:
    orders = []
    for number, name in enumerate(HOSTILE):
        project = make_hostile(name, tmp_path / f"p{number}", tmp_path / f"o{number}")
        orders.append({"name": name, "project": str(project), "outside": str(tmp_path / f"o{number}")})
    with counted("G12", "hostile projects, each with its files as they came") as tally:
        for found in watched(tmp_path, orders):
            with tally.case(found["name"]):
                assert not found["outcome"].startswith("broke"), found["outcome"]
                for what in ("processes", "network", "outside", "code"):
                    assert not found[what], f"{what}: {found[what][:3]}"
                assert found["took_s"] < LIMIT_S
        assert not list(tmp_path.rglob("exploded")), "something exploded"


@pytest.mark.parametrize("place", ["workbench.toml", "tools/touch.json"])
def test_any_bytes_whatever_are_read_or_refused_in_the_declared_way(tmp_path: Path, place: str) -> None:
    project = make_project(tmp_path / "p")
    honest = (project / place).read_bytes()
    with counted("G12", f"arbitrary bytes as {place}") as tally:

        @settings(max_examples=size(40, 200, 1000), deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.binary(max_size=300), st.integers(0, len(honest)), st.integers(0, 60))
        def read(noise: bytes, at: int, cut: int) -> None:
            (project / place).write_bytes(noise if cut == 0 else honest[:at] + noise[:20] + honest[at + cut :])
            with tally.case(noise):
                try:
                    loaded = load_project(project)
                except WorkbenchError:
                    return
                assert all(problem.message for problem in loaded.problems)

        read()
