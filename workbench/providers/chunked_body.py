"""Reads chunked bodies several chunks at a time.

An answer is streamed as a chunk for each token, and one read of the socket brings many of them. The HTTP library hands
them on one by one, through five iterators, which costs several times what reading them takes.

Workaround (no upstream issue known): h11 has no way to ask for several chunks at once, so our reader takes the place of
its own in h11's private table of readers. Ours takes what is plain and leaves all else, also what is malformed, to
h11's. Remove when h11 hands on together the chunks that arrived together.
"""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from h11._receivebuffer import ReceiveBuffer

_HEADER = re.compile(rb"([0-9A-Fa-f]{1,16})\r\n")
_LINE_END = b"\r\n"


def join_chunks() -> None:
    """Let h11 use our reader from now on; where a later version has no such table, nothing is changed."""
    try:
        import h11
        from h11._readers import READERS, ChunkedReader

        readers: Any = READERS[h11.SEND_BODY]
        if readers["chunked"] is ChunkedReader:
            readers["chunked"] = _joining(ChunkedReader)
    except (ImportError, AttributeError, KeyError, TypeError):
        return


def whole_chunks(data: bytes) -> tuple[list[bytes], int]:
    """The chunks that `data` begins with, those that are there with their ends, and how long they are in `data`."""
    chunks: list[bytes] = []
    place = 0
    while header := _HEADER.match(data, place):
        start = header.end()
        end = start + int(header[1], 16)
        if end == start or data[end : end + 2] != _LINE_END:
            break
        chunks.append(data[start:end])
        place = end + 2
    return chunks, place


def _joining(reader: Any) -> Any:
    import h11

    class JoiningReader(reader):  # type: ignore[misc]
        """Between two chunks it takes all that are there; within a chunk, and at the end, it is h11's."""

        _bytes_to_discard: bytes

        def __call__(self, buffer: "ReceiveBuffer") -> Any:
            skipped = len(self._bytes_to_discard)
            if not self._bytes_in_chunk and not self._reading_trailer and skipped in (0, 2):
                data = bytes(buffer)
                if data[:skipped] == self._bytes_to_discard:
                    chunks, length = whole_chunks(data[skipped:])
                    if len(chunks) > 1:
                        buffer.maybe_extract_at_most(skipped + length)
                        self._bytes_to_discard = b""
                        return h11.Data(data=b"".join(chunks))
            return super().__call__(buffer)

    return JoiningReader
