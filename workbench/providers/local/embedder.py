"""Texts as vectors, made by the local model or the sentence encoder in a process of its own, so that no run waits."""

import asyncio
import importlib.util
from array import array
from collections import OrderedDict
from collections.abc import Sequence

from workbench.providers.worker_process import WorkerProcess

MAX_CHARS = 4_000
"""Of a longer text the beginning is taken."""
_KEPT = 3_000
_AT_ONCE = 16


class TextEmbedder:
    """What was asked before is answered from memory. The process starts with the first new text and ends when idle."""

    def __init__(self, process: WorkerProcess | None = None, *, package: str = "needle") -> None:
        """`package` is what has to be installed for it."""
        self._process = process or WorkerProcess(idle_limit_s=60.0)
        self._package = package
        self._known: OrderedDict[str, array[float]] = OrderedDict()

    @property
    def is_there(self) -> bool:
        """Whether it is installed."""
        return importlib.util.find_spec(self._package) is not None

    async def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """One vector for each text, all of the same length. Raises `ProviderFailure`. What was made before it is
        cancelled is kept."""
        wanted = [_plain(text) for text in texts]
        missing = [text for text in dict.fromkeys(wanted) if text not in self._known]
        found = {text: self._known[text] for text in wanted if text in self._known}
        for start in range(0, len(missing), _AT_ONCE):
            some = missing[start : start + _AT_ONCE]
            answer: list[list[float]] = await self._process.ask("embed", texts=list(some))
            made = zip(some, (array("f", vector) for vector in answer), strict=True)
            for text, vector in made:
                found[text] = self._known[text] = vector
            await asyncio.sleep(0)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return [found[text] for text in wanted]

    async def close(self) -> None:
        """End the process."""
        await self._process.close()


def _plain(text: str) -> str:
    """What the engine takes: no null character, no half character, and never nothing."""
    text = text[:MAX_CHARS].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    return text if text.strip() else "-"
