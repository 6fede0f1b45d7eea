"""The command line, as scripts and CI use it."""

import json
import marshal
import shlex
import signal
import subprocess
import sys
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import pytest

from tests.support.command import _environment, events, workbench
from tests.support.projects import make_project
from workbench.app.models.wires import KEY_OF_WIRE, TOOL_FORMATS

TWO_MARKS = (
    {"calls": [{"tool": "touch", "arguments": {"mark": "a"}}, {"tool": "look", "arguments": {}}]},
    {"text": "Marked."},
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def marks(folder: Path) -> list[str]:
    file = folder / "marks.txt"
    return file.read_text().split() if file.exists() else []


def test_a_run_prints_one_event_a_line_and_ends_with_its_outcome(tmp_path: Path, home: Path) -> None:
    project = make_project(tmp_path / "p", *TWO_MARKS)
    result = workbench("run", project, "Mark it.", "--approve", "all", "--trust", "--json", home=home)
    told = events(result)
    assert result.returncode == 0, result.stderr
    assert told[0]["kind"] == "run.started"
    assert {event["run_id"] for event in told} == {told[0]["run_id"]}
    assert [event["seq"] for event in told] == list(range(1, len(told) + 1))
    assert (told[-1]["kind"], told[-1]["outcome"], told[-1]["text"]) == ("run.finished", "answered", "Marked.")
    assert [event["outcome"] for event in told if event["kind"] == "tool_call.settled"] == ["ok", "ok"]
    assert marks(project) == ["a"]


def test_what_was_run_can_be_listed_and_shown_again(tmp_path: Path, home: Path) -> None:
    project = make_project(tmp_path / "p", *TWO_MARKS)
    ran = events(workbench("run", project, "Mark it.", "--approve", "all", "--trust", "--json", home=home))
    listed = events(workbench("runs", project, "--json", home=home))
    assert [row["run_id"] for row in listed] == [ran[0]["run_id"]]
    shown = workbench("show", project, ran[0]["run_id"][:10], "--json", home=home)
    assert events(shown) == ran
    words = workbench("show", project, "last", home=home).stdout
    assert "touch" in words
    assert "waterfall" not in words
    assert "round 1" in words
    assert marks(project) == ["a"]


@pytest.mark.parametrize(
    ("mode", "outcomes", "ran"),
    [
        ("all", ["ok", "ok"], ["a"]),
        ("policy", ["rejected", "ok"], []),
        ("ask", ["rejected", "ok"], []),
        ("deny", ["rejected", "rejected"], []),
    ],
)
def test_approval_without_a_person_lets_nothing_through_that_must_be_asked(
    tmp_path: Path, home: Path, mode: str, outcomes: list[str], ran: list[str]
) -> None:
    project = make_project(tmp_path / "p", *TWO_MARKS)
    result = workbench("run", project, "Mark it.", "--approve", mode, "--trust", "--json", home=home)
    by_tool = {event["call_id"]: event["outcome"] for event in events(result) if event["kind"] == "tool_call.settled"}
    assert [by_tool[call_id] for call_id in sorted(by_tool)] == outcomes
    assert marks(project) == ran


def test_code_that_is_not_trusted_does_not_run(tmp_path: Path, home: Path) -> None:
    project = make_project(tmp_path / "p", *TWO_MARKS)
    result = workbench("run", project, "Mark it.", "--approve", "all", "--json", home=home)
    assert "not trusted" in result.stderr
    assert [event["error_kind"] for event in events(result) if event["kind"] == "tool_call.settled"] == [
        "unavailable"
    ] * 2
    assert marks(project) == []


@pytest.mark.parametrize(
    ("answers", "options", "code", "ended_by"),
    [
        (({"text": "Hi."},), (), 0, "answer"),
        (tuple({"calls": [{"tool": "look"}]} for _ in range(5)), ("--max-rounds", "2"), 3, "limit"),
        (({"fail": {"kind": "authentication"}}, {"text": "never"}), (), 4, "provider"),
        (({"text": "cut", "cut_off": True},), (), 4, "provider"),
    ],
)
def test_the_exit_code_says_how_the_run_ended(
    tmp_path: Path, home: Path, answers: tuple[object, ...], options: tuple[str, ...], code: int, ended_by: str
) -> None:
    project = make_project(tmp_path / "p", *answers)  # type: ignore[arg-type]
    result = workbench("run", project, "Go.", "--trust", "--json", *options, home=home)
    assert (result.returncode, events(result)[-1]["ended_by"]) == (code, ended_by)


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "{project}", "Go.", "--model", "gibberish"),
        ("run", "{project}", "Go.", "--model", "openai:gpt-6-sol"),
        ("run", "{project}", "Go.", "--tool-choice", "nobody"),
        ("run", "{project}", "Go.", "--max-rounds", "0"),
        ("run", "{project}", "Go.", "--base-url", "ftp://x"),
        ("run", "{project}", "   "),
        ("run", "{project}/nowhere", "Go."),
        ("show", "{project}", "20990101"),
        ("export", "{project}", "--format", "yaml"),
        ("export", "{project}", "--format", "mcp", "--tool", "nobody"),
        ("new", "{project}"),
        ("frobnicate",),
        ("run",),
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_wrong_usage_gives_code_2_and_a_sentence_but_no_traceback(
    tmp_path: Path, home: Path, arguments: tuple[str, ...]
) -> None:
    project = make_project(tmp_path / "p")
    result = workbench(*(argument.format(project=project) for argument in arguments), home=home)
    assert result.returncode == 2
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_a_bad_project_file_gives_code_2_and_its_line(tmp_path: Path, home: Path) -> None:
    project = make_project(tmp_path / "p", toml="format = 1\nname =\n")
    result = workbench("run", project, "Go.", home=home)
    assert result.returncode == 2
    assert "workbench.toml:2" in result.stderr


