"""SPEC: how a person names a model, on the command line, in a project and in the model picker."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from workbench.app.models.wires import KEY_OF_WIRE, SPEC_USAGE, WIRES, TargetKind
from workbench.core.errors import UsageError
from workbench.core.hand_call import HAND
from workbench.core.model_parameters import ModelParameters, overlaid
from workbench.core.secret import shown_address
from workbench.providers.answer import STRICT, Reading
from workbench.store.project import Project
from workbench.store.project_file import ConnectionRow

_ADDRESS = re.compile(r"@(?=https?://)")


_PREFIXES: dict[str, TargetKind] = {
    "scripted": "scripted",
    **{prefix: wire.id for wire in WIRES for prefix in wire.prefixes},
}


class ModelTarget(msgspec.Struct, frozen=True):
    """What a SPEC means. `kind` says what answers. `key_name` is the name of a key, never a key; `model` of
    a script is its file.

    `parameters` apply where the project sets none.

    `needs_trust`: the project's file says which key is sent where, so the person has to trust the project first.
    """

    spec: str
    kind: TargetKind
    model: str
    base_url: str = ""
    key_name: str = ""
    needs_trust: bool = False
    reading: Reading = STRICT
    parameters: ModelParameters = {}

    @property
    def needs_key(self) -> bool:
        """Vendors need a key; a server at your own address may not."""
        return bool(self.key_name) and not self.base_url


def parse_spec(
    spec: str, project: Project, *, base_url: str = "", own: Mapping[str, ConnectionRow] | None = None
) -> ModelTarget:
    """The target that `spec` names; raises `UsageError` with what can be written instead.

    A run that was made with `base_url` has that address in its spec, behind an @: so it can be resumed, forked, and
    rerun. A record can come from anywhere, so no key goes to an address that only a record names.

    `own` are the user's own connections; one of the project with the same name comes first.
    """
    connections = {**(own or {}), **project.file.connections}
    name, recorded = _split(spec)
    other = base_url or recorded
    if other:
        check_base_url(other)
    if name == "local":
        return ModelTarget(name, "local", "needle-3")
    if name == HAND:
        return ModelTarget(HAND, HAND, HAND)
    connection, row = _connection(name, connections)
    if row is not None:
        url = other or row.base_url
        if url:
            check_base_url(url)
        key_name = row.key or ("" if url else KEY_OF_WIRE[row.wire])
        if recorded and not base_url and recorded != shown_address(row.base_url):
            key_name = ""
        needs_trust = connection in project.keyed_connections
        reading = Reading(accept_done=row.accept_done, think_tags=row.think_tags)
        return ModelTarget(
            _joined(name, other),
            row.wire,
            row.model,
            url,
            key_name,
            needs_trust,
            reading,
            overlaid({}, row.parameters.get(row.model, {})),
        )
    prefix, colon, model = name.partition(":")
    kind = _PREFIXES.get(prefix)
    if kind is None or not colon or not model:
        known = ", ".join(connections) or "none"
        raise UsageError(f"{spec!r} is not a model", hint=f"{SPEC_USAGE} Connections: {known}.")
    if kind == "scripted":
        path = Path(model)
        return ModelTarget(name, kind, str(path if path.is_absolute() else _script_path(path, project)))
    key_name = KEY_OF_WIRE[kind] if base_url or not recorded else ""
    return ModelTarget(_joined(name, other), kind, model, other, key_name)


def connection_of(spec: str) -> str:
    """The name of the connection that a SPEC refers to: `ollama` of `ollama:qwen3@http://…`."""
    return _split(spec)[0].partition(":")[0]


def _connection(name: str, connections: Mapping[str, ConnectionRow]) -> tuple[str, ConnectionRow | None]:
    """A connection by its name, or by its name and one of its models, as `ollama:qwen3`."""
    if (row := connections.get(name)) is not None:
        return name, row
    own, colon, model = name.partition(":")
    if colon and model and own not in _PREFIXES and (row := connections.get(own)) is not None:
        return own, row.model_copy(update={"model": model})
    return name, None


def _split(spec: str) -> tuple[str, str]:
    """The name of a model, and the address behind it."""
    found = _ADDRESS.search(spec)
    return (spec[: found.start()], spec[found.end() :]) if found is not None else (spec, "")


def _joined(name: str, url: str) -> str:
    """Without user, password and query: a spec is written into the log."""
    return f"{name}@{shown_address(url)}" if url else name


def check_base_url(url: str) -> None:
    """Raise `UsageError` unless `url` can be the address of a server."""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:
        is_good = False
    if not is_good:
        raise UsageError(
            f"{shown_address(url)!r} is not a base URL", hint="Write it as http://host/path or https://host/path."
        )


def _script_path(path: Path, project: Project) -> Path:
    """Look for a script in the current folder, then in the project."""
    return path.resolve() if path.exists() else project.folder / path
