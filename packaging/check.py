"""Everything that is checked without running the program: lint, format, types, floors, words, commit subjects.

    python packaging/check.py        all of it side by side; one line each, and what the failed ones say

Exit code 1 when any check fails.
"""

import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CHECKS: dict[str, tuple[str, ...]] = {
    "types": (str(BIN / "mypy"),),  # takes longest
    "floors": (str(BIN / "lint-imports"), "--no-logo"),
    "words and commits": (sys.executable, str(PROJECT / "packaging" / "house_words.py")),
    "lint": (str(BIN / "ruff"), "check", "."),
    "format": (str(BIN / "ruff"), "format", "--check", "."),
}


def main() -> int:
    began = time.monotonic()
    started = {
        name: subprocess.Popen(order, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        for name, order in CHECKS.items()
    }
    failed = 0
    for name, process in started.items():
        said, _ = process.communicate()
        if process.returncode:
            failed += 1
            print(f"✗ {name}\n{said.rstrip()}")
        else:
            print(f"✓ {name}")
    print(f"{len(started) - failed} of {len(started)} checks passed in {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
