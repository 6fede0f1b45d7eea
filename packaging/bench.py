"""The measurements that the README quotes: how long a person waits for what.

python packaging/bench.py          each line is the best of several tries, in milliseconds
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TRIES = 5
PROMPT = "What is the weather in Tokyo and London?"
LOCAL = ("--model", "local", "--approve", "all", "--trust", "--json")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as home:
        environment = {**os.environ, "HOME": home, "QT_QPA_PLATFORM": "offscreen"}

        def python(*arguments: str) -> Callable[[], None]:
            order = [sys.executable, *arguments]
            return lambda: check(order, environment, home)

        show("Python itself", python("-c", "pass"))
        show("the command line, until it has said --help", python("-m", "workbench", "--help"))
        show("importing the window", python("-c", "import workbench.gui.app"))
        check([sys.executable, "-m", "workbench", "new", "desk", "--sample", "weather-desk"], environment, home)
        show(
            "the sample conversation: two calls, local model", python("-m", "workbench", "run", "desk", PROMPT, *LOCAL)
        )
        show("the list of its runs", python("-m", "workbench", "runs", "desk"))


def show(name: str, act: Callable[[], None]) -> None:
    times = []
    for _ in range(TRIES):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    print(f"{name:<50} {min(times):>8.0f} ms", flush=True)


def check(order: list[str], environment: dict[str, str], folder: str) -> None:
    done = subprocess.run(order, env=environment, cwd=Path(folder), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"✗ {' '.join(order)} ended with {done.returncode}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
