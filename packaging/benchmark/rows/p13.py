"""P13: how long the command line takes to start."""

from collections.abc import Iterator
from pathlib import Path

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged
from benchmark.programs.bench_project import write_project

TITLE = "processor time of a command from its start to its end"
LEAVES_OUT = "The first start of each, which compiles byte code; reading a history, since there is none."
_COMMANDS = ((("--help",), 120), (("runs", "PROJECT"), 250))


def measure(bench: Bench) -> Iterator[Line]:
    """Beside a bare interpreter."""
    project = str(write_project(Path(bench.folder()), "http://127.0.0.1:9/v1"))
    for words, bound_ms in _COMMANDS:
        arguments = [project if word == "PROJECT" else word for word in words]
        contenders = {
            "ours": Contender("command_start", {"order": ["-m", "workbench", *arguments]}),
            "bare": Contender("command_start", {"order": ["-c", "pass"]}),
        }
        for contender in contenders.values():
            bench.run(contender)
        reports = bench.alternating(contenders)
        ours, bare = (samples(reports[name], "cpu_s", "ms", scale=1000) for name in ("ours", "bare"))
        what = f"workbench {' '.join(words)}: {TITLE}"
        yield judged("P13", what, ours, Goal("≤", bound_ms, "ms"), ours=ours, other=f"python -c pass {bare}")
