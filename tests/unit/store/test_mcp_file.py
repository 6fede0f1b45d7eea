"""What the table `mcp` may say, and what an approval is bound to."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.store import file_state, small_file
from workbench.store.mcp_file import McpRow, seal_row
from workbench.store.mcp_store import McpStore
from workbench.store.project_file import read_project_file


def row(text: str, name: str = "git") -> McpRow:
    file, problems = read_project_file(f"[mcp.{name}]\n{text}", "workbench.toml")
    assert not problems, [str(problem) for problem in problems]
    return file.mcp[name]


def test_variables_are_names_only() -> None:
    assert row('command = "x"\nenv = ["A", "B"]').env == {"A": "A", "B": "B"}
    assert row('command = "x"\nenv = { A = "KEY_OF_A" }').env == {"A": "KEY_OF_A"}


IDENTITY = '{ token_endpoint = "https://id.example/token", client_id = "us", key = "ID" }'


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "git"),
        ('command = "x"\nurl = "https://a.example"', "git"),
        ('url = "file:///etc/passwd"', "git"),
        ('url = "javascript:alert(1)"', "git"),
        ('url = "https://user:word@a.example/"', "git"),
        ('url = "https://${key:HOST}/"', "git"),
        ('command = "x"\nenv = { "A=B" = "KEY" }', "git"),
        ('command = "x"\nargs = ["a\\u0000b"]', "git"),
        ('command = "x"\nsign_in = {}', "git"),
        ('url = "https://a.example"\nsign_in = { grant = "client_credentials", client_id = "us" }', "git"),
        ('url = "https://a.example"\nsign_in = { grant = "identity_assertion", client_id = "us", key = "K" }', "git"),
        (f'url = "https://a.example"\nsign_in = {{ client_id = "us", key = "K", identity = {IDENTITY} }}', "git"),
        (f'url = "https://a.example"\nsign_in = {{ grant = "identity_assertion", identity = {IDENTITY} }}', "git"),
        ('url = "https://a.example"\nsign_in = { redirect = "https://b.example:1/" }', "git"),
        ('url = "https://a.example"\nsign_in = { scopes = ["a b"] }', "git"),
        ('url = "https://a.example"\nsign_in = { client_secret = "s" }', "git"),
        ('command = "x"', "a__b"),
        ('command = "x"', "_a"),
        ('command = "x"', '"a b"'),
        ('command = "x"', "a" * 33),
    ],
)
def test_what_cannot_be_a_server_is_a_problem_of_the_file(text: str, name: str) -> None:
    _, problems = read_project_file(f"[mcp.{name}]\n{text}", "workbench.toml")
    assert problems


def test_arguments_and_addresses_may_have_places_for_keys() -> None:
    assert row('command = "x"\nargs = ["--token=${key:A}"]').args == ("--token=${key:A}",)
    assert row('url = "https://a.example/${key:A}?k=${key:B}"').url.endswith("?k=${key:B}")


LOCAL = McpRow(command="python", args=("server.py", "--verbose"), env={"A": "KEY"})
REMOTE = McpRow.model_validate({"url": "https://a.example/mcp", "headers": {"Authorization": {"key": "K"}}})
Change = Callable[[McpRow], McpRow]
CHANGES: dict[str, Change] = {
    "another command": lambda one: one.model_copy(update={"command": "python3"}),
    "another argument": lambda one: one.model_copy(update={"args": ("server.py", "--quiet")}),
    "one argument more": lambda one: one.model_copy(update={"args": (*one.args, "x")}),
    "one argument less": lambda one: one.model_copy(update={"args": one.args[:1]}),
    "arguments cut elsewhere": lambda one: one.model_copy(update={"args": ("server.py --verbose",)}),
    "another folder": lambda one: one.model_copy(update={"cwd": "sub"}),
    "another variable": lambda one: one.model_copy(update={"env": {"B": "KEY"}}),
    "another key": lambda one: one.model_copy(update={"env": {"A": "OTHER"}}),
    "one variable more": lambda one: one.model_copy(update={"env": {"A": "KEY", "B": "KEY"}}),
    "no variable": lambda one: one.model_copy(update={"env": {}}),
    "an address": lambda _: REMOTE,
    "another address": lambda _: REMOTE.model_copy(update={"url": "https://a.example/mcp2"}),
    "another host": lambda _: REMOTE.model_copy(update={"url": "https://b.example/mcp"}),
    "no encryption": lambda _: REMOTE.model_copy(update={"url": "http://a.example/mcp"}),
    "no header": lambda _: REMOTE.model_copy(update={"headers": {}}),
    "another key in the header": lambda _: McpRow.model_validate(
        {"url": "https://a.example/mcp", "headers": {"Authorization": {"key": "L"}}}
    ),
    "another header": lambda _: McpRow.model_validate({"url": "https://a.example/mcp", "headers": {"X": {"key": "K"}}}),
    "another scheme": lambda _: McpRow.model_validate(
        {"url": "https://a.example/mcp", "headers": {"Authorization": {"key": "K", "scheme": "Basic"}}}
    ),
}


def test_every_change_of_what_is_started_or_reached_ends_the_approval(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text("print(1)")
    (tmp_path / "sub").mkdir()
    seals = {name: seal_row(change(LOCAL), tmp_path) for name, change in CHANGES.items()}
    seals["nothing"] = seal_row(LOCAL, tmp_path)
    (tmp_path / "server.py").write_text("print(2)")
    seals["another script"] = seal_row(LOCAL, tmp_path)
    (tmp_path / "server.py").unlink()
    seals["no script"] = seal_row(LOCAL, tmp_path)
    assert len(set(seals.values())) == len(seals) == 21
    store = McpStore(tmp_path / "state" / "mcp.json")
    store.approve(seals.pop("nothing"), "shown")
    assert not any(store.approves(seal) for seal in seals.values())


def test_the_same_words_in_another_project_are_another_server(tmp_path: Path) -> None:
    assert seal_row(LOCAL, tmp_path / "a") != seal_row(LOCAL, tmp_path / "b")


def test_what_only_says_how_to_wait_changes_nothing(tmp_path: Path) -> None:
    assert seal_row(LOCAL, tmp_path) == seal_row(LOCAL.model_copy(update={"start_limit_s": 5.0}), tmp_path)


def test_to_let_a_server_ask_the_model_it_is_approved_again(tmp_path: Path) -> None:
    url = 'url = "https://x.example/mcp"'
    asking = row(f"{url}\n[mcp.git.sampling]\ntokens = 500")
    assert asking.sampling is not None
    assert (asking.sampling.answers, asking.sampling.tokens) == (5, 500)
    more = row(f"{url}\n[mcp.git.sampling]\ntokens = 501")
    assert len({seal_row(each, tmp_path) for each in (row(url), asking, more)}) == 3


def test_a_store_remembers_approvals_and_tools_until_they_are_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "state" / "mcp.json"
    store = McpStore(file)
    store.remember_tools("a", {"x": "1"})
    assert store.tools("a") == {}
    store.approve("a", "command: a")
    store.remember_tools("a", {"x": "1", "y": "2"})
    store.remember_tools("a", {"x": "3"})
    assert McpStore(file).approves("a")
    assert McpStore(file).tools("a") == {"x": "3", "y": "2"}
    store.revoke("a")
    assert not store.approves("a")
    assert store.tools("a") == {}


def test_each_approved_sign_in_of_a_server_stays_approved_with_that_of_an_older_program(tmp_path: Path) -> None:
    file = tmp_path / "mcp.json"
    file.write_text(json.dumps({"a": {"shown": "url: a", "tools": {}, "sign_in": "old", "sign_in_shown": "at: a"}}))
    store = McpStore(file)
    store.approve_sign_in("a", "read", "scopes: read")
    store.approve_sign_in("a", "write", "scopes: read write")
    assert [McpStore(file).approves_sign_in("a", plan) for plan in ("old", "read", "write", "other", "")] == [
        True, True, True, False, False
    ]  # fmt: skip
    store.revoke("a")
    assert not store.approves_sign_in("a", "read")


def test_approvals_are_read_again_only_where_the_file_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mcp.json"
    other = McpStore(file)
    other.approve("a", "command: a")
    for name in ("_SETTLED_NS", "_COARSE_SETTLED_NS"):
        monkeypatch.setattr(file_state, name, -1)  # as if some seconds had passed
    reads: list[Path] = []
    read_file = small_file.read_file
    monkeypatch.setattr(small_file, "read_file", lambda path, most: (reads.append(path), read_file(path, most))[1])
    store = McpStore(file)
    assert all(store.approves("a") and not store.tools("a") for _ in range(5))
    assert len(reads) == 1
    other.revoke("a")
    assert not store.approves("a")


def test_approvals_with_very_many_tools_count_too(tmp_path: Path) -> None:
    store = McpStore(tmp_path / "mcp.json")
    store.approve("a", "x" * small_file.MAX_FILE_BYTES)
    store.approve("b", "command: b")
    assert store.approves("a")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}'])
def test_a_store_that_cannot_be_read_approves_nothing_by_accident(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mcp.json"
    file.write_text(text)
    assert not McpStore(file).approves("b")
    assert McpStore(file).tools("a") == {}
