"""Servers from the configuration files of other MCP hosts (`mcpServers` JSON), without the keys that stand in them."""

import re
from pathlib import Path
from typing import Any

import msgspec
import tomlkit

from workbench.core.errors import MalformedJson, ProjectError, UsageError
from workbench.core.json_text import JsonObject, JsonValue, parse_strict_object
from workbench.core.project_folder import PROJECT_FILE
from workbench.store.keys import KeyStore
from workbench.store.mcp_file import MAX_SERVER_NAME
from workbench.store.tool_file import write_whole

_TABLES = ("mcpServers", "servers", "mcp_servers")
_REFERENCE = re.compile(r"\$\{(?:env:|input:)?([A-Za-z_][A-Za-z0-9_-]*)\}")
_MAX_BYTES = 5_000_000


class ImportedServers(msgspec.Struct, frozen=True):
    """What was taken over. `kept` were in the project already; `skipped` cannot be used, with the reason.

    `saved` are keys that stood in the file and are in the system's keyring now, `missing` those that are not and have
    to be set.
    """

    added: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    skipped: dict[str, str] = {}
    saved: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def import_servers(folder: Path, keys: KeyStore, file: Path) -> ImportedServers:
    """Add the servers of `file` to workbench.toml, off limits until they are approved. Starts nothing.

    Values of variables and headers are never written: they go to the keyring, under the name of the variable. Raises
    `UsageError` when `file` cannot be read as JSON, and `ProjectError` when `mcp` in workbench.toml is not a table.
    """
    path = folder / PROJECT_FILE
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    table: Any = document.setdefault("mcp", tomlkit.table(is_super_table=True))
    if not isinstance(table, dict):
        raise ProjectError("mcp is not a table", where=PROJECT_FILE)
    found = _servers_in(_read(file))
    added, kept, skipped = [], [], {}
    secrets: dict[str, str] = {}
    for label, server in found.items():
        name = _name(label)
        if not name:
            skipped[label] = "its name has no letter or digit"
        elif name in table:
            kept.append(name)
        elif not isinstance(server, dict):
            skipped[label] = "it is not an object"
        elif reason := _fill(table, name, server, secrets):
            skipped[label] = reason
        else:
            added.append(name)
    if added:
        write_whole(path, tomlkit.dumps(document))
    saved = [key for key, value in secrets.items() if value and keys.save(key, value)]
    missing = [key for key in secrets if key not in saved and keys.describe(key) is None]
    in_memory = [key for key, value in secrets.items() if value and key not in saved]
    return ImportedServers(
        tuple(added), tuple(kept), skipped, tuple(saved), tuple(dict.fromkeys([*missing, *in_memory]))
    )


def _read(file: Path) -> JsonObject:
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise UsageError(f"{file} is larger than {_MAX_BYTES:,} bytes")
        return parse_strict_object(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}") from None
    except (MalformedJson, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not JSON: {error}") from None


def _servers_in(document: JsonObject) -> JsonObject:
    nested = document.get("mcp")
    for place in (document, nested if isinstance(nested, dict) else {}):
        for key in _TABLES:
            servers = place.get(key)
            if isinstance(servers, dict):
                return servers
    raise UsageError("the file names no servers", mend='It should have an object "mcpServers".')


def _name(label: str) -> str:
    return re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9_]+", "-", label)).strip("_-")[:MAX_SERVER_NAME].rstrip("_-")


def _fill(table: Any, name: str, server: JsonObject, secrets: dict[str, str]) -> str:
    """Write the row of one server, or say why not."""
    row = tomlkit.table()
    command, url = server.get("command"), server.get("url") or server.get("serverUrl") or server.get("httpUrl")
    if isinstance(command, str) and command:
        arguments = server.get("args", [])
        if not isinstance(arguments, list) or not all(isinstance(one, str) for one in arguments):
            return "its args are not a list of texts"
        row["command"] = command
        if arguments:
            row["args"] = arguments
        if isinstance(server.get("cwd"), str):
            row["cwd"] = server["cwd"]
        variables = {variable: _key(variable, value, secrets) for variable, value in _texts(server.get("env"))}
        if variables:
            row["env"] = list(variables) if all(a == b for a, b in variables.items()) else _inline(variables)
    elif isinstance(url, str) and url.startswith(("http://", "https://")):
        if server.get("type") == "sse":
            return "it speaks the old SSE transport, which is not offered here"
        row["url"] = url
        headers = {header: _header(name, header, value, secrets) for header, value in _texts(server.get("headers"))}
        if headers:
            row["headers"] = _inline(headers)
    else:
        return "it has neither a command nor an http address"
    if server.get("disabled") is True:
        row["off"] = True
    table[name] = row
    return ""


def _texts(value: JsonValue) -> list[tuple[str, str]]:
    return [(name, str(one)) for name, one in value.items()] if isinstance(value, dict) else []


def _key(variable: str, value: str, secrets: dict[str, str]) -> str:
    """The name of the key behind a variable; a plain value is noted as that key."""
    reference = _REFERENCE.fullmatch(value.strip())
    if reference:
        secrets.setdefault(reference[1], "")
        return reference[1]
    secrets[variable] = value
    return variable


def _header(server: str, header: str, value: str, secrets: dict[str, str]) -> dict[str, str]:
    scheme, _, rest = value.strip().partition(" ")
    if not rest:
        scheme, rest = "", value.strip()
    key = _key(re.sub(r"[^A-Z0-9]", "_", f"MCP_{server}_{header}".upper()), rest, secrets)
    return {"key": key, "scheme": scheme} if scheme else {"key": key}


def _inline(values: dict[str, Any]) -> Any:
    inline = tomlkit.inline_table()
    inline.update(values)
    return inline
