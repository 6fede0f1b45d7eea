"""The child process that decodes pictures which tools returned: JSON lines on standard input and output.

Command   {"data": base64, "width", "height"}, the room that the picture has
Answer    {"ok": {"width", "height", "rgba": base64}}, no larger than the room · {"ok": null} where it cannot be read

The bytes come from strangers, and decoders are native code. This process gets no keys, its memory is bounded, it can
write no file, and a fault ends nothing but itself. It may still read files: to forbid the opening of any ends the
process, because Qt converts large pictures in threads, each with a descriptor of its own, and a filter of system calls
would have to know all that Qt makes, on each system and in each version.
"""

import base64
import contextlib
import json
import os
import sys

from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from workbench.core.json_text import JsonObject
from workbench.core.picture_header import HEADER_BYTES, picture_header

_MEMORY = 2**30


def main(_arguments: list[str]) -> int:
    """Answer commands until standard input ends."""
    _bound()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a decoder prints is no answer
    for line in sys.stdin.buffer:
        command = json.loads(line)
        answer = _small(base64.b64decode(command["data"]), QSize(command["width"], command["height"]))
        answers.write(json.dumps({"ok": answer}).encode("ascii") + b"\n")
        answers.flush()
    return 0


def _small(content: bytes, room: QSize) -> JsonObject | None:
    """It is read as what its first bytes say, whatever else was said about it."""
    header = picture_header(content[:HEADER_BYTES])
    if header is None or header.problem:
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(header.mime_type.partition("/")[2].encode()))
    reader.setAutoDetectImageFormat(False)
    size = QSize(header.width, header.height)
    if size.width() > room.width() or size.height() > room.height():
        size.scale(room, Qt.AspectRatioMode.KeepAspectRatio)
    reader.setScaledSize(size.expandedTo(QSize(1, 1)))
    image = reader.read().convertToFormat(QImage.Format.Format_RGBA8888)
    if image.isNull():
        return None
    rgba = base64.b64encode(image.constBits()).decode()
    return {"width": image.width(), "height": image.height(), "rgba": rgba}


def _bound() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; there Qt's own of 256 MB for one picture counts
        return
    for kind, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # a system may not bound each
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
