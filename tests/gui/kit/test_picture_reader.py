"""Pictures of strangers: read in a process of their own, which may end, hang or lie without harm to the window."""

import base64
import json
import struct
import sys
import zlib
from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QColor, QImage

from tests.support.window import until
from workbench.app.runs.picture_reader import Picture, PictureReader
from workbench.core.message import Attachment
from workbench.providers.worker_process import WorkerProcess

pytestmark = pytest.mark.child_process

DAMAGED = "the picture is damaged"
PIXEL = {"width": 1, "height": 1, "rgba": base64.b64encode(b"abcd").decode()}


def drawn(width: int, height: int, kind: str = "PNG") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 100, 50))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, kind)  # type: ignore[call-overload]
    content: bytes = buffer.data().data()
    return content


def png(width: int, height: int, rows: int) -> bytes:
    """One that says it has this size, and has so many rows."""
    pixels = zlib.compress(bytes(1 + 3 * width) * rows)
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", pixels), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def attached(content: bytes) -> Attachment:
    return Attachment("image/png", base64.b64encode(content).decode(), "a", 640, 480)


@pytest.fixture
async def process() -> AsyncIterator[WorkerProcess]:
    made = WorkerProcess(module="workbench.gui.kit.picture_worker", name="reader")
    yield made
    await made.close()


@pytest.fixture
async def taken_over() -> AsyncIterator[WorkerProcess]:
    made = WorkerProcess(module="tests.support.odd_picture_worker", name="reader")
    yield made
    await made.close()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_picture_comes_as_pixels_no_larger_than_the_room(process: WorkerProcess, kind: str) -> None:
    read = await PictureReader(process).read(attached(drawn(640, 480, kind)), 320, 200)
    assert isinstance(read, Picture)
    assert (read.width, read.height, len(read.rgba)) == (266, 200, 4 * 266 * 200)
    assert all(abs(is_ - was) < 8 for is_, was in zip(read.rgba[:4], (200, 100, 50, 255), strict=True))
    small = await PictureReader(process).read(attached(drawn(3, 2, kind)), 320, 200)
    assert isinstance(small, Picture)
    assert small[:2] == (3, 2)


@pytest.mark.parametrize(
    "content",
    [
        drawn(640, 480)[:-200],
        drawn(640, 480, "JPEG")[:40],
        png(20_000, 20_000, 1),
        png(7_000, 7_000, 1),
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        b"",
    ],
    ids=["cut short", "cut short in its head", "bomb", "less than it says", "another format", "nothing"],
)
async def test_what_cannot_be_read_or_takes_too_much_is_told_and_the_next_is_read(
    process: WorkerProcess, content: bytes
) -> None:
    reader = PictureReader(process)
    assert await reader.read(attached(content), 320, 200) == DAMAGED
    assert isinstance(await reader.read(attached(drawn(9, 9)), 320, 200), Picture)


async def test_a_picture_that_ends_or_holds_up_the_process_is_told_and_the_next_is_read(
    taken_over: WorkerProcess,
) -> None:
    reader = PictureReader(taken_over)
    good = attached(json.dumps({"ok": PIXEL}).encode())
    assert await reader.read(attached(b"die"), 9, 9) == "the picture ended the process that reads it"
    assert await reader.read(good, 9, 9) == Picture(1, 1, b"abcd")
    hasty = PictureReader(taken_over, limit_s=0.05)
    assert await hasty.read(attached(b"hang"), 9, 9) == "reading the picture took longer than 0.05 s"
    assert taken_over.pid is None
    assert await reader.read(good, 9, 9) == Picture(1, 1, b"abcd")


@pytest.mark.parametrize(
    "answer",
    [
        b'{"ok": {"width": 2, "height": 1, "rgba": "YWJjZA=="}}',
        b'{"ok": {"width": 10, "height": 1, "rgba": "%s"}}' % base64.b64encode(bytes(40)),
        b'{"ok": {"width": -1, "height": -1, "rgba": "YWJjZA=="}}',
        b'{"ok": {"width": 1, "height": 1, "rgba": "!"}}',
        b'{"ok": "abcd"}',
        b'{"failed": {"words": 1}}',
        b'{"ok": null, "load_s": "x"}',
        b"{}",
        b"[]",
        b"no JSON",
        b"[" * 100_000,
    ],
)
async def test_pixels_that_are_not_what_they_say_are_not_shown(taken_over: WorkerProcess, answer: bytes) -> None:
    reader = PictureReader(taken_over)
    assert await reader.read(attached(answer), 9, 9) == "the result is not a picture"
    assert taken_over.pid is None


@pytest.mark.skipif(sys.platform != "linux", reason="asks the system about another process")
async def test_the_process_is_bounded(process: WorkerProcess) -> None:
    import resource

    await PictureReader(process).read(attached(drawn(9, 9)), 9, 9)
    assert process.pid is not None
    limits = [
        resource.prlimit(process.pid, kind)  # type: ignore[attr-defined,unused-ignore]
        for kind in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)
    ]
    assert limits == [(2**30, 2**30), (0, 0), (0, 0)]


async def test_the_process_begins_with_the_first_picture_and_ends_when_idle() -> None:
    process = WorkerProcess(idle_limit_s=0.0, module="tests.support.odd_picture_worker", name="reader")
    reader = PictureReader(process)
    assert process.pid is None
    assert isinstance(await reader.read(attached(json.dumps({"ok": PIXEL}).encode()), 9, 9), Picture)
    await until(lambda: process.pid is None)
    await reader.close()


async def test_closing_ends_what_is_being_read_and_its_process(taken_over: WorkerProcess) -> None:
    reader = PictureReader(taken_over)
    told: list[Picture | str] = []
    reader.ask(attached(b"hang"), 9, 9).connect(told.append)
    await reader.close()
    assert (told, taken_over.pid) == ([], None)
