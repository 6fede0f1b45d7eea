"""The user's connections: kept for all projects, tested, listed with their models. Keys go to the keyring."""

import msgspec

from workbench.app.models.wires import KEY_OF_WIRE, WIRES, wire_named
from workbench.app.project.folders import UserFolders
from workbench.core.errors import ProjectError, ProviderFailure
from workbench.core.ids import WireId
from workbench.core.model_parameters import ModelParameters, overlaid
from workbench.core.signal import Signal
from workbench.providers.questions import list_models
from workbench.store.connection_file import ConnectionFile
from workbench.store.keys import FoundKey, KeyStore
from workbench.store.project_file import ConnectionRow


class Connection(msgspec.Struct, frozen=True):
    """A server or vendor under the user's own name for it. `wire` is the id of a wire; `key_name` is the name of a key,
    never a key. `accept_done` and `think_tags` say how its answers are read. `models` are more of its models, named
    `NAME:MODEL`; `parameters`, by model, apply where a project sets none."""

    name: str = ""
    wire: WireId = WIRES[0].id
    base_url: str = ""
    key_name: str = ""
    model: str = ""
    accept_done: bool = False
    think_tags: bool = False
    models: tuple[str, ...] = ()
    parameters: dict[str, ModelParameters] = {}


class ConnectionCheck(msgspec.Struct, frozen=True):
    """The result of testing a connection: the server's models, or the problem and how to fix it."""

    is_good: bool
    message: str
    models: tuple[str, ...] = ()


class Connections:
    """Everything the settings can do with connections. Only `check` sends anything."""

    def __init__(self, keys: KeyStore, folders: UserFolders | None = None) -> None:
        self._keys = keys
        self._file = ConnectionFile((folders or UserFolders.of_this_user()).config / "connections.toml")
        self.changed: Signal[[]] = Signal()
        """A connection or a key has changed."""

    def all(self) -> dict[str, ConnectionRow]:
        """Name → connection; empty when the file cannot be read. Those with an unknown wire are left out."""
        try:
            return {name: row for name, row in self._file.read().items() if row.wire in KEY_OF_WIRE}
        except ProjectError:
            return {}

    @property
    def key_names(self) -> tuple[str, ...]:
        """The names of the keys they use, if the file can be read."""
        try:
            return self._file.key_names()
        except ProjectError:
            return ()

    @property
    def trouble(self) -> str:
        """The file's problem, or nothing."""
        try:
            self._file.read()
        except ProjectError as error:
            return str(error)
        return ""

    def named(self, name: str) -> Connection | None:
        """The connection of this name."""
        row = self.all().get(name)
        if row is None:
            return None
        return Connection(
            name,
            row.wire,
            row.base_url,
            row.key,
            row.model,
            row.accept_done,
            row.think_tags,
            tuple(row.models),
            {model: overlaid({}, chosen) for model, chosen in row.parameters.items()},
        )

    def save(self, connection: Connection) -> None:
        """Add or change a connection; raises `ProjectError` with the problem."""
        model, base_url = connection.model.strip(), connection.base_url.strip()
        if not model:
            raise ProjectError(
                "a connection needs a model", hint="Choose one from the server's list, or enter its name."
            )
        if base_url and not base_url.startswith(("http://", "https://")):
            raise ProjectError(f"{base_url!r} is not a base URL", hint="It starts with http:// or https://.")
        row = ConnectionRow(
            wire=connection.wire,
            model=model,
            base_url=base_url,
            key=connection.key_name.strip(),
            accept_done=connection.accept_done,
            think_tags=connection.think_tags,
            models=[more for more in dict.fromkeys(map(str.strip, connection.models)) if more not in ("", model)],
            parameters={model: dict(chosen) for model, chosen in connection.parameters.items() if chosen},
        )
        self._file.save(connection.name.strip(), row)
        self.changed.emit()

    def offer(self, name: str, model: str) -> str:
        """Add a model to a connection; return its SPEC. Raises `ProjectError` when there is no such connection."""
        known = self.named(name)
        if known is None:
            raise ProjectError(f"there is no connection {name!r}")
        if model == known.model:
            return name
        self.save(msgspec.structs.replace(known, models=(*known.models, model)))
        return f"{name}:{model}"

    def remove(self, name: str) -> None:
        """Forget a connection. Its key stays in the keyring, where others may use it."""
        self._file.remove(name)
        self.changed.emit()

    def look_again(self) -> None:
        """Make the next key lookup read the keyring, which another program may have changed."""
        self._keys.look_again()

    def key_of(self, key_name: str) -> FoundKey | None:
        """Where the key of this name comes from, without the key."""
        return self._keys.describe(key_name) if key_name else None

    def keep_key(self, key_name: str, key: str) -> bool:
        """Save a key in the keyring. False: there is no keyring, so it is kept in memory for this session only."""
        is_in_keyring = self._keys.save(key_name, key.strip())
        self.changed.emit()
        return is_in_keyring

    def forget_key(self, key_name: str) -> None:
        """Remove a key from keyring and memory."""
        self._keys.forget(key_name)
        self.changed.emit()

    async def check(self, *, wire: WireId, base_url: str = "", key_name: str = "", key: str = "") -> ConnectionCheck:
        """Ask the server for its models: the one request the settings make, and only when asked to.

        `key` is used instead of the saved one and is not saved.
        """
        typed = key.strip()
        if typed:
            self._keys.watch(typed)
        name = key_name or ("" if base_url else KEY_OF_WIRE[wire])
        try:
            models = await list_models(
                wire_named(wire), base_url=base_url, key=lambda: typed or self._keys.get(name), key_name=name
            )
        except ProviderFailure as failure:
            return ConnectionCheck(is_good=False, message=str(failure))
        return ConnectionCheck(is_good=True, message=f"It works and offers {len(models)} models.", models=models)
