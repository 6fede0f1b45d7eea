"""Files that only grow, a line at a time."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path


def add_lines(path: Path, lines: Sequence[bytes], *, is_synced: bool = False) -> int:
    """Add lines in one write, on lines of their own also where the last writer died in the middle of one, and say where
    they begin. `is_synced`: they are on the disk when this returns. Raises `OSError`."""
    with path.open("ab+", buffering=0) as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - 1))
        gap = b"" if file.read(1) in (b"", b"\n") else b"\n"
        text = gap + b"".join(line + b"\n" for line in lines)
        if file.write(text) < len(text):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if is_synced:
            os.fsync(file.fileno())
    return end + len(gap)
