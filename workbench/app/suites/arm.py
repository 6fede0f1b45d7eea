"""An arm that is ready to be run: the project with a variant, and a model."""

import msgspec

from workbench.app.runs.run_options import RunOptions
from workbench.app.runs.runs import Runs
from workbench.core.approval import ALLOW_ALL
from workbench.core.json_text import JsonObject, JsonValue, digest
from workbench.core.suite.suite import SuiteSettings
from workbench.core.suite.trial import ArmKey
from workbench.core.tool import ROUTING_KEYS, Tool, Toolset
from workbench.core.variant import Variant
from workbench.engine.ports import Exact, Provider
from workbench.engine.setup import RunSetup
from workbench.store.registry import ToolRegistry

_TEXTS = ("description", "title", "examples", "$comment")
KEY_CHARS = 12


class Arm(msgspec.Struct, frozen=True):
    """What a case is put to. `setup` has everything but the case's own conversation."""

    arm: ArmKey
    setup: RunSetup
    provider: Provider
    renames: dict[str, str]


def make_arm(
    runs: Runs,
    registry: ToolRegistry,
    settings: SuiteSettings,
    *,
    variant: Variant | None = None,
    model: str | None = None,
    selector: str | None = None,
) -> Arm:
    """The arm of a variant, a model and a selector. Raises `UsageError` where they do not fit, or a key is missing."""
    options = RunOptions(model=model, variant=variant, selector=selector, rounds=settings.rounds, policy=ALLOW_ALL)
    prepared = runs.prepare(options)
    setup, own = prepared.setup, runs.toolset
    key = digest(
        [
            [_as_sent(tool) if setup.routing is None else tool.document for tool in setup.toolset],
            setup.instructions,
            str(setup.tool_choice),
            setup.parallel_calls,
            setup.spec,
            msgspec.to_builtins([setup.settings, setup.max_output_tokens, setup.limits]),
            msgspec.to_builtins([getattr(setup, "parameters", None)]),
            settings.tools,
            [registry.fingerprint_now(tool) for tool in own],
            *([] if setup.routing is None else [msgspec.to_builtins(setup.routing)]),
        ]
    )
    made = ArmKey(
        key[:KEY_CHARS],
        setup.spec,
        variant.name if variant is not None else "",
        is_exact=isinstance(prepared.provider, Exact),
        is_texts_only=_structure(setup.toolset) == _structure(own),
        selector=setup.routing.name if setup.routing is not None else "",
    )
    return Arm(made, setup, prepared.provider, prepared.renames)


def _as_sent(tool: Tool) -> JsonObject:
    return {key: value for key, value in tool.document.items() if key not in ROUTING_KEYS}


def _structure(tools: Toolset) -> JsonValue:
    """What is left of tools without the texts that only a model reads."""
    return [[tool.name, _without_texts(tool.input_schema), tool.document.get("strict")] for tool in tools]


def _without_texts(node: JsonValue, *, is_names: bool = False) -> JsonValue:
    """`is_names`: the keys are names of properties, not keywords."""
    if isinstance(node, list):
        return [_without_texts(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept: JsonObject = {
        key: _without_texts(value, is_names=not is_names and key in ("properties", "$defs", "definitions"))
        for key, value in node.items()
        if is_names or key not in _TEXTS
    }
    return kept
