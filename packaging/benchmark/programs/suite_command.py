"""A suite of cases as somebody runs it: one command from its start to its end, ours or a peer's.

Each case is one request with a text answer of 64 tokens, which is checked and stored.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmark.programs.cost import order, report
from benchmark.programs.weather import MODEL

_AT_ONCE = 32
_INSPECT = """\
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import includes
from inspect_ai.solver import generate

@task
def cases():
    samples = [Sample(input=f"Say something about {number}.", target="word7") for number in range(COUNT)]
    return Task(dataset=MemoryDataset(samples), solver=[generate()], scorer=includes())
"""


def ours(told: Any, folder: Path) -> list[str]:
    """The workbench: a call would be wrong."""
    from benchmark.programs.bench_project import write_project, write_suite

    project = write_project(folder, told["url"])
    write_suite(project, told["cases"])
    order = ["suite", "run", str(project), "cases", "--concurrency", str(_AT_ONCE), "--json"]
    return [sys.executable, "-m", "workbench", *order]


def promptfoo(told: Any, folder: Path) -> list[str]:
    """promptfoo, with its results in its own database."""
    provider = {"id": f"openai:chat:{MODEL}", "config": {"apiBaseUrl": told["url"], "apiKey": "none"}}
    config = {
        "prompts": ["Say something about {{number}}."],
        "providers": [provider],
        "tests": [
            {"vars": {"number": str(number)}, "assert": [{"type": "contains", "value": "word7"}]}
            for number in range(told["cases"])
        ],
    }
    path = folder / "promptfooconfig.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    flags = ["-j", str(_AT_ONCE), "--no-cache", "--no-progress-bar", "--no-table"]
    return [told["peer"], "eval", "-c", str(path), *flags]


def inspect(told: Any, folder: Path) -> list[str]:
    """Inspect, with its log in a file."""
    (folder / "cases.py").write_text(_INSPECT.replace("COUNT", str(told["cases"])), encoding="utf-8")
    flags = ["--model", f"openai/{MODEL}", "--model-base-url", told["url"], "--max-connections", str(_AT_ONCE)]
    flags += ["--max-samples", str(_AT_ONCE), "--display", "none", "--log-dir", str(folder / "logs")]
    return [told["peer"], "-m", "inspect_ai", "eval", "cases.py", *flags]


def main() -> None:
    """Measure as ordered."""
    told = order()
    folder = Path(told["folder"])
    command = {"ours": ours, "promptfoo": promptfoo, "inspect": inspect}[told["who"]](told, folder)
    environment = {
        **os.environ,
        "OPENAI_API_KEY": "none",
        "PROMPTFOO_CONFIG_DIR": str(folder),
        "PROMPTFOO_DISABLE_TELEMETRY": "1",
        "PROMPTFOO_DISABLE_UPDATE": "1",
        "WORKBENCH_HOME": str(folder / "home"),
    }
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    wall_s = time.perf_counter() - begun
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    per_mb = 2**20 if sys.platform == "darwin" else 2**10
    report(wall_s=wall_s, cpu_s=used.ru_utime + used.ru_stime, peak_mb=used.ru_maxrss / per_mb)


if __name__ == "__main__":
    main()
