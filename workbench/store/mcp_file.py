"""The table `mcp` of workbench.toml: servers that are started or reached for their tools."""

import hashlib
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from workbench.core.json_text import JsonObject, JsonValue, digest

SERVER_NAME = re.compile(r"[A-Za-z0-9-]+(_[A-Za-z0-9-]+)*")
"""No two underscores in a row and none at the ends, so that `server__tool` can be taken apart again."""
MAX_SERVER_NAME = 32
_HEADER = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"
_MAX_SEALED_BYTES = 20_000_000


def _server_name(name: str) -> str:
    if not SERVER_NAME.fullmatch(name) or len(name) > MAX_SERVER_NAME:
        raise ValueError(f"a server's name has letters, digits, - and single _, at most {MAX_SERVER_NAME}")
    return name


def _by_variable(value: Any) -> Any:
    return {name: name for name in value} if isinstance(value, list) and all(map(_is_text, value)) else value


def _is_text(value: object) -> bool:
    return isinstance(value, str)


ServerName = Annotated[str, AfterValidator(_server_name)]
Variables = Annotated[
    dict[Annotated[str, Field(pattern=f"^{_VARIABLE}$")], Annotated[str, Field(min_length=1)]],
    BeforeValidator(_by_variable),
]
"""Variables of the process by name; the values are names of keys. A list means that both names are the same."""


class HeaderRow(BaseModel):
    """A header made from a key. `key` is the *name* of a key, never a key."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    key: str = Field(min_length=1)
    scheme: str = ""


class IdentityRow(BaseModel):
    """Who vouches for the person: the token endpoint of a company's identity provider, the id of this program there,
    and the *name* of the key that holds the person's ID token."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    token_endpoint: str = Field(min_length=1)
    client_id: str = Field(min_length=1)
    key: str = Field(min_length=1)


class SignInRow(BaseModel):
    """How to sign in to a server, where its own word is not enough. `key` is the *name* of a key: the client's secret,
    or its private key (PEM) for the method `private_key_jwt`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    grant: Literal["browser", "client_credentials", "identity_assertion"] = "browser"
    client_id: str = ""
    key: str = ""
    method: Literal["", "client_secret_basic", "client_secret_post", "private_key_jwt"] = ""
    scopes: tuple[Annotated[str, Field(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]+$")], ...] = Field(default=(), strict=False)
    issuer: str = ""
    redirect: str = ""
    identity: IdentityRow | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.grant == "identity_assertion") != (self.identity is not None):
            raise ValueError("the grant identity_assertion and the table identity go together")
        if self.identity is not None and not (self.client_id and self.key and self.issuer):
            raise ValueError("identity_assertion needs an issuer, a client_id and the name of a key")
        if self.grant == "client_credentials" and not (self.client_id and self.key):
            raise ValueError("client_credentials need a client_id and the name of a key")
        if self.method == "private_key_jwt" and self.grant != "client_credentials":
            raise ValueError("private_key_jwt goes with the grant client_credentials")
        if self.key and not self.client_id:
            raise ValueError("a key belongs to a client_id")
        parts = urlsplit(self.redirect)
        is_loopback = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost") and parts.port
        if self.redirect and not is_loopback:
            raise ValueError(
                f"{self.redirect!r} is not an address of this machine, such as http://127.0.0.1:8123/callback"
            )
        return self


class SamplingRow(BaseModel):
    """How many answers of the model a server may have in a run, and of how many tokens in all."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    answers: int = Field(default=5, ge=1, le=100)
    tokens: int = Field(default=4_000, ge=1, le=1_000_000)


class McpRow(BaseModel):
    """A server: a command that is started, or the address of a streamable HTTP server.

    With `sampling` it may ask the model, as far as that says; each of its requests is shown and approved first.
    `${key:NAME}` in an argument, or in the path or query of the address, is the place of a key.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    command: str = ""
    args: tuple[str, ...] = Field(default=(), strict=False)
    cwd: str = ""
    env: Variables = {}
    url: str = ""
    headers: dict[Annotated[str, Field(pattern=f"^{_HEADER}$")], HeaderRow] = {}
    sign_in: SignInRow | None = None
    start_limit_s: float = Field(default=60.0, gt=0, le=600, strict=False)
    sampling: SamplingRow | None = None
    is_off: bool = Field(default=False, alias="off")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.command) == bool(self.url):
            raise ValueError("a server has either a command or a url")
        if "\0" in "".join((self.command, *self.args, self.cwd)):
            raise ValueError("a command cannot contain a zero byte")
        if self.sign_in is not None and not self.url:
            raise ValueError("only a server with a url is signed in to")
        if self.url:
            parts = urlsplit(self.url)
            if parts.scheme not in ("http", "https") or not parts.hostname or not self.url.isprintable():
                raise ValueError(f"{self.url!r} does not begin with http:// or https:// and a host")
            if "${" in parts.netloc:
                raise ValueError("a key does not belong in the host of the address")
            if "@" in parts.netloc:
                raise ValueError("a key does not belong in the address; use headers with the name of a key")
        return self


def folder_of(row: McpRow, project_folder: Path) -> Path:
    """Where the command runs."""
    return (project_folder / row.cwd).resolve()


def seal_row(row: McpRow, project_folder: Path) -> str:
    """A digest of everything that decides what is started or reached; an approval is bound to it.

    Files inside the project that the command names, such as a script, belong to it with their content.
    """
    more: JsonObject = {}
    if row.sampling is not None:
        more["sampling"] = [row.sampling.answers, row.sampling.tokens]
    if row.url:
        headers: JsonObject = {name: [one.key, one.scheme] for name, one in row.headers.items()}
        own: JsonObject = {"sign_in": row.sign_in.model_dump(mode="json")} if row.sign_in is not None else {}
        return digest({"url": row.url, "headers": headers, **own, **more})
    folder = folder_of(row, project_folder)
    files: JsonObject = {}
    for text in (row.command, *row.args):
        path = _own_file(folder, project_folder, text)
        if path is not None:
            files[text] = _content(path)
    command: list[JsonValue] = [row.command, *row.args]
    return digest({"command": command, "folder": str(folder), "env": dict(row.env), "files": files, **more})


def _own_file(folder: Path, project_folder: Path, text: str) -> Path | None:
    try:
        path = (folder / text.rpartition("=")[2]).resolve()
        return path if path.is_relative_to(project_folder.resolve()) and path.is_file() else None
    except (OSError, ValueError):
        return None


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > _MAX_SEALED_BYTES:
            return f"{path.stat().st_size} bytes, {path.stat().st_mtime_ns}"
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"unreadable: {error.errno}"
