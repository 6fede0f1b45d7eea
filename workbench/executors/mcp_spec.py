"""An MCP server as it is to be started or reached, and the name its tools get."""

import hashlib
import re
from collections.abc import Iterable

import msgspec

from workbench.core.json_text import JsonObject, canonical, digest
from workbench.core.tool import PORTABLE_NAME, Tool
from workbench.executors.sign_in_setup import SignInSetup

_MAX_NAME = 64


class McpHeader(msgspec.Struct, frozen=True):
    """A header made from the key named `key`."""

    key: str
    scheme: str = ""


class McpSampling(msgspec.Struct, frozen=True):
    """How many answers of the model a server may have in a run, and of how many tokens in all."""

    answers: int = 5
    tokens: int = 4_000


class McpSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A server: either a `command` that is started in `folder`, or a `url` (streamable HTTP).

    `environment` maps variables of the process to names of keys, `headers` header names to keys; `${key:NAME}` in an
    argument or behind the host of the address is filled in at each start. `seal` is what an
    approval is bound to: it differs as soon as anything about what is started or reached differs. Without `sampling`
    the server gets no answers of the model.
    """

    name: str
    command: str = ""
    arguments: tuple[str, ...] = ()
    folder: str = ""
    environment: dict[str, str] = {}
    url: str = ""
    headers: dict[str, McpHeader] = {}
    sign_in: SignInSetup = SignInSetup()
    start_limit_s: float = 60.0
    sampling: McpSampling | None = None
    seal: str = ""


class McpTool(msgspec.Struct, frozen=True):
    """A tool of a server: its own name there, and the tool as it is offered here."""

    server: str
    name: str
    tool: Tool

    @property
    def digest(self) -> str:
        """Changes with anything in the tool's document."""
        return self.tool.digest


def offered_names(server: str, names: Iterable[str]) -> dict[str, str]:
    """The names under which a server's tools are offered: `server__tool`, accepted by every vendor, all different.

    A server's name has at most 32 characters and no two underscores in a row, so that no two servers share a name.
    The same tool gets the same name whatever other tools there are, except that tools which would share a name are
    all told apart by a mark.
    """
    plain = {name: f"{server}__{re.sub(r'[^A-Za-z0-9_-]', '_', name)}" for name in names}
    uses: dict[str, list[str]] = {}
    for name, wanted in plain.items():
        uses.setdefault(wanted, []).append(name)
    return {
        name: wanted
        if PORTABLE_NAME.fullmatch(wanted) and _keeps_plain_name(name, uses[wanted])
        else _marked(wanted, name)
        for name, wanted in plain.items()
    }


def offered_tools(server: str, documents: Iterable[JsonObject]) -> tuple[McpTool, ...]:
    """The tools of a listing. Of two with one name in the same listing, the first counts."""
    own: dict[str, JsonObject] = {}
    for document in documents:
        own.setdefault(str(document["name"]), document)
    names = offered_names(server, own)
    return tuple(McpTool(server, name, Tool({**own[name], "name": names[name]})) for name in own)


def fingerprint(spec: McpSpec, tool: McpTool | None) -> str:
    """What a grant for a tool is bound to: the server's seal and the tool as the server describes it now."""
    return digest([spec.seal, tool.name if tool else "", canonical(tool.tool.document) if tool else ""])


def _keeps_plain_name(name: str, sharing: list[str]) -> bool:
    """Whether `name` may keep the plain form: it is alone, or it is the one that needed no change."""
    return len(sharing) == 1 or re.fullmatch(r"[A-Za-z0-9_-]+", name) is not None


def _marked(wanted: str, name: str) -> str:
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{wanted[: _MAX_NAME - 9]}_{mark}"
