"""Messages as servers really write them: read where the meaning is clear, an error for their call otherwise."""

import json
from typing import Any

import pytest
from mcp import MCPError
from mcp_types import JSONRPCError, JSONRPCNotification, JSONRPCResponse

from workbench.executors.mcp_message import error_words, read_messages


def response(line: bytes) -> dict[str, Any]:
    [message] = read_messages(line)
    assert isinstance(message, JSONRPCResponse)
    assert message.id == 1
    return message.result


def error(line: bytes) -> str:
    [message] = read_messages(line)
    assert isinstance(message, JSONRPCError)
    assert message.id in (1, "a")
    return message.error.message


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb"cut \ud83d here", "cut \ufffd here"),
        (rb"cut \ude00 here", "cut \ufffd here"),
        (rb"\ud83d", "\ufffd"),
        (rb"\ud83d\ude00", "\U0001f600"),
        (rb"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (rb"\\ud83d", r"\ud83d"),
        (b"\xff", "\ufffd"),
        ("größer".encode("latin-1"), "gr\ufffd\ufffder"),
        (b"\xed\xa0\xbd", "\ufffd\ufffd\ufffd"),
    ],
)
def test_halves_of_characters_are_replaced_in_texts_and_names(written: bytes, read: str) -> None:
    assert response(b'{"jsonrpc":"2.0","id":1,"result":{"a":"' + written + b'"}}') == {"a": read}
    assert response(b'{"jsonrpc":"2.0","id":1,"result":{"' + written + b'":1}}') == {read: 1}


@pytest.mark.parametrize(
    ("line", "result"),
    [
        (b'{"id":1,"result":{"a":1}}', {"a": 1}),
        (b'[{"jsonrpc":"2.0","id":1,"result":{"a":1}}]', {"a": 1}),
        (b'{"jsonrpc":"2.0","id":1,"result":[]}', {}),
        (b'{"jsonrpc":"2.0","id":1,"result":null}', {}),
        (b'{"jsonrpc":"2.0","id":1,"result":{"a":1},"error":null}', {"a": 1}),
        (b'{"jsonrpc":"2.0","id":1,"result":' + b'{"a":' * 300 + b"1" + b"}" * 301, None),
        (b'{"jsonrpc":"2.0","id":1,"result":{"capabilities":[]}}', {"capabilities": {}}),
        (b'{"jsonrpc":"2.0","id":1,"result":{"capabilities":{"tools":[]}}}', {"capabilities": {"tools": {}}}),
    ],
)
def test_what_is_meant_is_read(line: bytes, result: Any) -> None:
    found = response(line)
    assert result is None or {**found, **result} == found


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"jsonrpc":"2.0","id":1,"result":"done"}', "does not follow MCP"),
        (b'{"jsonrpc":"2.0","id":1,"result":[1]}', "does not follow MCP"),
        (b'{"jsonrpc":"2.0","id":"a","result":7}', "does not follow MCP"),
        (b'{"jsonrpc":"2.0","id":1,"result":{"content":[{"text":"torn', "cannot be read"),
        (b'{"jsonrpc":"2.0","id":1,"result":{"a":' + b"[" * 100_000, "cannot be read"),
        (b'{"jsonrpc":"2.0","id":1,"error":"no stock"}', "no stock"),
        (b'{"jsonrpc":"2.0","id":1,"error":{"code":"E1","message":"no stock"}}', "no stock"),
        (b'{"jsonrpc":"2.0","id":1,"error":{"message":"no stock"}}', "no stock"),
        (b'{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":{"detail":"no stock"}}}', "no stock"),
        (b'{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no stock"},"result":null}', "no stock"),
    ],
)
def test_an_answer_that_cannot_be_read_is_an_error_for_its_call(line: bytes, words: str) -> None:
    assert words in error(line)


@pytest.mark.parametrize(
    "line",
    [
        b"DEBUG got a line",
        b"[1, 2]",
        b"{}",
        b'{"level":30,"id":1,"msg":"x"}',
        b'{"jsonrpc":"2.0","id":null,"result":"x"}',
        b'{"jsonrpc":"2.0","id":true,"result":"x"}',
        b'{"jsonrpc":"2.0","id":1,"method":"torn',
        b'DEBUG sent {"jsonrpc":"2.0","id":1,"result":{}',
        b'{"jsonrpc":"2.0","method":7}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_answer_is_no_message(line: bytes) -> None:
    assert read_messages(line) == []


def test_what_a_server_says_of_itself_is_read_as_it_is_meant() -> None:
    greeting = b'{"capabilities":{"tools":[],"logging":true,"prompts":false},"serverInfo":{"name":null,"version":1.5},'
    greeting += b'"instructions":["x"],"protocolVersion":"2025-03-26"}'
    for line in (b'{"jsonrpc":"2.0","id":1,"result":%s}', b'[{"jsonrpc":"2.0","id":1,"result":%s}]'):
        found = response(line % greeting)
        assert found["capabilities"] == {"tools": {}, "logging": {}}
        assert found["serverInfo"] == {"name": "", "version": "1.5"}
        assert "instructions" not in found


def test_a_notification_is_one() -> None:
    [message] = read_messages(rb'{"jsonrpc":"2.0","method":"x","params":{"a":"\ud83d"}}')
    assert isinstance(message, JSONRPCNotification)


@pytest.mark.parametrize(
    ("message", "data", "words"),
    [
        ("Internal error", "User(19704) expected", "Internal error: User(19704) expected"),
        ("Internal error", {"detail": "User expected"}, "Internal error: User expected"),
        ("Internal error", [{"path": ["a"], "message": "Required"}], "Internal error: Required"),
        ("Internal error", {"code": 7, "at": "x.py"}, 'Internal error: {"code":7,"at":"x.py"}'),
        ("No stock", "Error: No stock\n  at x.js:1", "Error: No stock\n  at x.js:1"),
        ("No stock of 7", "No stock", "No stock of 7"),
        ("No stock", 7, "No stock: 7"),
        ("No stock", None, "No stock"),
        ("No stock", {}, "No stock"),
        ("No stock", "", "No stock"),
        ("", "No stock", "No stock"),
    ],
)
def test_the_data_of_an_error_is_told_with_its_message(message: str, data: Any, words: str) -> None:
    assert error_words(MCPError(-32603, message, data)) == words


def test_the_words_of_an_error_are_bounded() -> None:
    assert len(error_words(MCPError(1, "m", json.dumps(["x" * 5_000])))) < 2_100
