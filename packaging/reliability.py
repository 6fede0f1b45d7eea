"""Tries what the house promises about reliability and prints how much of it survived, goal by goal.

python packaging/reliability.py              everything, about ten minutes
python packaging/reliability.py --quick      the same with fewer kills, interleavings and stops, about three
python packaging/reliability.py --goal G7    one goal (repeatable)
python packaging/reliability.py --out FILE   the table as a file too

Each number comes from the tests named beside it. A goal whose part of the program is not there yet says so.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

PROJECT = Path(__file__).resolve().parents[1]
LIMIT_S = 1_500


@dataclass(frozen=True)
class Part:
    """Something that is tried for a goal. `counts`: the tests count for themselves; otherwise their cases are counted.

    `choose` is what pytest's `-k` takes.
    """

    tests: str
    choose: str = ""
    counts: bool = False
    what: str = ""


@dataclass(frozen=True)
class Goal:
    """A promise, and what tries it. `missing` is what nobody tries yet, in words."""

    name: str
    promise: str
    parts: tuple[Part, ...] = ()
    missing: str = ""


@dataclass
class Count:
    """What came of a part."""

    what: str
    tried: int
    survived: int
    command: str
    seconds: float
    remarks: list[str] = field(default_factory=list)


def counted(file: str) -> Part:
    """Tests in tests/reliability that count for themselves."""
    return Part(f"tests/reliability/{file}", counts=True)


GOALS = (
    Goal("G1", "kill -9 loses nothing committed", (counted("test_kills.py"),)),
    Goal("G2", "an interrupted side effect never happens twice", (counted("test_kills.py"),)),
    Goal("G3", "every fault ends in a typed error and a conversation that goes on", (counted("test_chaos.py"),)),
    Goal(
        "G4",
        "recorded conversations are read right",
        (
            Part("tests/contract/test_recordings.py", what="recordings, re-chunked, cut, disturbed"),
            Part("tests/contract/test_answer_faults.py", what="answers with one fault each"),
        ),
    ),
    Goal("G5", "nothing unvalidated runs", (counted("test_fuzzed_arguments.py"),)),
    Goal("G6", "hostile schemas are contained", (counted("test_hostile_schemas.py"),)),
    Goal("G7", "an approval cannot be got around", (counted("test_approval_interleavings.py"),)),
    Goal(
        "G8",
        "replays are inert",
        (
            counted("test_inert_replays.py"),
            Part("tests/flows/test_reruns.py", what="reruns with sockets blocked"),
        ),
    ),
    Goal(
        "G9",
        "trust is bound to content",
        (
            counted("test_bound_grants.py"),
            Part("tests/unit/core/test_grant.py", "any_change", what="20 kinds of change × 3 bindings"),
            Part(
                "tests/unit/app/mcp/test_mcp_servers.py", what="MCP servers: approved whole, asked again when changed"
            ),
        ),
    ),
    Goal(
        "G10",
        "keys never leave the key store",
        (counted("test_canaries.py"), counted("window/test_canaries_window.py")),
        missing="arguments in the box of Edit are shown as they will run, keys and all",
    ),
    Goal("G11", "the local service refuses strangers", (counted("test_service.py"),)),
    Goal("G12", "opening a project runs nothing", (counted("test_hostile_projects.py"),)),
    Goal(
        "G13",
        "hostile text is inert",
        (
            counted("test_hostile_text.py"),
            counted("window/test_hostile_window.py"),
            Part("tests/gui/conversation/test_markdown_view.py", what="Markdown in the chat"),
            Part("tests/gui/kit/test_plain_view.py", what="plain text in the window"),
        ),
    ),
    Goal(
        "G14",
        "MCP in its breadth",
        (
            counted("test_mcp_breadth.py"),
            Part("tests/e2e/test_mcp_servers.py", what="real MCP servers through a whole run"),
        ),
    ),
    Goal(
        "G15",
        "the schema editor keeps the meaning",
        (
            counted("test_schema_suite.py"),
            Part("tests/unit/viewmodels/schema_editor", what="edits, undone and redone, in any order"),
        ),
    ),
    Goal(
        "G22",
        "nothing is cut off at any size",
        (Part("tests/gui/window/test_any_size.py", what="all pages, at five sizes"),),
    ),
    Goal(
        "G21",
        "what holds for any input holds for many",
        (
            Part("tests/unit", "hypothesis", what="properties, each with hundreds of inputs"),
            Part("tests/unit/core/statistics/test_false_alarms.py", what="verdicts about chance alone"),
        ),
    ),
    Goal(
        "G16",
        "the matcher agrees with the public one",
        (counted("test_bfcl_agreement.py"),) if find_spec("bfcl_eval") else (),
        missing="" if find_spec("bfcl_eval") else "not tried here: it needs the package `bfcl-eval`",
    ),
    Goal("G23", "a cluster loses and doubles no trial", (counted("test_cluster.py"),)),
    Goal("G17", "Stop stops", (counted("test_stopping.py"),)),
    Goal("G18", "trouble with the disk loses nothing", (counted("test_disk_trouble.py"),)),
    Goal(
        "G19",
        "odd but real answers are read right, and nothing else in them runs",
        (
            counted("test_odd_answers.py"),
            Part("tests/contract/test_any_answer.py", what="any JSON, recorded, read again and sent on"),
            Part("tests/contract/test_sent_back.py", what="what goes back is acceptable"),
        ),
    ),
    Goal(
        "G20",
        "the local model does on the samples what the guide says",
        (
            Part("tests/e2e/test_the_walk.py", what="the walk of the guide, with all tools of the shop"),
            Part("tests/unit/samples/test_samples_with_the_local_model.py", what="what both samples say it chooses"),
            Part("tests/gui/tour", "real", what="the guided tour in the window"),
            Part("tests/unit/providers/test_local_adapter.py", what="its engine behind the adapter"),
        ),
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Tries what the house promises, and counts what survives.")
    parser.add_argument("--quick", action="store_true", help="fewer cases of everything that is random")
    parser.add_argument("--goal", action="append", default=[], metavar="G", help="only this goal (repeatable)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table there as well")
    parsed = parser.parse_args()
    fetch_schema_suite()
    chosen = [goal for goal in GOALS if not parsed.goal or goal.name in parsed.goal]
    begun = time.perf_counter()
    done: dict[Part, list[tuple[str, Count]]] = {}
    lines = []
    is_well = True
    for goal in chosen:
        found = [pair for part in goal.parts for pair in tried(part, done, parsed.quick)]
        counts = [count for name, count in found if name in ("", goal.name)]
        is_well &= all(count.tried == count.survived for count in counts)
        for line in rows(goal, counts):
            lines.append(line)
            print(line, flush=True)
    scale = "quick" if parsed.quick else "full"
    last = f"{scale} run, {time.perf_counter() - begun:.0f} s, Python {sys.version.split()[0]} on {sys.platform}"
    print(last)
    if parsed.out:
        parsed.out.parent.mkdir(parents=True, exist_ok=True)
        parsed.out.write_text("\n".join([*lines, last, ""]), encoding="utf-8")
    return 0 if is_well else 1


def fetch_schema_suite() -> None:
    """The public schema suite comes with the source archive of jsonschema; without it, G15 has only our own schemas."""
    folder = PROJECT / "build" / "schema-suite"
    if any(folder.glob("jsonschema-*.tar.gz")):
        return
    order = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", f"--dest={folder}"]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run([*order, "jsonschema==4.26.0"], capture_output=True, timeout=180, check=False)
    if not any(folder.glob("jsonschema-*.tar.gz")):
        print("The public schema suite could not be fetched: G15 goes without it.", flush=True)


def rows(goal: Goal, counts: list[Count]) -> Iterator[str]:
    """The lines of one goal: the sum, then each part with its command."""
    tried_sum, survived = sum(count.tried for count in counts), sum(count.survived for count in counts)
    if counts:
        mark = "✓" if tried_sum == survived else "✗"
        yield f"{mark} {goal.name:<4} {goal.promise:<70} tried {tried_sum:>6,}  survived {survived:>6,}"
    else:
        yield f"– {goal.name:<4} {goal.promise:<70} {goal.missing or 'nothing was tried here'}"
        return
    for count in counts:
        yield f"         {count.survived:>6,} of {count.tried:>6,}  {count.what} · {count.seconds:.0f} s"
        yield from (f"                           {remark}" for remark in count.remarks)
    for command in dict.fromkeys(count.command for count in counts):
        yield f"         $ {command}"
    if goal.missing:
        yield f"         not tried: {goal.missing}"


def tried(part: Part, done: dict[Part, list[tuple[str, Count]]], is_quick: bool) -> list[tuple[str, Count]]:
    """Pairs of goal ("" for the asking one) and count; each part runs once."""
    if part not in done:
        done[part] = list(_tried(part, is_quick))
    return done[part]


def _tried(part: Part, is_quick: bool) -> Iterator[tuple[str, Count]]:
    scale = "quick" if is_quick else "full"
    order = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", part.tests]
    order += ["-k", part.choose] if part.choose else []
    shown = f"WORKBENCH_SCALE={scale} pytest {part.tests}" + (f" -k {part.choose}" if part.choose else "")
    if not (PROJECT / part.tests).exists():
        return
    with tempfile.TemporaryDirectory(prefix="workbench-tally-") as folder:
        tallies, report = Path(folder) / "tallies", Path(folder) / "report.xml"
        environment = {
            **os.environ,
            "WORKBENCH_SCALE": scale,
            "WORKBENCH_TALLY": str(tallies),
            "QT_QPA_PLATFORM": "offscreen",
        }
        begun = time.perf_counter()
        order.append(f"--junitxml={report}")
        try:
            ran = subprocess.run(order, cwd=PROJECT, env=environment, capture_output=True, timeout=LIMIT_S, check=False)
        except subprocess.TimeoutExpired:  # the other goals are tried all the same
            late = [f"✗ not done after {LIMIT_S} s"]
            yield "", Count(part.what or part.tests, 1, 0, shown, time.perf_counter() - begun, late)
            return
        took = time.perf_counter() - begun
        told = [json.loads(line) for line in tallies.read_text("utf-8").splitlines()] if tallies.exists() else []
        cases = cases_of(report)
    for line in told if part.counts else ():
        remarks = [*line["notes"], *(f"✗ {text}" for text in line["failures"])]
        yield line["goal"], Count(line["what"], line["tried"], line["survived"], shown, line["seconds"], remarks)
    is_told = ran.returncode == 0 or any(line["tried"] > line["survived"] for line in told)
    if not part.counts or not is_told:
        passed, failed = cases
        remarks = [f"✗ {name}" for name in failed[:5]]
        yield "", Count(part.what or part.tests, passed + len(failed), passed, shown, took, remarks)


def cases_of(report: Path) -> tuple[int, list[str]]:
    """How many cases of a pytest report passed, and the names of those that did not. Skipped ones are not counted."""
    if not report.exists():
        return 0, ["the tests did not start"]
    passed, failed = 0, []
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(f"{case.get('classname')}::{case.get('name')}")
        elif case.find("skipped") is None:
            passed += 1
    return passed, failed


if __name__ == "__main__":
    sys.exit(main())
