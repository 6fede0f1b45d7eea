"""Bytes as they are stored in the run database: compressed where that pays."""

import zlib

MOST_BYTES = 16 * 2**20
"""Longer ones are not compressed, and nothing grows longer than this when it is read."""
_LEAST_BYTES = 500
_LEAST_GAIN = 300
"""What saves less stays as it is: such a line can be read with any SQLite tool."""
_LEVEL = 6
_MARK = b"x"
"""What every zlib stream begins with. JSON never does."""
_SMALL_BYTES = 2**13
_HEADER = b"x\x9c"
"""What zlib writes for this level and the largest window."""


def packed(content: bytes) -> bytes:
    """`content`, or its compressed form where that is far shorter. It may only begin with an `x` up to `MOST_BYTES`."""
    is_marked = content.startswith(_MARK)
    if (len(content) < _LEAST_BYTES and not is_marked) or len(content) > MOST_BYTES:
        return content
    compressed = _compressed_small(content) if len(content) <= _SMALL_BYTES else zlib.compress(content, _LEVEL)
    return compressed if is_marked or len(content) - len(compressed) >= _LEAST_GAIN else content


def _compressed_small(content: bytes) -> bytes:
    """The same result from a window no larger than the content: preparing the largest one takes longer than all the
    rest. The header may name a larger window than was used, and the mark stays the same."""
    stream = zlib.compressobj(_LEVEL, zlib.DEFLATED, wbits=13, memLevel=6)
    return _HEADER + (stream.compress(content) + stream.flush())[len(_HEADER) :]


def unpacked(stored: bytes) -> bytes:
    """What `packed` was given; raises `ValueError` for anything damaged or of an absurd length."""
    if not stored.startswith(_MARK):
        return stored
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(stored, MOST_BYTES)
    except zlib.error as error:
        raise ValueError(f"compressed content is damaged: {error}") from None
    if not stream.eof:
        raise ValueError("compressed content is cut short or too long")
    return content
