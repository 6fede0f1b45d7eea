"""The events of MCP streams: pings, comments and other types are passed over, messages are found however cut."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.executors.mcp_events import MessageEvents, error_event

ANSWER = b'{"jsonrpc":"2.0","id":1,"result":{"a":1}}'
SOUND = b"data: " + ANSWER + b"\n\n"
STREAM = (
    b"\xef\xbb\xbf: hello\n\nevent: ping\ndata: {}\n\ndata: ping\n\nevent: ping\n\nid: 7\nretry: 5\ndata:\n\n"
    b'data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}\n\n' + SOUND
)


def read(*pieces: bytes) -> tuple[bytes, MessageEvents]:
    events = MessageEvents()
    return b"".join(map(events.feed, pieces)) + events.finish(), events


def messages(body: bytes) -> list[dict[str, object]]:
    return [json.loads(line[5:]) for line in body.splitlines() if line.startswith(b"data:") and line[5:].strip()]


@pytest.mark.parametrize(
    "odd",
    [
        b": ping - 2026-11-29\n\n",
        b"event: ping\ndata: {}\n\n",
        b"event: ping\n\n",
        b"event: heartbeat\ndata: 1\n\n",
        b"event: endpoint\ndata: /messages?session=1\n\n",
        b"data: ping\n\n",
        b"data: null\n\n",
        b"data: {}\n\n",
        b'data: {"type":"ping"}\n\n',
        b"data: [DONE]\n\n",
        b"data:\n\n",
        b"data\n\n",
        b"\n\n\n",
        b"nonsense\n\n",
        b'event: log\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n',
        b'data: {"type":"error","error":null}\n\n',
    ],
)
def test_what_is_no_message_is_passed_over(odd: bytes) -> None:
    assert read(odd + SOUND + odd)[0] == SOUND


@pytest.mark.parametrize(
    "written",
    [
        b"event: message\n" + SOUND,
        b"event:\n" + SOUND,
        b"event: result\n" + SOUND,
        b"data:" + ANSWER + b"\r\n\r\n",
        b"data:" + ANSWER + b"\r\r",
        b"data: " + ANSWER,
        b"data: " + ANSWER + b"\n",
        b'data: {"jsonrpc":"2.0",\ndata: "id":1,\ndata: "result":{"a":1}}\n\n',
        b"data: [" + ANSWER + b"]\n\n",
    ],
)
def test_an_answer_is_found_however_it_is_written(written: bytes) -> None:
    body, events = read(written)
    assert messages(body) == [json.loads(ANSWER)]
    assert events.has_answer


def test_a_list_of_messages_becomes_one_event_for_each() -> None:
    progress = b'{"jsonrpc":"2.0","method":"notifications/message","params":{}}'
    body, _ = read(b"data: [" + progress + b"," + ANSWER + b"]\n\n")
    assert messages(body) == [json.loads(progress), json.loads(ANSWER)]


def test_numbers_of_events_are_passed_on_so_that_the_stream_can_be_resumed() -> None:
    body, events = read(b"id: 7\ndata: \n\nid: 8\nretry: 10\ndata: ping\n\n")
    assert body == b"id: 7\ndata:\n\nid: 8\nretry: 10\ndata:\n\n"
    assert (events.can_resume, events.has_answer) == (True, False)


def test_what_a_server_said_besides_messages_is_kept_for_the_case_that_nothing_else_comes() -> None:
    _, events = read(b": ping\n\ndata: out of memory\n\n")
    assert events.stray_words == "out of memory"
    assert json.loads(error_event(3, 5, "it ended", events.stray_words)[5:])["error"] == {
        "code": 5,
        "message": "it ended. It said: out of memory",
    }


@given(st.lists(st.integers(0, len(STREAM)), max_size=8).map(sorted), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_it_does_not_matter_where_the_pieces_are_cut(cuts: list[int], end: bytes) -> None:
    stream = STREAM.replace(b"\n", end)
    edges = [0, *cuts, len(stream)]
    body, _ = read(*(stream[start:stop] for start, stop in pairwise(edges)))
    assert body == read(STREAM)[0]
    assert [one.get("method", "answer") for one in messages(body)] == ["notifications/progress", "answer"]
