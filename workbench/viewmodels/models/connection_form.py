"""The form of a connection: a draft that can be tried out and kept. The key is handed on and never held here."""

import re

import msgspec

from workbench.app.models.connections import Connection, ConnectionCheck, Connections
from workbench.app.models.model_spec import ModelTarget, connection_of
from workbench.app.models.wires import KEY_OF_WIRE, WIRES
from workbench.core.errors import ProjectError
from workbench.core.model_parameters import read_parameter
from workbench.core.signal import Signal

WIRE_TITLES = tuple((wire.id, wire.title) for wire in WIRES)
EXAMPLES = {wire.id: wire.address_hint for wire in WIRES}
_WIRES_WITH_DONE = frozenset(wire.id for wire in WIRES if wire.has_done)
ACCEPT_DONE = "Accept [DONE] without a finish reason"
ACCEPT_DONE_WHY = (
    "For servers that never say how an answer ended. A truncated answer may then count as complete; "
    "each answer accepted this way gets a note."
)
THINK_TAGS = "Show <think> text as reasoning"
THINK_TAGS_WHY = "For models that write their reasoning into the answer, between <think> tags. It goes back as it came."


class ConnectionForm:
    """Lists the user's connections and edits one of them."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self.changed: Signal[[]] = Signal()
        self.draft = Connection()
        self.models: tuple[str, ...] = ()
        self.message = connections.trouble
        self.is_good: bool | None = False if self.message else None
        self.is_checking = False
        self._removed: Connection | None = None
        self._tuned = ""
        self._typed: dict[tuple[str, str], str] = {}
        """Parameters that were typed and are none, by model and name."""

    @property
    def model_names(self) -> tuple[str, ...]:
        """All models of the draft."""
        draft = self.draft
        return tuple(name for name in dict.fromkeys(map(str.strip, (draft.model, *draft.models))) if name)

    @property
    def tuned_model(self) -> str:
        """The model whose parameters are shown."""
        return self._tuned if self._tuned in self.model_names else next(iter(self.model_names), "")

    def tune(self, model: str) -> None:
        """Show the parameters of another model."""
        self._tuned = model
        self.changed.emit()

    def parameter(self, name: str) -> tuple[str, str]:
        """A parameter of that model as it is typed, and what is wrong with it."""
        model = self.tuned_model
        typed = self._typed.get((model, name))
        if typed is None:
            value = self.draft.parameters.get(model, {}).get(name)
            return ("" if value is None else f"{value}"), ""
        return typed, _parameter_fault(name, typed)

    def write_parameter(self, name: str, text: str) -> None:
        """Take over what was typed for that model; empty leaves it to the project, and then to the vendor."""
        model = self.tuned_model
        if not model:
            return
        own = {key: value for key, value in self.draft.parameters.get(model, {}).items() if key != name}
        self._typed.pop((model, name), None)
        if text.strip():
            try:
                own[name] = read_parameter(name, text)
            except ValueError:
                self._typed[model, name] = text
        parameters = {**self.draft.parameters, model: own}
        self.draft = msgspec.structs.replace(
            self.draft, parameters={key: value for key, value in parameters.items() if value}
        )
        self._tell("", None)

    @property
    def names(self) -> tuple[str, ...]:
        """The connections that are kept."""
        return tuple(self._connections.all())

    @property
    def can_accept_done(self) -> bool:
        """Whether streams of the draft's wire have a `[DONE]` at all."""
        return self.draft.wire in _WIRES_WITH_DONE

    @property
    def can_undo_remove(self) -> bool:
        """Whether the last removal can be undone."""
        return self._removed is not None

    @property
    def key_name(self) -> str:
        """The name the key has or would have."""
        draft = self.draft
        if draft.key_name:
            return draft.key_name
        return "" if draft.base_url else KEY_OF_WIRE[draft.wire]

    @property
    def key_caption(self) -> str:
        """Where the key comes from, without the key."""
        if not self.key_name:
            return "This server is used without a key. To use one, enter a key name, such as MY_SERVER_KEY."
        found = self._connections.key_of(self.key_name)
        if found is None:
            return f"{self.key_name} is not set. Type it here, or set it in the environment."
        places = {
            "environment": "read from the environment",
            "keyring": "saved in the system keyring",
            "memory": "kept in memory until you quit",
        }
        return f"{self.key_name} ends in …{found.ending}, {places[found.source]}."

    def new(self) -> None:
        """Begin an empty draft."""
        self._show(Connection())

    def open(self, name: str) -> None:
        """Edit a connection that is kept."""
        known = self._connections.named(name)
        if known is not None:
            self._show(known)

    def open_target(self, target: ModelTarget) -> None:
        """Edit the user's connection over which a model was asked; where there is none, a draft of it."""
        known = self._connections.named(connection_of(target.spec))
        wire = next((wire.id for wire in WIRES if wire.id == target.kind), WIRES[0].id)
        if known is None or target.model not in (known.model, *known.models):
            known = Connection(wire=wire, base_url=target.base_url, key_name=target.key_name, model=target.model)
        self._show(known)

    def change(self, draft: Connection) -> None:
        """Take over what was typed."""
        if draft != self.draft:
            self.draft = draft
            self._tell("", None)

    def keep_key(self, key: str) -> bool:
        """Hand a typed key to the keyring; an empty one changes nothing. Whether it is kept now.

        A key without a name is named after the connection.
        """
        if not key.strip():
            return True
        if not self.key_name:
            self.draft = msgspec.structs.replace(self.draft, key_name=_key_name_for(self.draft.name))
        if not self.key_name:
            self._tell("Name the connection or the key first. Your typed key is still in its box.", is_good=False)
            return False
        if self._connections.keep_key(self.key_name, key):
            self._tell(f"{self.key_name} is saved in the system keyring.", is_good=True)
        else:
            self._tell(
                f"This machine has no keyring, so {self.key_name} is kept in memory until you quit. "
                "It was not written to disk.",
                is_good=True,
            )
        return True

    def forget_key(self) -> None:
        """Remove the key from keyring and memory."""
        self._connections.forget_key(self.key_name)
        self._tell(f"{self.key_name} was removed from keyring and memory.", is_good=True)

    async def check(self, key: str = "") -> None:
        """Ask the server for its models, which is also the test; with a typed key that is not kept yet, or the kept
        one."""
        draft = self.draft
        self.is_checking = True
        self._tell("Asking…", None)
        try:
            found = await self._connections.check(
                wire=draft.wire, base_url=draft.base_url, key_name=draft.key_name, key=key
            )
        finally:
            self.is_checking = False
        if draft == self.draft:
            self._take(found)
        else:
            self.changed.emit()

    def save(self, key: str = "") -> bool:
        """Keep the draft and a typed key; False with a message when something is wrong, and then neither is lost."""
        for (model, name), text in self._typed.items():
            if model in self.model_names:
                self._tell(f"{name} of {model}: {_parameter_fault(name, text)}.", is_good=False)
                return False
        if not self.keep_key(key):
            return False
        tuned = {model: one for model, one in self.draft.parameters.items() if model in self.model_names}
        try:
            self._connections.save(msgspec.structs.replace(self.draft, parameters=tuned))
        except ProjectError as error:
            kept = f" The key is saved as {self.key_name}." if key.strip() else ""
            self._tell(f"{error}{kept}", is_good=False)
            return bool(key.strip())
        self._tell(f"Saved. Choose {self.draft.name.strip()} in the model picker of any project.", is_good=True)
        return True

    def remove(self) -> None:
        """Forget the connection in the form; `undo_remove` brings it back."""
        known = self._connections.named(self.draft.name)
        if known is None:
            return
        self._connections.remove(known.name)
        self._removed = known
        self._show(Connection())
        self._tell(f"{known.name} was removed. Its key stays in the keyring.", is_good=True)

    def undo_remove(self) -> None:
        """Bring the last removed connection back."""
        if self._removed is not None:
            known, self._removed = self._removed, None
            self._connections.save(known)
            self.open(known.name)

    def _show(self, draft: Connection) -> None:
        self._connections.look_again()
        self.draft = draft
        self.models = ()
        self._typed = {}
        self._tell("", None)

    def _take(self, found: ConnectionCheck) -> None:
        self.models = found.models
        self._tell(found.message, is_good=found.is_good)

    def _tell(self, message: str, is_good: bool | None) -> None:
        self.message = message
        self.is_good = is_good
        self.changed.emit()


def _parameter_fault(name: str, text: str) -> str:
    try:
        read_parameter(name, text)
    except ValueError as error:
        return str(error)
    return ""


def _key_name_for(name: str) -> str:
    """`my server` → MY_SERVER_KEY; empty for a name without letters or digits."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    return "_".join(words).upper() + "_KEY" if words else ""
