"""G10 · Keys never leave the key store: twelve canaries through answers and faults, then a search of what is left."""

import base64
import json
import logging
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.formats import FORMATS, Format
from tests.contract.misbehaving_server import Answer, MisbehavingServer, Received
from tests.support.history_file import everything_in
from tests.support.projects import make_project
from tests.support.runs import PushedClock
from tests.support.tally import counted
from tests.support.wire_answers import WireCall, wire_answer
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.cli.main import main
from workbench.core.approval import ALLOW_ALL
from workbench.core.event import encode_event
from workbench.providers.registry import WIRES

SPECS = {wire.wire_format: f"{wire.prefixes[0]}:m" for wire in WIRES}
NAMES = {wire.wire_format: wire.key_name for wire in WIRES}
JSON_BODY = (("content-type", "application/json"),)
CODE = """\
import sys


def touch(mark):
    print("printed", mark)
    print("complained", mark, file=sys.stderr)
    if mark.startswith("raise"):
        raise ValueError(mark)
    return {"left": mark, "as": [mark]}


def look(at="here"):
    return at
"""

every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))
pytestmark = [pytest.mark.timeout(600), pytest.mark.log_expected]


def canary(number: int) -> str:
    return f"sk-canary{number:02d}-Zx9qW7-{'abcdefghijkl'[number - 1] * 12}"


def traces_of(key: str) -> list[bytes]:
    """What would give the key away, in the dresses a file or a page may hold it in."""
    middle = key[4:-4].encode()
    shifted = [base64.b64encode(b"\0" * n + key.encode()).decode()[4:-8].encode() for n in range(3)]
    return [key.encode(), middle, *shifted]


def answers(form: Format) -> dict[str, tuple[str, Callable[[Received], Answer]]]:
    """By name: the prompt, and what the server makes of the request. Keys come from everywhere."""

    def says(text: str = "", *calls: WireCall) -> Answer:
        return Answer(body=b"".join(wire_answer(form.wire_format, text, calls)))

    def then(first: Answer) -> Callable[[Received], Answer]:
        waiting = [first]
        return lambda _: waiting.pop() if waiting else says("Done.")

    def echo(status: int) -> Callable[[Received], Answer]:
        def answer(received: Received) -> Answer:
            sent = " ".join(received.headers.values())
            error = {"type": "error", "error": {"type": "x", "message": f"Incorrect key: {sent}", "code": sent}}
            return Answer(status, json.dumps(error).encode(), (*JSON_BODY, ("x-echo", sent)))

        return answer

    def call(value: str, tool: str = "touch") -> Callable[[Received], Answer]:
        return then(says("", WireCall(tool, json.dumps({"mark": value}))))

    basic = base64.b64encode(f"user:{canary(8)}".encode()).decode()
    return {
        "the key itself, echoed by a refusal": ("Go.", echo(401)),
        "the key itself, echoed by a failing server": ("Go.", echo(500)),
        "the key itself, echoed in words": ("Go.", lambda r: says(f"You sent {' '.join(r.headers.values())}")),
        "a key in the prompt": (f"My key is {canary(2)}.", lambda _: says("I see.")),
        "a key in an answer": ("Go.", lambda _: says(f"Use {canary(3)}.")),
        "a key in arguments and results": ("Go.", call(canary(4))),
        "a key in an address": ("Go.", call(f"https://x.example/?key={canary(5)}&y=1")),
        "a key in an exception": ("Go.", call(f"raise {canary(6)}")),
        "a key in the name of a tool": ("Go.", call("a", f"touch_{canary(7)}")),
        "a key in a header, in base64": ("Go.", call(f"Authorization: Basic {basic}")),
        "a key in arguments that are broken": ("Go.", then(says("", WireCall("touch", '{"mark": "' + canary(9))))),
        "a key in an answer cut off": (
            "Go.",
            lambda _: Answer(body=b"".join(wire_answer(form.wire_format, f"It is {canary(10)} and")[:-2])),
        ),
        "a key in what is no answer": ("Go.", lambda _: Answer(body=f"<html>{canary(11)}</html>".encode())),
        "a key in an event that is no JSON": ("Go.", lambda _: Answer(body=f"data: {{{canary(12)}\n\n".encode())),
    }


async def live(form: Format, project: Path, home: Path, prompt: str, answer: Callable[[Received], Answer]) -> str:
    """One conversation in a session that knows all twelve keys; what a failure would print is given back."""
    session = Session(project, folders=UserFolders(home, home, home), trust_for_now=True, clock=PushedClock())
    session.keys.remember(NAMES[form.wire_format], canary(1))
    for number in range(2, 13):
        session.keys.remember(f"KEY_{number}", canary(number))
    told = ""
    with MisbehavingServer(answer) as server:
        base = server.root + form.base_suffix
        options = RunOptions(model=SPECS[form.wire_format], base_url=base, policy=ALLOW_ALL, instructions=canary(2))
        run = session.runs.start(prompt, options)
        try:
            await run.finished()
        except Exception:  # noqa: BLE001 — door: what an exception shows is part of the search
            told = traceback.format_exc()
        told += "\n".join(session.redactor.text(encode_event(event).decode()) for event in run.log)
    await session.close()
    return told


@every_format
async def test_no_key_is_found_in_anything_a_conversation_leaves_behind(
    form: Format, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with counted("G10", f"canary keys, {form.wire_format}: database, log, events, tracebacks") as tally:
        for number, (name, (prompt, answer)) in enumerate(answers(form).items()):
            folder = tmp_path / f"{number}"
            project, home = make_project(folder / "p", code=CODE), folder / "home"
            caplog.clear()
            told = await live(form, project, home, prompt, answer)
            left = told.encode() + caplog.text.encode()
            left += b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
            left += everything_in(project / ".workbench" / "runs.sqlite")
            with tally.case(name):
                for key_number in range(1, 13):
                    for trace in traces_of(canary(key_number)):
                        assert trace not in left, f"key {key_number} is in what was left: {where(trace, left)}"
                for path in (project / ".workbench").glob("runs.sqlite*"):
                    assert path.stat().st_mode & 0o077 == 0, f"{path.name} can be read by others"
                assert b"[key" in left, "no key came by, so nothing was shown"


def where(trace: bytes, left: bytes) -> str:
    at = left.index(trace)
    return repr(left[max(0, at - 60) : at + len(trace) + 20])


@every_format
def test_no_key_is_printed_by_the_command_line(
    form: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(NAMES[form.wire_format], canary(1))
    with counted("G10", f"canary keys, {form.wire_format}: what the command line prints and exports") as tally:
        for number, (name, (prompt, answer)) in enumerate(answers(form).items()):
            if "the key itself" not in name or "500" in name or "failing" in name:
                continue
            project = make_project(tmp_path / f"{number}", code=CODE)
            with MisbehavingServer(answer) as server:
                order = ["run", str(project), prompt, "--model", SPECS[form.wire_format]]
                order += ["--base-url", server.root + form.base_suffix, "--approve", "all", "--trust"]
                for way in ([], ["--json"]):
                    main([*order, *way], lambda folder: 0)
            for command in (["show", "last"], ["show", "last", "--json"], ["runs"]):
                main([command[0], str(project), *command[1:]], lambda folder: 0)
            main(["doctor"], lambda folder: 0)
            printed = capsys.readouterr()
            with tally.case(name):
                for trace in traces_of(canary(1)):
                    assert trace not in (printed.out + printed.err).encode()
                assert "[key" in printed.out + printed.err
