"""The terminal shows no key: not one that was typed in the wrong place, and not one that comes in pieces."""

import json
import sqlite3
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.cli.main import main

KEY = "canary-a0h1o2v3c4j5q6x7e8l9s0"
LIKELY = "sk-proj-a0h1o2v3c4j5q6x7e8l9s0"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    return make_project(tmp_path / "marks", {"text": f"before {KEY} after", "pieces": 1})


def said(capsys: pytest.CaptureFixture[str]) -> str:
    printed = capsys.readouterr()
    return printed.out + printed.err


@pytest.mark.parametrize(
    "words",
    [
        ["run", "PROJECT", "hi", "--model", KEY],
        ["run", "PROJECT", "hi", "--model", LIKELY],
        ["run", "PROJECT", "hi", "--approve", KEY],
        ["run", "PROJECT", "hi", "--max-rounds", KEY],
        ["run", "PROJECT", "hi", f"--{KEY}"],
        ["run", "PROJECT", "hi", "--tool-choice", KEY],
        ["run", "PROJECT", "hi", "--variant", KEY],
        ["run", "PROJECT", "hi", "--base-url", KEY, "--model", "openai-chat:m"],
        ["show", "PROJECT", KEY],
        ["export", "PROJECT", "--format", "mcp", "--tool", KEY],
        [KEY],
        [KEY, LIKELY],
        ["new", "PROJECT", "--sample", LIKELY],
        ["runs", KEY],
    ],
)
def test_a_key_typed_in_the_wrong_place_is_not_printed_back(
    words: list[str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main([str(project) if word == "PROJECT" else word for word in words], lambda _: 99)
    except SystemExit as ended:
        code = int(str(ended.code))
    assert code in (1, 2)
    text = said(capsys)
    assert "workbench: " in text
    for key in (KEY, LIKELY):
        assert key[8:] not in text, text


@pytest.mark.parametrize(
    "words",
    [["KEY"], ["runs", "KEY"], ["new", "x", "--sample", "KEY"], ["run", "PROJECT", "hi", "--max-rounds", "KEY"],
     ["run", "PROJECT", "hi", "--approve", "KEY"], ["show", "PROJECT", "KEY"]],
)  # fmt: skip
@pytest.mark.parametrize("name", ["ANTHROPIC_API_KEY", "OF_A_CONNECTION"])
def test_a_key_that_lies_in_the_keyring_only_is_not_printed_back_either(
    name: str, words: list[str], project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = f"canary-{uuid4().hex}"  # one that no other test has made known
    monkeypatch.delenv("OPENAI_API_KEY")
    held = SimpleNamespace(get_password=lambda _service, asked: key if asked == name else None)
    monkeypatch.setattr("workbench.store.keys._keyring", lambda: held)
    folder = UserFolders.of_this_user().config
    folder.mkdir(parents=True)
    (folder / "connections.toml").write_text(
        '[mine]\nwire = "openai-chat"\nkey = "OF_A_CONNECTION"  # it lacks its model\n', encoding="utf-8"
    )
    places = {"PROJECT": str(project), "KEY": key}
    with suppress(SystemExit):
        main([places.get(word, word) for word in words], lambda _: 99)
    text = said(capsys)
    assert "workbench: " in text
    assert f"[key …{key[-4:]}]" in text
    assert key[8:] not in text


@pytest.mark.parametrize("command", ["run", "show", "replay"])
def test_a_key_that_comes_in_pieces_is_printed_in_none(
    command: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["run", str(project), "Look.", "--json"], lambda _: 99)
    if command != "run":
        capsys.readouterr()
        main([command, str(project), "last", "--json", *(["--playback"] if command == "replay" else [])], lambda _: 99)
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    deltas = [event["text"] for event in events if event["kind"] == "response.delta"]
    assert sum(1 + len(event["later"]) for event in events if event["kind"] == "response.delta") >= len(KEY)
    assert "".join(deltas) == "before [key …l9s0] after"
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))


def test_a_run_recorded_before_its_key_was_known_is_shown_without_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    main(["run", str(project), "Look.", "--json"], lambda _: 99)
    capsys.readouterr()
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    main(["show", str(project), "last", "--json"], lambda _: 99)
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert "".join(event["text"] for event in events if event["kind"] == "response.delta") == "before [key …l9s0] after"


def test_a_key_given_as_a_model_is_in_no_table(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--model", f"openai-chat:{KEY}", "--base-url", "http://127.0.0.1:9/v1"]
    main(["run", str(project), "hi", *words], lambda _: 99)
    assert KEY not in said(capsys)
    connection = sqlite3.connect(project / ".workbench/runs.sqlite")
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    held = [repr(connection.execute(f"SELECT * FROM {name}").fetchall()) for name in tables]
    connection.close()
    assert any("[key …l9s0]" in rows for rows in held)
    assert not any(KEY in rows for rows in held)


def test_json_stays_json_when_the_mark_of_a_key_has_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", 'canary-0123456789-"\\"z')
    project = make_project(tmp_path / "marks", {"text": 'It is canary-0123456789-"\\"z.'})
    main(["run", str(project), "Look.", "--json"], lambda _: 99)
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[-1]["text"] == 'It is [key …"\\"z].'
