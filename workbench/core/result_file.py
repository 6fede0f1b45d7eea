"""Pictures and files that a function returns. Standard library only, because functions of projects import it.

from workbench.core.result_file import ResultFile

def sales_chart(month: str) -> ResultFile:
    return ResultFile(draw(month), name="sales.png")
"""

import mimetypes
from dataclasses import dataclass

KEPT_CHARS = 4_000_000
"""So much base64 is kept of what one call returns beside text, whatever ran it."""
KEPT_FILES = 20
"""So many pictures and files of one call are kept."""


@dataclass(frozen=True)
class ResultFile:
    """Returned alone or anywhere in a dict or list. The type follows from `name` where `mime_type` is not given, and
    a picture's from its own bytes."""

    data: bytes
    mime_type: str = ""
    name: str = ""

    @property
    def kind(self) -> str:
        """Its MIME type, as far as it is known."""
        return self.mime_type or mimetypes.guess_type(self.name)[0] or ""

    @property
    def words(self) -> str:
        """What stands for it in the text of the result."""
        return f"[{' '.join(part for part in ('file', self.name, self.kind) if part)}, {len(self.data):,} bytes]"
