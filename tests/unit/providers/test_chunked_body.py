"""Chunks are read together, and nothing else about a body changes."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import h11
import pytest
from h11._readers import READERS, ChunkedReader
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.providers.chunked_body import join_chunks, whole_chunks

HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def events(reader: Callable[[], Any], pieces: list[bytes]) -> list[object]:
    """What a client reads of a body that arrives in these pieces: its data in one, and how it ended."""
    readers: Any = READERS[h11.SEND_BODY]
    before, readers["chunked"] = readers["chunked"], reader
    try:
        connection = h11.Connection(h11.CLIENT)
        connection.send(h11.Request(method="GET", target="/", headers=[("host", "h")]))
        connection.send(h11.EndOfMessage())
        connection.receive_data(HEAD)
        assert isinstance(connection.next_event(), h11.Response)
        data, found = b"", []
        for piece in pieces:
            connection.receive_data(piece)
            while (event := connection.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
                if isinstance(event, h11.Data):
                    data += bytes(event.data)
                else:
                    found.append(type(event))
                    break
        return [data, *found, connection.their_state]
    except h11.RemoteProtocolError:
        return ["malformed"]
    finally:
        readers["chunked"] = before


def ours() -> Any:
    join_chunks()
    readers: Any = READERS[h11.SEND_BODY]
    return readers["chunked"]


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(place % (len(data) + 1) for place in cuts)})
    return [data[start:end] for start, end in pairwise(places)]


CHUNKS = st.lists(
    st.sampled_from([b"1\r\na\r\n", b"00A\r\n0123456789\r\n", b"3;x=y\r\nabc\r\n", b"2\r\n\r\n\r\n"]), max_size=9
)
ENDS = st.sampled_from(
    [b"0\r\n\r\n", b"0\r\na: b\r\n\r\n", b"", b"0x1\r\na\r\n", b"+1\r\na\r\n", b"1\r\nab\r\n", b"\r\n"]
)


@given(CHUNKS, ENDS, st.lists(st.integers(0, 200), max_size=6))
@example([b"1\r\na\r\n", b"1\r\nb\r\n"], b"0\r\n\r\n", [])
def test_a_body_is_read_as_h11_reads_it(chunks: list[bytes], end: bytes, cuts: list[int]) -> None:
    pieces = cut(b"".join(chunks) + end, cuts)
    assert events(ours(), pieces) == events(ChunkedReader, pieces)


def test_chunks_that_come_together_are_one_piece() -> None:
    reader = ours()()
    buffer: Any = h11._receivebuffer.ReceiveBuffer()  # type: ignore[attr-defined]
    buffer += b"1\r\na\r\n" * 500 + b"5\r\nab"
    assert bytes(reader(buffer).data) == b"a" * 500
    assert bytes(reader(buffer).data) == b"ab"
    buffer += b"cde\r\n1\r\nf\r\n1\r\ng\r\n0\r\n\r\n"
    assert bytes(reader(buffer).data) == b"cde"
    assert bytes(reader(buffer).data) == b"fg"
    assert isinstance(reader(buffer), h11.EndOfMessage)


@pytest.mark.parametrize(
    "data", [b"", b"1\r\n", b"1\r\na", b"1\r\na\r", b"0\r\n\r\n", b"g\r\n", b"-1\r\na\r\n", b" 1\r\na\r\n"]
)
def test_what_is_not_a_whole_plain_chunk_is_left(data: bytes) -> None:
    assert whole_chunks(data) == ([], 0)
    assert whole_chunks(b"1\r\nx\r\n" + data) == ([b"x"], 6)
