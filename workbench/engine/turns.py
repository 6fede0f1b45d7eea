"""Spreads work that starts at the same moment over the iterations of the event loop."""

import asyncio


class Turns:
    """Lets one task of an iteration go on, in the order they came. One that comes alone does not wait.

    Starting a run or sending a request is short, but two hundred at once would hold up everything else on the loop.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def wait(self) -> None:
        """Return when it is the caller's turn. The turn of a caller that is cancelled meanwhile passes to the next."""
        await self._lock.acquire()
        asyncio.get_running_loop().call_soon(self._lock.release)
