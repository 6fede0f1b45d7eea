"""A program that runs a script and kills itself at one chosen event, as a power cut would.

    python dying_run.py PROJECT STEP

Whatever it has printed as `ack N` had been committed; the kill comes right after event number STEP was
appended, with no chance to write anything more.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from workbench.app.runs.runs import RunOptions
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL
from workbench.core.event import CRITICAL, RunEvent


async def main(folder: Path, step: int) -> None:
    session = Session(folder, trust_for_now=True)

    def die_at(event: RunEvent) -> None:
        if isinstance(event, CRITICAL):
            session.store.flush()
            print(f"ack {event.seq}", flush=True)
        if event.seq == step:
            os.kill(os.getpid(), signal.SIGKILL)

    live = session.runs.start("Mark it.", RunOptions(policy=ALLOW_ALL), listener=die_at)
    await live.finished()
    print("finished", flush=True)
    await session.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
