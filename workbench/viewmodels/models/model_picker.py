"""The model picker: what can be chosen, what local servers offer, and the ways to more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from workbench.app.models.connections import Connection
from workbench.app.models.local_servers import LOCAL_SERVERS, WIRE, FoundServer, LocalServer, find_local_servers
from workbench.app.models.provider_registry import ModelChoice
from workbench.app.parts import HasConnections, HasModels
from workbench.core.signal import Signal
from workbench.viewmodels.shared.name_match import marked, ranked
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.popup_row import PopupRow

_Way = Literal["find", "add", "manage"]
WAYS: tuple[tuple[_Way, str, str], ...] = (
    ("find", "Find local servers", "search"),
    ("add", "Add a model…", "plus"),
    ("manage", "Manage connections…", "settings"),
)


class PickerParts(HasModels, HasConnections, Protocol):
    """What models are picked from."""


@dataclass(frozen=True)
class FoundModel:
    """A model of a local server, which has no connection yet."""

    server: LocalServer
    model: str


class ModelPicker:
    """Nothing is asked of the network but by `find`."""

    def __init__(self, parts: PickerParts, servers: Sequence[LocalServer] = LOCAL_SERVERS) -> None:
        self.changed: Signal[[]] = Signal()
        self.is_finding = False
        self.message = ""
        """The result of looking for local servers."""
        self._parts = parts
        self._servers = servers
        self._found: tuple[FoundServer, ...] = ()

    def look_again(self) -> None:
        """The person wants to choose: what is said about keys is to be true now."""
        self._parts.connections.look_again()

    def rows(self, text: str, spec: str) -> list[PopupRow]:
        """The rows that fit what was typed; `spec` is the model in use."""
        choices = ranked(self._parts.model_choices(), text, lambda choice: f"{choice.label} {choice.spec}")
        found = ranked(self._offered(), text, lambda model: f"{model.model} {model.server.title}")
        ways = ranked(WAYS, text, lambda way: way[1])
        return [
            *(_choice_row(choice, text, is_chosen=choice.spec == spec) for choice in choices),
            *(PopupRow(marked(one.model, text), one, f"{one.server.title} · use it", icon="plus") for one in found),
            *(PopupRow(marked(words, text), way, icon=icon) for way, words, icon in ways),
        ]

    async def find(self) -> None:
        """Ask the usual ports of this machine for their models."""
        if self.is_finding:
            return
        self.is_finding = True
        self.message = "Looking for local servers…"
        self.changed.emit()
        try:
            self._found = await find_local_servers(self._servers)
        finally:
            self.is_finding = False
        if self._found:
            self.message = "Found " + ", ".join(f"{one.server.title} ({len(one.models)})" for one in self._found) + "."
        else:
            ports = ", ".join(f"{server.title} {server.port}" for server in self._servers)
            self.message = f"No local server answered ({ports}). Start one, then find again."
        self.changed.emit()

    def use(self, found: FoundModel) -> str:
        """Make a connection to the server of a found model, or add the model to the one there is; its SPEC.

        Raises `ProjectError` when the connections cannot be written.
        """
        connections, server = self._parts.connections, found.server
        known = next(
            (name for name, row in connections.all().items() if row.base_url.rstrip("/") == server.base_url), None
        )
        kept = connections.named(known) if known is not None else None
        if kept is None:
            name = _free_name(server.name, tuple(connections.all()))
            kept = Connection(name, WIRE.id, server.base_url, model=found.model)
            connections.save(kept)
            return kept.name
        return connections.offer(kept.name, found.model)

    def _offered(self) -> list[FoundModel]:
        """The found models that cannot be chosen already."""
        rows = self._parts.connections.all().values()
        known = {(row.base_url.rstrip("/"), model) for row in rows for model in (row.model, *row.models)}
        return [
            FoundModel(found.server, model)
            for found in self._found
            for model in found.models
            if (found.server.base_url, model) not in known
        ]


def _free_name(name: str, taken: Sequence[str]) -> str:
    if name not in taken:
        return name
    return next(free for number in range(2, len(taken) + 3) if (free := f"{name}-{number}") not in taken)


def _choice_row(choice: ModelChoice, text: str, *, is_chosen: bool) -> PopupRow:
    icon, tone = ("ok", "accent") if is_chosen else ("chat" if choice.is_ready else "warn", "muted")
    detail = " · ".join(part for part in (one_line(choice.note, 48), choice.spec) if part)
    return PopupRow(marked(one_line(choice.label, 60), text), choice, detail, icon=icon, tone=tone)
