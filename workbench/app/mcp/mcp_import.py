"""Servers from the configuration files of other MCP hosts (`mcpServers` JSON), without the keys that are in them."""

import re
from pathlib import Path
from typing import Any

import msgspec
import tomlkit

from workbench.app.mcp.host_variables import HostVariables
from workbench.app.mcp.server_row import CannotUse, ServerRow
from workbench.core.errors import MalformedJson, ProjectError, UsageError
from workbench.core.json_file import read_json_file
from workbench.core.json_text import JsonObject, JsonValue, as_object
from workbench.core.project_folder import PROJECT_FILE
from workbench.store.keys import KeyStore
from workbench.store.mcp_file import MAX_SERVER_NAME
from workbench.store.tool_file import write_whole

_TABLES = ("mcpServers", "servers", "mcp_servers", "context_servers")
"""Where hosts keep their servers, at the top of a file or under `mcp`."""
_MAX_BYTES = 5_000_000


class ImportedServers(msgspec.Struct, frozen=True):
    """What was taken over. `kept` were in the project already; `skipped` cannot be used, with the reason.

    `saved` are keys that were in the file and are in the system's keyring now, `missing` those that are not and have
    to be set. `remarks` say what was made of variables, and of keys in addresses and arguments.
    """

    added: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    skipped: dict[str, str] = {}
    saved: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def import_servers(folder: Path, keys: KeyStore, file: Path) -> ImportedServers:
    """Add the servers of `file` to workbench.toml, off limits until they are approved. Starts nothing.

    Values of variables and headers, and keys in addresses and arguments, are never written: they go to the keyring.
    Raises `UsageError` when `file` cannot be read as JSON, and `ProjectError` when `mcp` in workbench.toml is not a
    table.
    """
    path = folder / PROJECT_FILE
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    table: Any = document.setdefault("mcp", tomlkit.table(is_super_table=True))
    if not isinstance(table, dict):
        raise ProjectError("mcp is not a table", where=PROJECT_FILE)
    added: list[str] = []
    kept: list[str] = []
    skipped: dict[str, str] = {}
    secrets: dict[str, str] = {}
    remarks: list[str] = []
    servers = servers_in(_read(file))
    if servers is None:
        raise UsageError("the file contains no servers", hint='It needs an "mcpServers" object.')
    for label, server in servers.items():
        name = _name(label)
        if not name:
            skipped[label] = "its name has no letter or digit"
        elif name in table:
            kept.append(name)
        elif not isinstance(server, dict):
            skipped[label] = "it is not an object"
        else:
            row = ServerRow(name, HostVariables(file, folder))
            try:
                table[name] = row.made_of(server)
            except CannotUse as error:
                skipped[label] = str(error)
                continue
            added.append(name)
            secrets |= {key: "" for key in row.variables.keys if key not in secrets} | row.secrets
            remarks += [f"{name}: {words}" for words in row.remarks]
    if added:
        write_whole(path, tomlkit.dumps(document))
    saved = [key for key, value in secrets.items() if value and keys.save(key, value)]
    missing = [key for key, value in secrets.items() if key not in saved and (value or keys.describe(key) is None)]
    return ImportedServers(tuple(added), tuple(kept), skipped, tuple(saved), tuple(missing), tuple(remarks))


def _read(file: Path) -> JsonObject:
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise UsageError(f"{file} is larger than {_MAX_BYTES:,} bytes")
        return as_object(read_json_file(file.read_bytes()))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}") from None
    except MalformedJson as error:
        raise UsageError(f"{file} is not JSON: {error}") from None


def servers_in(document: JsonValue) -> JsonObject | None:
    """The servers of a host's configuration by name; None for a document that has none."""
    if not isinstance(document, dict):
        return None
    nested = document.get("mcp")
    nested = nested if isinstance(nested, dict) else {}
    for place in (document, nested):
        for key in _TABLES:
            servers = place.get(key)
            if isinstance(servers, dict):
                return servers
    is_table = nested and all(isinstance(one, dict) and ("command" in one or "url" in one) for one in nested.values())
    return nested if is_table else None


def _name(label: str) -> str:
    return re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9_]+", "-", label)).strip("_-")[:MAX_SERVER_NAME].rstrip("_-")
