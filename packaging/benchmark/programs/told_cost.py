"""How a server of the benchmark says where it is and what it has cost so far. Standard library only."""

import asyncio
import json
import sys
from collections.abc import Callable

from benchmark.programs.cost import family_cpu_s


async def tell(url: str, token: str, *, flush: Callable[[], object] = lambda: None) -> None:
    """Print the address, then the processor seconds of this process and its children for each line of the input."""
    print(json.dumps({"url": url, "token": token}), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        flush()
        print(family_cpu_s(), flush=True)
