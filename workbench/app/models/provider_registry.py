"""Providers by SPEC: made when first asked for, shared, closed at the end."""

import contextlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

from workbench.app.models.background_loop import BackgroundLoop, BackgroundProvider
from workbench.app.models.connections import Connections
from workbench.app.models.model_spec import ModelTarget, parse_spec
from workbench.app.models.wires import EMBEDDING_WIRES, KEY_OF_WIRE, notes_on_parameters, parameter_places, wire_named
from workbench.core.errors import ProviderFailure, UsageError
from workbench.core.exchange import WireRequest
from workbench.core.hand_call import HAND
from workbench.core.model_parameters import OUTPUT_LIMIT, ParameterValue
from workbench.core.secret import shown_address
from workbench.core.tool import Toolset
from workbench.core.tool_choice import ResolvedChoice, ToolChoice, resolve_choice
from workbench.engine.ports import Exact, Provider, Warmable
from workbench.providers.adapter import WireAdapter
from workbench.providers.batch import BatchApi
from workbench.providers.catalog import make_provider
from workbench.providers.questions import embed_texts
from workbench.store.keys import KeyStore
from workbench.store.project import Project
from workbench.store.project_file import ConnectionRow

_LOCAL_NOTE = "runs on this machine, no key; fills in arguments well, often mixes up similar tools"


class ModelChoice(msgspec.Struct, frozen=True):
    """An entry of the model picker. `note` says what is missing, or what to expect."""

    spec: str
    label: str
    note: str
    is_ready: bool


