"""What a tool returned besides text, in words: its kind, and a file name."""

import mimetypes
import re
from urllib.parse import unquote, urlsplit

from workbench.core.message import Attachment
from workbench.viewmodels.shared.plain import one_line

_ENDINGS = {"audio/wav": ".wav"}
_UNSAFE = re.compile(r"[^\w\- ]+")


def attachment_words(attachment: Attachment) -> str:
    """Its name, type, and size in one line."""
    pixels = f"{attachment.width:,} × {attachment.height:,} pixels" if attachment.is_picture else ""
    parts = (one_line(attachment.name, 80), one_line(attachment.mime_type, 60), pixels, f"{attachment.size:,} bytes")
    return " · ".join(part for part in parts if part)


def file_name(attachment: Attachment, number: int) -> str:
    """A name for its file. The extension is that of its type, whatever the server calls it."""
    try:
        last = unquote(urlsplit(attachment.name).path).replace("\\", "/").rpartition("/")[2]
    except ValueError:
        last = ""
    stem = _UNSAFE.sub("_", last.partition(".")[0])[:60].strip("_ ")
    known = _ENDINGS.get(attachment.mime_type) or mimetypes.guess_extension(attachment.mime_type, strict=False)
    return f"{stem or f'attachment-{number}'}{known or '.bin'}"
