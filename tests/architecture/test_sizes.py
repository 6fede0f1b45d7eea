"""A file can be read in one sitting."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"
MOST_LINES = 400


def test_no_file_of_the_product_is_longer_than_a_person_reads_in_one_go() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {path.relative_to(PACKAGE): count for path, count in lines.items() if count > MOST_LINES} == {}
