"""What `make test` runs: every test, in several processes, and beside them the checks of `check.py`.

    python packaging/run_tests.py [ARGUMENT …]         the arguments are pytest's; with any, the checks are left out
    python packaging/run_tests.py quick [ARGUMENT …]   only tests that need no window and start no process

The checks speak only when one fails, after pytest's closing line. Exit code: pytest's, or 1 for a failed check.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
# One more than there are cores: tests with windows and child processes wait half of their time.
PROCESSES = (os.cpu_count() or 1) + 1
PYTEST = (sys.executable, "-m", "pytest", f"--numprocesses={PROCESSES}", "--dist=worksteal")
QUICK = (
    *("-p", "tests.support.quick", "-p", "no:pytest-qt", "-m", "not child_process and not local_model"),
    *("tests/unit", "tests/flows", "tests/contract"),
)
CHECKS = (sys.executable, str(PROJECT / "packaging" / "check.py"))


def main(arguments: list[str]) -> int:
    match arguments:
        case []:
            return _test_and_check()
        case ["quick", *rest]:
            return _run([*PYTEST, *QUICK, *rest])
        case _:
            return _run([*PYTEST, *arguments])


def _test_and_check() -> int:
    with subprocess.Popen(
        CHECKS, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as checks:
        code = _run(PYTEST)
        said, _ = checks.communicate()
    if checks.returncode:
        print(said, end="")
    return code or checks.returncode


def _run(order: Sequence[str]) -> int:
    # The child processes of the tests start faster when what they import is compiled only once.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(order, cwd=PROJECT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
