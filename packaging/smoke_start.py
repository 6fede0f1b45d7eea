"""Does a built program start, find its resources, have the sample conversation, and open its window?

python packaging/smoke_start.py PROGRAM          exit code 1 and the reason when it does not
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PROMPT = "What is the weather in Tokyo and London?"
PATIENCE_S = 300  # a limit for what hangs, not a measure: the local model is slow on a busy machine
WINDOW_STAYS_S = 5


def main(program: str) -> int:
    with tempfile.TemporaryDirectory(prefix="workbench-smoke-") as home:
        try:
            version(program, home)
            sample_conversation(program, home)
            window(program, home)
        except (AssertionError, subprocess.TimeoutExpired) as reason:
            print(f"✗ {program}: {reason}")
            return 1
    return 0


def version(program: str, home: str) -> None:
    done = run(program, home, "doctor")
    expect(done.returncode == 0, "doctor finds something missing", done)
    built = str(Path(program).parents[1])
    expect("weather-desk" in done.stdout and built in done.stdout, "the samples are not those that were built in", done)
    report("starts, and finds its resources")


def sample_conversation(program: str, home: str) -> None:
    """Two calls of get_weather, carried out in child processes of the program itself."""
    project = str(Path(home) / "desk")
    made = run(program, home, "new", project, "--sample", "weather-desk")
    expect(made.returncode == 0, "the sample project could not be made", made)
    done = run(program, home, "run", project, PROMPT, *["--model", "local", "--approve", "all", "--trust", "--json"])
    expect(done.returncode == 0, "the sample conversation did not end with an answer", done)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    settled = [event for event in events if event["kind"] == "tool_call.settled"]
    outcomes = [(tool_of(events, event["call_id"]), event["outcome"]) for event in settled]
    expect(outcomes == [("get_weather", "ok")] * 2, f"the calls ended as {outcomes}", done)
    report("has the sample conversation: two calls of get_weather")


def tool_of(events: list[dict[str, Any]], call_id: str) -> str:
    tools = [event["tool"] for event in events if event["kind"] == "tool_call.proposed" and event["call_id"] == call_id]
    return str(tools[0]) if tools else "nothing"


def window(program: str, home: str) -> None:
    """It opens, stays until it is asked to end, and ends."""
    with subprocess.Popen(
        [program],
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            process.communicate(timeout=WINDOW_STAYS_S)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            try:
                output, complaints = process.communicate(timeout=PATIENCE_S)
            finally:
                process.kill()
        else:
            raise AssertionError(f"the window closed by itself with {process.returncode}")
    done = subprocess.CompletedProcess([program], process.returncode, output, complaints)
    expect("Traceback" not in complaints, "the window left a traceback", done)
    expect(process.returncode in (0, 130), f"the window ended with {process.returncode}", done)
    report("opens its window, and ends when asked to")


def run(program: str, home: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    order = [program, *arguments]
    return subprocess.run(
        order,
        env=environment(home),
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )


def environment(home: str) -> dict[str, str]:
    """A home of its own, and no Python on the way that the program could lean on."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "XDG_", "VIRTUAL_ENV"))
    }
    return {**clean, "HOME": home, "QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"}


def expect(holds: bool, reason: str, done: "subprocess.CompletedProcess[str]") -> None:
    if not holds:
        raise AssertionError(f"{reason}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")


def report(text: str) -> None:
    print(f"  ✓ {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(str(Path(sys.argv[1]).resolve())))
