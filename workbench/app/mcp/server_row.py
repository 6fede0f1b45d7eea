"""One server of another host's configuration as a row of workbench.toml."""

import re
from typing import Any

import tomlkit
from pydantic import ValidationError

from workbench.app.mcp.hidden_keys import HiddenKeys
from workbench.app.mcp.host_variables import HostVariables
from workbench.core.json_text import JsonObject, JsonValue
from workbench.store.mcp_file import McpRow

_UNFILLED = re.compile(r"\$\{[^}]*\}")
_UNREAD = ("envFile", "inputs", "dockerfile", "oauth", "auth")


class CannotUse(Exception):
    """A server that cannot be taken over; the text says why."""


class ServerRow:
    """Makes the row of the server called `name`. `secrets` are the keys it needs by name, with the values that stood
    in the file; `remarks` say what became of what."""

    def __init__(self, name: str, variables: HostVariables) -> None:
        self._name = name
        self.variables = variables
        self._hidden = HiddenKeys(name)
        self._values: dict[str, str] = {}
        self._remarks: list[str] = []

    @property
    def secrets(self) -> dict[str, str]:
        """Keys and their values; empty for those that have to be set."""
        return self._values | self._hidden.found

    @property
    def remarks(self) -> list[str]:
        """What was filled in, put aside or left out."""
        hidden = [
            f"a possible key in its address or arguments was not written to the project; it is now the key {key}"
            for key in self._hidden.found
        ]
        return [*self.variables.remarks, *hidden, *self._remarks]

    def made_of(self, server: JsonObject) -> Any:
        """The row. Raises `CannotUse`."""
        row = tomlkit.table()
        server = _of_this_shape(server)
        command, url = server.get("command"), server.get("url") or server.get("serverUrl") or server.get("httpUrl")
        if isinstance(command, str) and command:
            self._local(row, command, server)
        elif isinstance(url, str) and url:
            self._remote(row, url, server)
        else:
            raise CannotUse("it has neither a command nor an HTTP address")
        if server.get("disabled") is True or server.get("enabled") is False:
            row["off"] = True
        self._remarks += [f"{key} is not read; set what it provides yourself" for key in _UNREAD if server.get(key)]
        try:
            McpRow.model_validate(row.unwrap())
        except ValidationError as error:
            raise CannotUse(str(error.errors(include_url=False, include_input=False)[0]["msg"])) from None
        return row

    def _local(self, row: Any, command: str, server: JsonObject) -> None:
        arguments = server.get("args", [])
        if not isinstance(arguments, list):
            raise CannotUse("its args are not a list of strings")
        row["command"] = self._plain(command, "command")
        texts = [self.variables.fill(str(one)) for one in arguments if isinstance(one, str) or type(one) is int]
        if len(texts) < len(arguments):
            raise CannotUse("its args are not a list of strings")
        if texts:
            row["args"] = self._hidden.arguments(texts)
        if isinstance(server.get("cwd"), str):
            row["cwd"] = self._plain(str(server["cwd"]), "cwd")
        keys = {variable: self._key(variable, value) for variable, value in _texts(server.get("env"))}
        if keys:
            row["env"] = list(keys) if all(a == b for a, b in keys.items()) else _inline(keys)

    def _remote(self, row: Any, url: str, server: JsonObject) -> None:
        if "sse" in (server.get("type"), server.get("transport")):
            raise CannotUse("it uses the old SSE transport, which is not supported")
        url = self.variables.fill(url)
        start = re.match(r"(https?)://([^/?#]*)", url)
        if start is None:
            raise CannotUse("its address does not start with http:// or https://")
        if "${" in start[2]:
            raise CannotUse("its address has a variable in place of the host; write the host into the file first")
        try:
            row["url"], basic = self._hidden.address(url)
        except ValueError:
            raise CannotUse("its address cannot be read") from None
        headers = {header: self._header(header, value) for header, value in _texts(server.get("headers"))}
        if basic and "authorization" not in map(str.lower, headers):
            headers["Authorization"] = {"key": basic, "scheme": "Basic"}
        if headers:
            row["headers"] = _inline(headers)

    def _plain(self, text: str, what: str) -> str:
        """A text that keys cannot be in."""
        filled = self.variables.fill(text)
        if "${" in filled:
            raise CannotUse(f"its {what} has a variable that is not filled in: {_UNFILLED.findall(filled)[0]}")
        return filled

    def _key(self, name: str, value: str) -> str:
        """The name of the key behind a variable or header; a plain value is noted as that key."""
        if key := self.variables.key_of(value):
            self._values.setdefault(key, "")
            return key
        filled = self.variables.fill(value)
        if "${" in filled:
            self._remarks.append(f"the value of {name} is made of several variables; set {name} to the whole value")
        self._values[name] = "" if "${" in filled else filled
        return name

    def _header(self, header: str, value: str) -> dict[str, str]:
        scheme, _, rest = value.strip().partition(" ")
        if not rest:
            scheme, rest = "", value.strip()
        key = self._key(re.sub(r"[^A-Z0-9]", "_", f"MCP_{self._name}_{header}".upper()), rest)
        return {"key": key, "scheme": scheme} if scheme else {"key": key}


def _of_this_shape(server: JsonObject) -> JsonObject:
    """`server` as most hosts write it, where its command is a list with its arguments, or an object."""
    command = server.get("command")
    environment = server.get("env") or server.get("environment") or {}
    if isinstance(command, list) and command:
        return {**server, "command": command[0], "args": [*command[1:], *_list(server.get("args"))], "env": environment}
    if isinstance(command, dict):
        own = {"command": command.get("path"), "args": _list(command.get("args"))}
        return {**server, **own, "env": command.get("env") or environment}
    return {**server, "env": environment} if environment else server


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _texts(value: JsonValue) -> list[tuple[str, str]]:
    return [(name, str(one)) for name, one in value.items()] if isinstance(value, dict) else []


def _inline(values: dict[str, Any]) -> Any:
    inline = tomlkit.inline_table()
    inline.update(values)
    return inline
