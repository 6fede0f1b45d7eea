"""The project of the benchmark, served as `workbench serve` does; its tool is a Python function in child processes."""

import asyncio
import gc
from pathlib import Path

from benchmark.programs.bench_project import open_session
from benchmark.programs.cost import order
from benchmark.programs.told_cost import tell
from workbench.app.service.client_tokens import ClientTokens
from workbench.app.service.service_settings import ServiceSettings
from workbench.service.server import Service


async def main() -> None:
    """Serve until the input closes."""
    session = open_session(Path(order()["folder"]), "http://127.0.0.1:9/v1", in_children=True)
    tokens = ClientTokens(session.keys, session.project.folder)
    token, _ = tokens.create("benchmark", ("read", "call"))
    service = Service(session.serve(ServiceSettings(), has_person=lambda: False), tokens, title="Benchmark", port=0)
    await service.start()
    gc.freeze()
    await tell(service.url, token, flush=session.store.flush)
    await service.stop()
    await session.close()


if __name__ == "__main__":
    asyncio.run(main())
