"""`workbench replay`, `compare` and `ablate`, without a person at the keyboard."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.projects import make_project
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import main
from workbench.core.json_text import JsonObject

SAYS: list[JsonObject] = [
    {"calls": [{"tool": "touch", "arguments": {"mark": "one"}}, {"tool": "look", "arguments": {}}]},
    {"text": "Marked."},
]


class Command:
    """The command line in this process."""

    def __init__(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.project = project
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        first = 2 if arguments[0] == "suite" else 1
        words = [*arguments[:first], str(self.project), *arguments[first:]]
        try:
            code = main(words, lambda _: 99)
        except SystemExit as ended:
            code = int(str(ended.code))
        captured = self._capsys.readouterr()
        self.out, self.err = captured.out, captured.err
        return code

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def marks(self) -> list[str]:
        return (self.project / "marks.txt").read_text().split()


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    made = Command(make_project(tmp_path / "marks", *SAYS), capsys)
    assert made("run", "Mark it.", "--approve", "all", "--trust") == ExitCode.ANSWERED
    assert made.marks == ["one"]
    return made


def test_without_an_option_a_run_is_run_again_and_found_identical(command: Command) -> None:
    assert command("replay", "last") == ExitCode.ANSWERED
    assert command.out.startswith("identical · 2 rounds, 2 calls")
    assert command("replay", "last", "--rerun", "--json") == ExitCode.ANSWERED
    assert (command.document["identical"], command.document["divergence"]) == (True, None)
    assert command.marks == ["one"]


def test_a_rerun_that_differs_says_where_and_fails(command: Command) -> None:
    toml = command.project / "workbench.toml"
    toml.write_text(toml.read_text() + '\n[sanitizers.touch.mark]\ninside = "python"\n')
    assert command("replay", "last") == ExitCode.FAILED
    assert command.out.startswith("differs · turn-1/round-1/call-1: the ")
    assert command("replay", "last", "--json") == ExitCode.FAILED
    assert command.document["place"] == "turn-1/round-1/call-1"


def test_a_playback_shows_the_run_and_executes_nothing(command: Command) -> None:
    assert command("replay", "last", "--playback", "--speed", "1000", "--json") == ExitCode.ANSWERED
    kinds = [event["kind"] for event in command.lines]
    assert (kinds[0], kinds[-1]) == ("run.started", "run.finished")
    assert command("replay", "last", "--playback", "--speed", "0") == ExitCode.USAGE
    assert command.marks == ["one"]


def test_a_damaged_run_is_played_back_as_far_as_it_can_be_read_and_nothing_else(command: Command) -> None:
    with closing(sqlite3.connect(command.project / ".workbench" / "runs.sqlite")) as connection:
        connection.execute("UPDATE events SET line = ? WHERE seq = 5", (b'{"kind":"dream.dreamt"}',))
        connection.commit()
    assert command("replay", "last", "--playback", "--speed", "1000", "--json") == ExitCode.ANSWERED
    assert [event["seq"] for event in command.lines] == [1, 2, 3, 4]
    assert "Only the readable part is shown" in command.err
    assert command("replay", "last") == ExitCode.USAGE
    assert "It can be played back as far as it can be read." in command.err


def test_a_fork_at_an_address_remembers_it_and_refuses_what_is_none(command: Command) -> None:
    order = ("replay", "last", "--fork-at", "round-2", "--model", "openai-chat:qwen3", "--tools", "mock", "--json")
    assert command(*order, "--base-url", "nowhere") == ExitCode.USAGE
    assert command(*order, "--base-url", "http://127.0.0.1:9/v1") == ExitCode.PROVIDER
    assert command.lines[0]["spec"] == "openai-chat:qwen3@http://127.0.0.1:9/v1"
    assert command("replay", "last", "--fork-at", "round-2", "--tools", "mock", "--json") == ExitCode.PROVIDER
    assert command.lines[0]["spec"] == "openai-chat:qwen3@http://127.0.0.1:9/v1"


def test_a_fork_is_a_run_of_its_own_that_repeats_nothing(command: Command) -> None:
    assert command("replay", "last", "--fork-at", "round-2", "--json") == ExitCode.ANSWERED
    events = command.lines
    assert events[0]["parent_run"] != events[0]["run_id"]
    assert [event["outcome"] for event in events if event["kind"] == "tool_call.settled"] == ["replayed"] * 2
    assert command("runs", "--json") == ExitCode.ANSWERED
    assert len(command.lines) == 2
    assert command.marks == ["one"]


def test_a_fork_that_leaves_its_recording_is_mocked_where_nobody_can_be_asked(command: Command) -> None:
    said = [{"calls": [{"tool": "touch", "arguments": {"mark": "two"}}]}, {"text": "Marked."}]
    (command.project / "script.json").write_text(json.dumps({"answers": said}))
    assert command("runs", "--json") == ExitCode.ANSWERED
    run = command.document["run_id"]
    assert command("replay", run, "--fork-at", "turn-1", "--json") == ExitCode.ANSWERED
    assert [event["outcome"] for event in command.lines if event["kind"] == "tool_call.settled"] == ["mocked"]
    assert command("replay", run, "--fork-at", "turn-1", "--tools", "ask", "--json") == ExitCode.ANSWERED
    assert [event["outcome"] for event in command.lines if event["kind"] == "tool_call.settled"] == ["rejected"]
    assert command.marks == ["one"]


def test_a_variant_changes_a_fork_and_its_lines_are_shown(command: Command) -> None:
    folder = command.project / "variants"
    folder.mkdir()
    (folder / "clear.json").write_text('{"tools": {"look": {"description": "Look about."}}}')
    assert command("replay", "last", "--fork-at", "round-2", "--variant", "clear") == ExitCode.ANSWERED
    assert "tools/look/description: Look {-around-}{+about+}." in command.err
    assert "with the variant clear" in command.out
    assert command("replay", "last", "--fork-at", "round-2", "--variant", "gone") == ExitCode.USAGE
    assert "Variants: clear" in command.err


def test_a_decision_is_sampled_before_and_after_a_variant_with_an_estimate_first(command: Command) -> None:
    folder = command.project / "variants"
    folder.mkdir()
    (folder / "clear.json").write_text('{"tools": {"look": {"description": "Look about."}}}')
    order = ("replay", "last", "--fork-at", "round-1", "--trials", "5", "--variant", "clear")
    assert command(*order) == ExitCode.ANSWERED
    assert "10 requests" in command.err
    assert 'touch({"mark":"one"}) + look({})' in command.out
    assert "touch + look: 100% → 100%" in command.out
    assert command(*order, "--json", "--concurrency", "2") == ExitCode.ANSWERED
    assert set(command.document["distributions"]) == {"as it was", "clear"}
    kept = list((command.project / ".workbench" / "samplings").iterdir())
    assert len(kept) == 4
    assert command.marks == ["one"]


def test_what_makes_no_sense_is_refused_in_one_sentence(command: Command) -> None:
    for arguments in (
        ("replay", "gone"),
        ("replay", "last", "--fork-at", "round-9"),
        ("replay", "last", "--fork-at", "nowhere"),
        ("replay", "last", "--fork-at", "round-1", "--trials", "2", "--concurrency", "0"),
        ("replay", "last", "--fork-at", "round-1", "--model", "nonsense"),
        ("replay", "last", "--playback", "--rerun"),
        ("compare", "last"),
        ("ablate", "last", "--at", "round-1", "--expect", "gone"),
        ("ablate", "last"),
    ):
        assert command(*arguments) == ExitCode.USAGE, arguments
        assert command.out == ""
        assert len(command.err.strip().splitlines()) == 1, command.err


def test_runs_are_compared_as_markdown_json_and_a_page(command: Command, tmp_path: Path) -> None:
    assert command("replay", "last", "--fork-at", "round-2") == ExitCode.ANSWERED
    assert command("runs", "--json") == ExitCode.ANSWERED
    fork, parent = [row["run_id"] for row in command.lines]
    assert command("compare", parent, fork) == ExitCode.ANSWERED
    assert "No differences." in command.out
    assert command("compare", parent, fork, "--json") == ExitCode.ANSWERED
    assert [run["run_id"] for run in command.document["comparison"]["runs"]] == [parent, fork]
    page = tmp_path / "page.html"
    assert command("compare", parent, fork, "--html", str(page)) == ExitCode.ANSWERED
    assert page.read_text().startswith("<!doctype html>")
    assert command("compare", parent, fork, "--html", str(tmp_path)) == ExitCode.USAGE


def test_counterfactuals_are_told_each_with_its_own_votes(command: Command) -> None:
    assert command("ablate", "last", "--at", "round-1", "--trials", "2", "--expect", "look") == ExitCode.ANSWERED
    assert "changes: " in command.err
    for name in ("without touch", "touch without its description", "touch called tool_1", "touch forced"):
        assert name in command.out
    assert command("ablate", "last", "--at", "round-1", "--trials", "2", "--json") == ExitCode.ANSWERED
    assert command.document["chosen"] == ["touch", "look"]
    assert {row["distribution"]["trials"] for row in command.document["rows"]} == {2}
    assert command.marks == ["one"]
