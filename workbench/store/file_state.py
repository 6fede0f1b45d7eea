"""Whether a file is still the one that was read: by what the system knows of it, without reading it again."""

import os
from typing import NamedTuple

_SETTLED_NS = 200_000_000
"""Times are kept in steps: a file changed so recently may change again unnoticed. Systems that keep nanoseconds take
them from a clock that ticks at least a hundred times a second."""
_COARSE_SETTLED_NS = 2_100_000_000
"""Others keep steps of two seconds at worst."""
_COARSE_STEP_NS = 1_000_000
"""A file system with coarse steps keeps only multiples of this."""
_HAS_CHANGE_TIME = os.name == "posix"
"""Elsewhere `st_ctime` is when a file was made, and every other time can be set by any program."""


class FileState(NamedTuple):
    """No program can change a file's content and keep all of these: `ctime_ns` is the system's own."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    device: int

    @classmethod
    def of(cls, path: str, found: os.stat_result) -> "FileState":
        """What `os.stat` has found."""
        return cls(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev)

    def is_settled(self, now_ns: int) -> bool:
        """Whether any change after `now_ns`, when reading began, will show; only then what was read may be kept."""
        settled_ns = _SETTLED_NS if self.ctime_ns % _COARSE_STEP_NS else _COARSE_SETTLED_NS
        return _HAS_CHANGE_TIME and now_ns - max(self.mtime_ns, self.ctime_ns) > settled_ns
