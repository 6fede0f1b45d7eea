"""Files that only grow, a line at a time."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path

_AS_IT_IS = getattr(os, "O_BINARY", 0)
"""Windows would change the ends of lines."""


def add_lines(path: Path, lines: Sequence[bytes], *, is_synced: bool = False) -> int:
    """Add lines in one write, on lines of their own also where the last writer died in the middle of one, and say where
    they begin. `is_synced`: they are on the disk when this returns. Raises `OSError`."""
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _AS_IT_IS, 0o666)  # half as long as a file object takes
    try:
        end = os.lseek(file, 0, os.SEEK_END)
        os.lseek(file, max(0, end - 1), os.SEEK_SET)
        gap = b"" if os.read(file, 1) in (b"", b"\n") else b"\n"
        text = gap + b"".join(line + b"\n" for line in lines)
        if os.write(file, text) < len(text):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if is_synced:
            os.fsync(file)
    finally:
        os.close(file)
    return end + len(gap)
