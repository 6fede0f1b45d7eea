"""The MCP servers of a project as entries for other programs, and as `server.json`. Keys are named, never written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from workbench import __version__
from workbench.core.errors import UsageError
from workbench.core.json_text import JsonObject, JsonValue, pretty
from workbench.core.key_reference import KEY_REFERENCE
from workbench.store.mcp_file import HeaderRow, McpRow

SERVER_SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
MAX_DESCRIPTION = 100
_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+/[A-Za-z0-9._-]+")
_VERSION = re.compile(r"\d+(\.\d+)*([-+.][0-9A-Za-z.-]+)?")
_OWN_COMMAND = "workbench"
_OWN_LOSS = "the project's folder is not part of it: publish the folder too, or give --url of where you serve it"
_RUNNERS = {"npx": "npm", "uvx": "pypi"}


class Entries(msgspec.Struct, frozen=True):
    """The document, and where it differs from the project, in words."""

    text: str
    lost: tuple[str, ...]


def serving_row(project_folder: Path, url: str = "") -> McpRow:
    """The project itself as a server: started by `workbench serve`, or at the address where it is served. Raises
    `UsageError` for an invalid address."""
    if url:
        try:
            return McpRow(url=url, headers={"Authorization": HeaderRow(key="WORKBENCH_TOKEN", scheme="Bearer")})
        except ValueError:
            raise UsageError(f"{url[:80]!r} is no address", hint="Give one such as https://example.com/mcp.") from None
    return McpRow(command=_OWN_COMMAND, args=("serve", str(project_folder.resolve()), "--mcp", "stdio"))


def client_entries(rows: Mapping[str, McpRow], kind: Literal["mcp-servers", "vscode"]) -> Entries:
    """Entries of all these servers, for another program's file."""
    lost = tuple(f"{name}: {words}" for name, row in rows.items() for words in _lost(row))
    if kind == "mcp-servers":
        servers: JsonObject = {name: _entry(row, "${%s}") for name, row in rows.items()}
        lost += tuple(f"put the key {key} in the place of ${{{key}}}" for key in _keys(rows.values()))
        return Entries(pretty({"mcpServers": servers}) + "\n", lost)
    inputs: list[JsonValue] = [
        {"type": "promptString", "id": key, "description": key, "password": True} for key in _keys(rows.values())
    ]
    servers = {
        name: {"type": "http" if row.url else "stdio", **_entry(row, "${input:%s}")} for name, row in rows.items()
    }
    return Entries(pretty({**({"inputs": inputs} if inputs else {}), "servers": servers}) + "\n", lost)


def server_json(name: str, row: McpRow, *, about: str, version: str) -> Entries:
    """A registry's description of one server. Raises `UsageError` for what a registry rejects."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be a server's name", hint="Use reverse DNS, such as io.github.ana/weather.")
    if not _VERSION.fullmatch(version):
        raise UsageError(f"{version!r} is not a single version", hint="Give an exact one, such as 1.0.2.")
    if not 0 < len(about) <= MAX_DESCRIPTION:
        raise UsageError(f"the description has {len(about)} characters", hint=f"Use 1 to {MAX_DESCRIPTION}.")
    head: JsonObject = {"$schema": SERVER_SCHEMA, "name": name, "description": about, "version": version}
    if row.url:
        headers: list[JsonValue] = [{"name": header, "isRequired": True, "isSecret": True} for header in row.headers]
        remote: JsonObject = {"type": "streamable-http", "url": KEY_REFERENCE.sub(r"{\1}", row.url)}
        return Entries(
            pretty({**head, "remotes": [{**remote, **({"headers": headers} if headers else {})}]}) + "\n", ()
        )
    if row.command == _OWN_COMMAND:
        return Entries(pretty({**head, "packages": [_own_package()]}) + "\n", (_OWN_LOSS,))
    package = _package(row, version)
    variables: list[JsonValue] = [{"name": variable, "isRequired": True, "isSecret": True} for variable in row.env]
    if variables:
        package["environmentVariables"] = variables
    return Entries(pretty({**head, "packages": [package]}) + "\n", tuple(_lost(row)))


def _entry(row: McpRow, reference: str) -> JsonObject:
    def named(text: str) -> str:
        return KEY_REFERENCE.sub(lambda found: reference % found[1], text)

    if row.url:
        headers: JsonObject = {
            header: " ".join(filter(None, (held.scheme, reference % held.key))) for header, held in row.headers.items()
        }
        return {"url": named(row.url), **({"headers": headers} if headers else {})}
    env: JsonObject = {variable: reference % key for variable, key in row.env.items()}
    return {"command": row.command, "args": [named(each) for each in row.args], **({"env": env} if env else {})}


def _own_package() -> JsonObject:
    """This program as a server; the person who installs it chooses the served folder."""
    folder: JsonObject = {
        "type": "positional",
        "valueHint": "project",
        "description": "The folder of the project whose tools are served",
        "format": "filepath",
        "isRequired": True,
    }
    arguments: list[JsonValue] = [
        {"type": "positional", "value": "serve"},
        folder,
        {"type": "named", "name": "--mcp", "value": "stdio"},
    ]
    return {
        "registryType": "pypi",
        "identifier": "tool-calling-workbench",
        "version": __version__,
        "transport": {"type": "stdio"},
        "packageArguments": arguments,
    }


def _package(row: McpRow, version: str) -> JsonObject:
    """What `npx` or `uvx` would fetch; arguments after the package are passed to it."""
    words = [each for each in row.args if each not in ("-y", "--yes")]
    registry = _RUNNERS.get(row.command)
    if registry is None or not words or words[0].startswith("-"):
        hint = "A registry lists packages that npx or uvx start, and addresses."
        raise UsageError(f"{row.command!r} starts no package that a registry knows", hint=hint)
    named, _, pinned = words[0].rpartition("@") if "@" in words[0][1:] else (words[0], "", "")
    arguments: list[JsonValue] = [{"type": "positional", "value": each} for each in words[1:]]
    package: JsonObject = {"registryType": registry, "identifier": named, "version": pinned or version}
    return {**package, "transport": {"type": "stdio"}, **({"packageArguments": arguments} if arguments else {})}


def _lost(row: McpRow) -> Iterator[str]:
    if row.cwd:
        yield f"the folder {row.cwd!r} in which it is started is left out"
    if row.sign_in is not None:
        yield "how to sign in is left out"
    if row.is_off:
        yield "that it is switched off is left out"


def _keys(rows: Iterable[McpRow]) -> list[str]:
    found: list[str] = []
    for row in rows:
        found += [*row.env.values(), *(held.key for held in row.headers.values())]
        found += [key for text in (row.url, *row.args) for key in KEY_REFERENCE.findall(text)]
    return list(dict.fromkeys(found))
