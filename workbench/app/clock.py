"""The system's time and the ids of runs."""

import asyncio
import secrets
import time
from datetime import UTC, datetime

from workbench.core.ids import RunId

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class SystemClock:
    """Time that starts at the wall clock and never goes back, whatever is done to the wall clock."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._offset + time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class TimedIds:
    """Run ids that sort by time and can be read aloud, such as `20261121-142233-k7fq`."""

    def __init__(self, letters: int = 4) -> None:
        """Where many processes begin runs in one second, more `letters` keep them apart."""
        self._letters = letters
        self._stamp, self._second = "", 0
        self._given: set[str] = set()
        """Of this second: a service begins hundreds, and of a million words of four letters some would come twice."""

    def new_run_id(self) -> RunId:
        """A run id nobody has used."""
        second = int(time.time())
        if second != self._second:
            self._second, self._given = second, set()
            self._stamp = datetime.fromtimestamp(second, UTC).strftime("%Y%m%d-%H%M%S")
        while (letters := self._word()) in self._given:
            pass
        self._given.add(letters)
        return RunId(f"{self._stamp}-{letters}")

    def _word(self) -> str:
        return "".join(_LETTERS[byte % len(_LETTERS)] for byte in secrets.token_bytes(self._letters))
