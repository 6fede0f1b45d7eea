"""Long records in pieces, so that the window can paint between two of them."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping

from workbench.core.event import RunEvent
from workbench.core.ids import RunId
from workbench.core.log import EventLog

SLICE_S = 0.008
"""How long a record is taken in before others get their turn; a frame of the window is 0.016."""
_PIECE = 128


async def in_slices(
    logs: Mapping[RunId, EventLog], on_progress: Callable[[int, int], object]
) -> AsyncIterator[list[RunEvent]]:
    """The events of runs piece by piece; now and then others get their turn between two of them."""
    total = sum(map(len, logs.values()))
    done, begun = 0, time.monotonic()
    for log in logs.values():
        events = list(log)
        for start in range(0, len(events), _PIECE):
            yield events[start : start + _PIECE]
            if time.monotonic() - begun > SLICE_S:
                on_progress(done + start + _PIECE, total)
                await asyncio.sleep(0)
                begun = time.monotonic()
        done += len(events)
