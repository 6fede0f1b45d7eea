"""Pictures in results, decoded in a separate process: the bytes come from strangers, and decoders are native code."""

import asyncio
from typing import NamedTuple

import msgspec

from workbench.core.errors import ProviderFailure
from workbench.core.message import Attachment
from workbench.core.signal import Signal
from workbench.providers.worker_process import WorkerProcess

_LIMIT_S = 15.0
"""Time limit for one picture, including the start of the process."""


class Picture(NamedTuple):
    """Plain pixels, four bytes each, row by row."""

    width: int
    height: int
    rgba: bytes


class _Pixels(msgspec.Struct):
    """The process's answer, with the pixels in base64."""

    width: int
    height: int
    rgba: bytes


class PictureReader:
    """One picture after the other. The process starts with the first and ends when idle; a new one replaces one that a
    picture has crashed. Its answers are only accepted with the size that they claim."""

    def __init__(self, process: WorkerProcess | None = None, *, limit_s: float = _LIMIT_S) -> None:
        self._process = process or WorkerProcess(
            idle_limit_s=60.0, module="workbench.gui.kit.picture_worker", name="reader of pictures"
        )
        self._limit_s = limit_s
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def ask(self, attachment: Attachment, width: int, height: int) -> "Signal[[Picture | str]]":
        """Read it, no larger than that. The signal is emitted once, with the picture or why it cannot be shown.
        Listeners may disconnect at any time."""
        told: Signal[[Picture | str]] = Signal()

        async def work() -> None:
            told.emit(await self.read(attachment, width, height))

        task = asyncio.get_running_loop().create_task(work(), name="read a picture")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return told

    async def read(self, attachment: Attachment, width: int, height: int) -> Picture | str:
        """The picture, no larger than that, or why it cannot be shown."""
        async with self._turn:
            try:
                async with asyncio.timeout(self._limit_s):
                    answer = await self._process.ask("read", data=attachment.data, width=width, height=height)
                return "the picture is damaged" if answer is None else _checked(answer, width, height)
            except TimeoutError:
                return f"reading the picture took longer than {self._limit_s:g} s"
            except ProviderFailure as failure:
                return "the picture ended the process that reads it" if failure.kind == "cut_off" else str(failure)
            except (
                ValueError,
                TypeError,
                AttributeError,
                LookupError,
                RecursionError,
            ):  # not from our own code in that process
                self._process.kill()
                return "the result is not a picture"

    async def close(self) -> None:
        """End the process; the current picture is dropped."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._process.close()


def _checked(answer: object, width: int, height: int) -> Picture:
    pixels = msgspec.convert(answer, _Pixels)
    picture = Picture(pixels.width, pixels.height, pixels.rgba)
    if not (0 < picture.width <= width and 0 < picture.height <= height):
        raise ValueError("a picture of another size")
    if len(picture.rgba) != 4 * picture.width * picture.height:
        raise ValueError("not as many pixels as were said")
    return picture