def test_a_new_project_runs_with_a_script_and_a_second_one_is_not_put_on_top(tmp_path: Path, home: Path) -> None:
    made = workbench("new", tmp_path / "mine", home=home)
    assert made.returncode == 0, made.stderr
    assert workbench("new", tmp_path / "mine", home=home).returncode == 2
    (tmp_path / "mine" / "s.json").write_text(
        json.dumps({"answers": [{"calls": [{"tool": "roll_dice", "arguments": {"count": 2}}]}, {"text": "Rolled."}]})
    )
    result = workbench("run", tmp_path / "mine", "Roll.", "--model", "scripted:s.json", "--json", home=home)
    settled = [event for event in events(result) if event["kind"] == "tool_call.settled"]
    assert [event["outcome"] for event in settled] == ["ok"], result.stderr
    assert 2 <= json.loads(settled[0]["result_text"])["total"] <= 12


def test_typed_functions_become_tools_that_run(tmp_path: Path, home: Path) -> None:
    project = make_project(
        tmp_path / "p", {"calls": [{"tool": "greet", "arguments": {"name": "Ana"}}]}, {"text": "Greeted."}
    )
    (project / "python" / "words.py").write_text(
        "from typing import Literal\nfrom workbench.core.authoring import tool\n\n\n"
        "@tool\ndef greet(name: str, tone: Literal['warm', 'cool'] = 'warm') -> str:\n"
        '    """Greet a person.\n\n    Args:\n        name: Whom to greet.\n    """\n'
        '    return f"{tone} hello, {name}"\n'
    )
    refused = workbench("import-python", project, "words", home=home)
    assert refused.returncode == 2
    assert not (project / "tools" / "greet.json").exists()
    assert workbench("import-python", project, "words", "--trust", home=home).returncode == 0
    document = json.loads((project / "tools" / "greet.json").read_text())
    assert document["inputSchema"]["properties"]["name"]["description"] == "Whom to greet."
    assert document["inputSchema"]["required"] == ["name"]
    result = workbench("run", project, "Greet Ana.", "--approve", "all", "--trust", "--json", home=home)
    assert [event["result_text"] for event in events(result) if event["kind"] == "tool_call.settled"] == [
        "warm hello, Ana"
    ]


@pytest.mark.parametrize("name", dict(TOOL_FORMATS))
def test_tools_are_exported_in_every_shape(tmp_path: Path, home: Path, name: str) -> None:
    project = make_project(tmp_path / "p")
    result = workbench("export", project, "--format", name, "--tool", "touch", home=home)
    document = json.loads(result.stdout)
    only = document["tools"][0] if name == "mcp" else document[0]
    assert (only.get("function") or only)["name"] == "touch"
    out = tmp_path / "tools.json"
    assert workbench("export", project, "--format", name, "--out", out, home=home).returncode == 0
    assert json.loads(out.read_text())


@pytest.mark.parametrize("name", sorted(KEY_OF_WIRE.keys() - {"gemini"}))  # its own kind of schema needs no change
def test_a_strict_export_says_what_it_changed(tmp_path: Path, home: Path, name: str) -> None:
    project = make_project(tmp_path / "p")
    result = workbench("export", project, "--format", name, "--tool", "look", "--strict", home=home)
    assert json.loads(result.stdout)
    assert "rewritten: look:" in result.stderr