class ProviderRegistry:
    """Knows every provider of an open project."""

    def __init__(
        self,
        project: Project,
        keys: KeyStore,
        connections: Connections,
        is_trusted: Callable[[], bool] = lambda: True,
        background: BackgroundLoop | None = None,
    ) -> None:
        """`is_trusted` says, whenever a connection of the project would be given a key, whether the project is.

        With a `background`, answers from the network are read there; it is closed with this registry.
        """
        self.project = project
        self._is_trusted = is_trusted
        self._connections = connections
        self._keys = keys
        self._background = background
        self._open: dict[tuple[object, ...], Provider] = {}

    def target(self, spec: str, *, base_url: str = "") -> ModelTarget:
        """What a SPEC means; raises `UsageError`."""
        own = self._connections.all() if spec != HAND else {}  # looks at a file
        return parse_spec(spec, self.project, base_url=base_url, own=own)

    def provider(self, target: ModelTarget) -> Provider:
        """The provider for a target. A script is read again for every run, everything else is shared."""
        if target.kind == "scripted":
            return self._make(target)
        if target.base_url:
            self._keys.watch_address(target.base_url)
        name = (target.kind, target.base_url, target.key_name, target.needs_trust, target.reading)
        if name not in self._open:
            self._open[name] = self._make(target)
        return self._open[name]

    def batching(self, target: ModelTarget) -> tuple[WireAdapter, BatchApi]:
        """What writes and reads a target's requests, and its batch API. Raises `UsageError` where there is none."""
        provider = self._own(target)
        api = provider.batches() if isinstance(provider, WireAdapter) else None
        if api is None or not isinstance(provider, WireAdapter):
            raise UsageError(
                f"{target.spec} has no batch API",
                hint="Choose a model of a vendor that has one, or run without --on batch.",
            )
        return provider, api

    def check_key(self, target: ModelTarget) -> None:
        """Raise `UsageError` when a key is needed and there is none, or may not be used, before anything is sent."""
        self._check_trust(target)
        if target.needs_key and self._keys.get(target.key_name) is None:
            raise UsageError(
                f"{target.spec} needs the key {target.key_name}, which is not set",
                hint=f"Set {target.key_name} in the environment, or use --model local, which needs no key.",
            )

    def choices(self) -> tuple[ModelChoice, ...]:
        """What the model picker offers: the project's own model, the local one, connections, vendors with a key."""
        specs = [self.project.model, "local"]
        own = self._connections.all()
        for name, row in {**own, **self.project.file.connections}.items():
            specs += [name, *(f"{name}:{model}" for model in row.models if model != row.model)]
        return tuple(self._choice(spec, own) for spec in dict.fromkeys(specs))

    def preview(self, spec: str, choice: ToolChoice, toolset: Toolset) -> ResolvedChoice:
        """What would be sent for a tool choice; `emulation` is to be shown before it is."""
        target = self.target(spec)
        return resolve_choice(choice, toolset, self.provider(target).choice_support(target.model))

    def has_parameter(self, spec: str, name: str) -> bool:
        """Whether this model can be sent a sampling parameter; raises `UsageError`."""
        places = parameter_places(self.target(spec).kind)
        return places is None or name == OUTPUT_LIMIT or name in places

    def parameter_notes(self, spec: str, parameters: Mapping[str, ParameterValue]) -> dict[str, str]:
        """Each sampling parameter that this model is not sent or may refuse, and why; raises `UsageError`."""
        return notes_on_parameters(self.target(spec).kind, parameters)

    async def embed(self, spec: str, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """A vector for each text, made by the server of a SPEC. Raises `UsageError` and `ProviderFailure`."""
        target = self.target(spec)
        wire = wire_named(target.kind) if target.kind in KEY_OF_WIRE else None
        if wire is None or wire.embedding is None:
            raise UsageError(
                f"{spec} makes no vectors", hint=f"Name a connection whose wire is {' or '.join(EMBEDDING_WIRES)}."
            )
        self.check_key(target)
        key = self._key(target)
        return await embed_texts(wire, target.model, texts, base_url=target.base_url, key=key, key_name=target.key_name)

    def load_s(self, spec: str, wire: WireRequest) -> float:
        """How many seconds the model needs to get ready before it answers; 0 where nobody knows or it is ready."""
        try:
            provider = self.provider(self.target(spec))
        except UsageError:
            return 0.0
        return provider.effort(wire).load_s if isinstance(provider, Exact) else 0.0

    async def warm(self, spec: str) -> None:
        """Let a provider that can do so get ready for the project's first message. Failures come with the request."""
        with contextlib.suppress(UsageError, ProviderFailure):
            provider = self.provider(self.target(spec))
            if isinstance(provider, Warmable):
                await provider.warm(self.project.toolset, self.project.instructions)

    async def close(self) -> None:
        """Release connections and child processes."""
        providers, self._open = list(self._open.values()), {}
        for provider in providers:
            await provider.close()
        if self._background is not None:
            await self._background.close()

    def _make(self, target: ModelTarget) -> Provider:
        provider = self._own(target)
        if self._background is None or target.kind in ("scripted", "local", HAND):
            return provider
        return BackgroundProvider(provider, self._background)

    def _own(self, target: ModelTarget) -> Provider:
        return make_provider(
            target.kind,
            base_url=target.base_url,
            key=lambda: self._key(target),
            key_name=target.key_name,
            script=Path(target.model) if target.kind == "scripted" else None,
            reading=target.reading,
        )

    def _key(self, target: ModelTarget) -> str | None:
        self._check_trust(target)
        return self._keys.get(target.key_name) if target.key_name else None

    def _check_trust(self, target: ModelTarget) -> None:
        if target.needs_trust and not self._is_trusted():
            to = shown_address(target.base_url) if target.base_url else "a vendor that did not issue it"
            raise UsageError(
                f"the project's connection {target.spec} would send the key {target.key_name} to {to}, "
                "and the project is not trusted",
                hint="If that is intended, trust the project (window) or add --trust (command line).",
            )

    def _choice(self, spec: str, own: Mapping[str, ConnectionRow]) -> ModelChoice:
        try:
            target = parse_spec(spec, self.project, own=own)
        except UsageError as error:
            return ModelChoice(spec, spec, str(error), is_ready=False)
        if target.kind == "local":
            is_ready = _has_local_model()
            note = _LOCAL_NOTE if is_ready else "not installed"
            return ModelChoice(spec, "Needle 3 · local", note, is_ready=is_ready)
        if target.kind == "scripted":
            return ModelChoice(spec, f"Script · {Path(target.model).name}", "answers from a file", is_ready=True)
        if target.needs_trust and not self._is_trusted():
            return ModelChoice(spec, target.model, "trust the project first", is_ready=False)
        has_key = not target.needs_key or self._keys.describe(target.key_name) is not None
        note = shown_address(target.base_url) if target.base_url else target.kind
        return ModelChoice(spec, target.model, note if has_key else f"needs {target.key_name}", is_ready=has_key)


@cache
def _has_local_model() -> bool:
    """Whether the local model is installed; looked up once, since every look searches all folders of Python's path."""
    return importlib.util.find_spec("needle") is not None
