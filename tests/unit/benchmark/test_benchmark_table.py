"""What the benchmarks write, and when they refuse to."""

import os
from pathlib import Path

import pytest
from benchmark import document, machine
from benchmark.figure import Goal, Line, Samples, failed, judged
from benchmark.rows import all_rows, is_asked_for
from benchmark.table import in_markdown

PROJECT = Path(__file__).resolve().parents[3]


def test_the_readme_quotes_the_last_table_and_nothing_else() -> None:
    assert document.between(PROJECT / "README.md", document._QUOTED) == document.quoted(PROJECT)


def test_writing_replaces_the_table_and_the_quotes_and_nothing_around_them(tmp_path: Path) -> None:
    for name, (begin, end) in (("BENCHMARKS.md", document._TABLE), ("README.md", document._QUOTED)):
        (tmp_path / name).write_text(f"before\n{begin}old\n{end}after\n", "utf-8")
    line = judged("P1", "cost", Samples((0.5, 0.7), "×"), Goal("≤", 0.6, "×"), ours="5 ms", other="bare 10 ms")
    document.write(tmp_path, [line], "a machine", {"P1": "The start."})
    table = (tmp_path / "BENCHMARKS.md").read_text("utf-8")
    assert table.startswith("before\n")
    assert table.endswith("after\n")
    assert "* P1: The start." in table
    assert "old" not in table
    assert "| P1 | cost | bare 10 ms | 0.60 × (0.50–0.70) |" in (tmp_path / "README.md").read_text("utf-8")


def test_a_row_that_failed_says_so_in_the_table() -> None:
    assert "| **failed** |" in in_markdown([failed("P1", "cost", "Traceback\nValueError: a | b")])
    assert "ValueError: a / b" in in_markdown([failed("P1", "cost", "Traceback\nValueError: a | b")])


def test_each_line_says_what_other_programs_took() -> None:
    assert in_markdown([Line("P1", "cost", others="0.25")]).endswith("| 0.25 |")


def test_the_machine_is_not_quiet_while_its_load_stays_high(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (1.5, 0.0, 0.0))
    assert not machine.is_quiet(patience_s=0)
    monkeypatch.setattr(os, "getloadavg", lambda: (0.9, 2.0, 2.0))
    assert machine.is_quiet(patience_s=0)


def test_what_this_process_does_is_not_counted_as_another_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    stat = "cpu  {} 0 0 9000 0 0 0 0 0 0\n"
    ticks = os.sysconf("SC_CLK_TCK")
    times = os.times_result((1.0, 0.0, 2.0, 0.0, 0.0))
    monkeypatch.setattr(os, "times", lambda: times)
    monkeypatch.setattr(Path, "read_text", lambda self, encoding: stat.format(10 * ticks))
    assert machine.Others()._busy == 7.0


def test_rows_are_found_by_their_files_the_numbered_ones_first() -> None:
    names = list(all_rows())
    numbers = [name for name in names if name.startswith("P") and name[1].isdigit()]
    assert names[: len(numbers)] == numbers
    assert numbers[:2] == ["P1", "P2"]
    assert numbers.index("P9") < numbers.index("P10")


def test_rows_are_asked_for_by_name_or_by_a_part_of_it() -> None:
    assert is_asked_for("GROWTH-HISTORY", "growth")
    assert is_asked_for("P6-P7", "p7")
    assert not is_asked_for("P10", "p1")