def test_the_doctor_says_what_is_there_and_shows_no_key(tmp_path: Path, home: Path) -> None:
    key = "sk-canary-0123456789abcdef"
    result = workbench("doctor", home=home, environment={"OPENAI_API_KEY": key})
    assert "openai" in result.stdout
    assert "…cdef from environment" in result.stdout
    assert "canary" not in result.stdout + result.stderr


def test_opening_a_window_without_a_display_says_what_to_do_instead(tmp_path: Path, home: Path) -> None:
    result = workbench(make_project(tmp_path / "p"), home=home)
    assert result.returncode == 2
    assert "workbench run" in result.stderr


def _hear_ctrl_c() -> None:
    """Programs that a shell runs in the background ignore it, and so would theirs."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_stops_the_run_records_the_end_and_gives_130(tmp_path: Path, home: Path) -> None:
    project = make_project(tmp_path / "p", {"text": "never " * 50, "delay_s": 3600})
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", "run", str(project), "Go.", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(home),
        text=True,
        preexec_fn=_hear_ctrl_c,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if '"request.sent"' in line:
            break
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    last = json.loads(rest.splitlines()[-1])
    assert (last["kind"], last["outcome"]) == ("run.finished", "cancelled")
    assert "Traceback" not in errors
    [row] = events(workbench("runs", project, "--json", home=home))
    assert row["outcome"] == "cancelled"


def test_importing_runs_no_code_that_was_not_trusted_even_where_no_tool_is_run_by_it_yet(
    tmp_path: Path, home: Path
) -> None:
    project = make_project(tmp_path / "p", toml="format = 1\n", code="open('ran.txt', 'w').close()\n")
    refused = workbench("import-python", project, "marks", home=home)
    assert (refused.returncode, (project / "ran.txt").exists()) == (2, False)
    assert "not trusted" in refused.stderr


def test_a_sample_with_something_compiled_put_into_it_still_runs_the_sample(tmp_path: Path, home: Path) -> None:
    project = tmp_path / "desk"
    assert workbench("new", project, "--sample", "weather-desk", home=home).returncode == 0
    source = "def get_weather(city, unit='celsius'): return 'compiled'"
    for name in (f"__pycache__/desk.{sys.implementation.cache_tag}.pyc", "desk/__init__.pyc"):
        path = project / "python" / name
        path.parent.mkdir()
        flags = (1).to_bytes(4, "little") + bytes(8)
        path.write_bytes(MAGIC_NUMBER + flags + marshal.dumps(compile(source, "desk.py", "exec")))
    (project / "s.json").write_text(
        json.dumps({"answers": [{"calls": [{"tool": "get_weather", "arguments": {"city": "Tokyo"}}]}, {"text": "So."}]})
    )
    result = workbench("run", project, "Go.", "--model", f"scripted:{project / 's.json'}", "--json", home=home)
    [settled] = [event for event in events(result) if event["kind"] == "tool_call.settled"]
    assert json.loads(settled["result_text"])["city"] == "Tokyo"


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are always text there")
@pytest.mark.parametrize("option", ["PROMPT", "--system", "--model", "--tool-choice", "--base-url"])
def test_an_argument_that_is_no_text_is_refused_before_anything_is_recorded(
    tmp_path: Path, home: Path, option: str
) -> None:
    project = make_project(tmp_path / "p")
    more = ["torn \udcff"] if option == "PROMPT" else ["Go.", option, "torn \udcff"]
    result = workbench("run", project, *more, home=home)
    assert (result.returncode, result.stdout) == (2, "")
    assert f"argument {option}: this is not UTF-8" in result.stderr
    assert events(workbench("runs", project, "--json", home=home)) == []


@pytest.mark.parametrize(
    "arguments", [("x" * 5000,), ("runs", "x" * 5000), ("new", "x" * 300), ("show", "{file}", "a")]
)
def test_paths_that_cannot_be_give_a_sentence_and_no_traceback(
    tmp_path: Path, home: Path, arguments: tuple[str, ...]
) -> None:
    file = tmp_path / "file"
    file.touch()
    result = workbench(*(argument.format(file=file) for argument in arguments), home=home)
    assert result.returncode in (1, 2)
    assert result.stderr.startswith("workbench: ")
    assert "Traceback" not in result.stderr


def test_a_terminal_that_knows_only_ascii_gets_all_of_a_run(tmp_path: Path, home: Path) -> None:
    project = make_project(tmp_path / "p", {"text": "Schönes Wetter."})
    only_ascii = {"PYTHONIOENCODING": "ascii"}
    told = workbench("run", project, "Wie ist es?", home=home, environment=only_ascii)
    assert (told.returncode, "Sch\\xf6nes Wetter." in told.stdout) == (0, True)
    assert events(workbench("show", project, "last", "--json", home=home, environment=only_ascii))[-1]["text"] == (
        "Schönes Wetter."
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a device file")
def test_an_export_into_a_device_writes_into_it_and_does_not_replace_it(tmp_path: Path, home: Path) -> None:
    project = make_project(tmp_path / "p")
    pipe = tmp_path / "link"
    pipe.symlink_to("/dev/stdout")
    result = workbench("export", project, "--format", "mcp", "--out", pipe, home=home)
    assert [tool["name"] for tool in json.loads(result.stdout)["tools"]] == ["look", "touch"]
    assert pipe.is_symlink()


def test_a_key_of_the_environment_gets_into_no_record_even_when_a_prompt_and_a_tool_hold_it(
    tmp_path: Path, home: Path
) -> None:
    key = "sk-canary-0123456789abcdef"
    code = f"def touch(mark):\n    print('{key}')\n    raise ValueError('{key}')\n\n\ndef look(at): return '{key}'\n"
    calls = [{"tool": "touch", "arguments": {"mark": key}}, {"tool": "look", "arguments": {"at": key}}]
    project = make_project(tmp_path / "p", {"calls": calls, "pieces": 99}, {"text": f"{key}.", "pieces": 99}, code=code)
    set_key = {"ANTHROPIC_API_KEY": key}
    order = ("run", project, f"My key is {key}.", "--approve", "all", "--trust")
    told = [workbench(*order, *more, home=home, environment=set_key) for more in ((), ("--json",))]
    told += [workbench("show", project, "last", home=home), workbench("runs", project, "--json", home=home)]
    assert all(result.returncode == 0 for result in told)
    assert not any("0123456789abc" in result.stdout + result.stderr for result in told)
    for file in (project / ".workbench").iterdir():
        assert b"0123456789abc" not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("format = \n", "workbench.toml:1: not valid TOML"),
        ("executors = {}\n", "[executors.NAME]"),
        ("executors = 3\n", "has to be a table"),
    ],
)
def test_an_import_that_cannot_be_written_down_writes_nothing(tmp_path: Path, home: Path, toml: str, said: str) -> None:
    code = "from workbench.core.authoring import tool\n\n\n@tool\ndef greet(name: str) -> str: return name\n"
    project = make_project(tmp_path / "p", toml=toml, code=code)
    result = workbench("import-python", project, "marks", "--trust", home=home)
    assert result.returncode == 2
    assert said in result.stderr
    assert (project / "workbench.toml").read_text() == toml
    assert not (project / "tools" / "greet.json").exists()


def test_an_import_leaves_a_byte_order_mark_out(tmp_path: Path, home: Path) -> None:
    code = "from workbench.core.authoring import tool\n\n\n@tool\ndef greet(name: str) -> str: return name\n"
    project = make_project(tmp_path / "p", toml="\ufeffformat = 1\n", code=code)
    assert workbench("import-python", project, "marks", "--trust", home=home).returncode == 0
    assert 'function = "marks:greet"' in (project / "workbench.toml").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices")
@pytest.mark.parametrize("more", [(), ("--json",)])
@pytest.mark.parametrize("reader", ["head -n 1", "cat > /dev/full"])
def test_a_run_that_nobody_reads_any_more_stops_and_says_nothing_else(
    tmp_path: Path, home: Path, more: tuple[str, ...], reader: str
) -> None:
    answers = [{"calls": [{"tool": "look", "arguments": {}}]} for _ in range(40)]
    project = make_project(tmp_path / "p", *answers)
    order = [sys.executable, "-m", "workbench", "run", str(project), "Go.", "--max-rounds", "40", "--trust", *more]
    where = "> /dev/full" if "full" in reader else f"| {reader}"
    done = subprocess.run(
        ["bash", "-c", f"{shlex.join(order)} {where}; echo code ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        env=_environment(home),
        timeout=120,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "code 1"
    assert done.stderr == ""
    [row] = events(workbench("runs", project, "--json", home=home))
    assert row["outcome"] == "cancelled"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell")
def test_a_program_without_any_output_does_its_work_all_the_same(tmp_path: Path, home: Path) -> None:
    project = make_project(tmp_path / "p")
    order = shlex.join([sys.executable, "-m", "workbench", "run", str(project), "Go."])
    for more in ("", "--json"):
        done = subprocess.run(
            ["bash", "-c", f"{order} {more} >&- 2>&-"], env=_environment(home), timeout=120, check=False
        )
        assert done.returncode == 0
