"""Model servers on this machine, found by asking their usual ports; only at a person's request."""

import asyncio
from collections.abc import Sequence

import msgspec

from workbench.app.models.wires import WIRES
from workbench.core.errors import ProviderFailure
from workbench.providers.questions import list_models


class LocalServer(msgspec.Struct, frozen=True):
    """A kind of server. `name` is the name of its connection; `port` is its default port."""

    title: str
    name: str
    port: int

    @property
    def base_url(self) -> str:
        """Its base URL on loopback."""
        return f"http://127.0.0.1:{self.port}/v1"


class FoundServer(msgspec.Struct, frozen=True):
    """A server that answered, with its models in its own order."""

    server: LocalServer
    models: tuple[str, ...]


LOCAL_SERVERS = (
    LocalServer("Ollama", "ollama", 11434),
    LocalServer("LM Studio", "lm-studio", 1234),
    LocalServer("llama.cpp", "llama-cpp", 8080),
    LocalServer("vLLM", "vllm", 8000),
)
WIRE = WIRES[0]
"""All of them speak it."""


async def find_local_servers(servers: Sequence[LocalServer] = LOCAL_SERVERS) -> tuple[FoundServer, ...]:
    """Servers that answer with a list of models, in the order of `servers`. They are asked at once, with no key."""

    async def ask(server: LocalServer) -> tuple[str, ...]:
        try:
            return await list_models(WIRE, base_url=server.base_url)
        except ProviderFailure:
            return ()

    answers = await asyncio.gather(*map(ask, servers))
    return tuple(FoundServer(server, models) for server, models in zip(servers, answers, strict=True) if models)
