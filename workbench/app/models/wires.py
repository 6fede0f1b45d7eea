"""The wires as people see them: in menus, forms, exports, and messages. `providers/registry.py` lists them."""

from collections.abc import Mapping
from typing import Literal

from workbench.core.ids import WireFormat, WireId
from workbench.core.model_parameters import ParameterValue
from workbench.core.request_shape import RequestShape
from workbench.providers.parameter_place import Places, parameter_notes
from workbench.providers.registry import KEY_OF_WIRE as KEY_OF_WIRE
from workbench.providers.registry import WIRES as WIRES
from workbench.providers.registry import wire_named as wire_named
from workbench.providers.registry import wire_of_format

TargetKind = Literal["local", "scripted", "hand"] | WireId
"""What answers: the local model, a script, a person's own call, or a vendor over a wire."""

MCP = "mcp"
"""The neutral shape of tools, which is the project's own."""

TOOL_FORMATS: tuple[tuple[str, str], ...] = (*((wire.id, wire.label) for wire in WIRES), (MCP, "MCP"))
"""The formats in which tools can be shown and exported: id and name."""

EXAMPLE_SPEC = f"{WIRES[0].prefixes[0]}:{WIRES[0].example_model}"
SPEC_USAGE = (
    f"Use local, scripted:FILE, {', '.join(f'{wire.prefixes[0]}:MODEL' for wire in WIRES)}, "
    "or a connection of the project."
)
VENDORS = tuple(dict.fromkeys(wire.vendor for wire in WIRES))
EMBEDDING_WIRES = tuple(wire.id for wire in WIRES if wire.embedding is not None)
COUNTING_VENDORS = tuple(dict.fromkeys(wire.vendor for wire in WIRES if wire.counting is not None))
"""The vendors that count a request's tokens."""


def shape_of(wire_format: WireFormat) -> RequestShape:
    """Where the parts are in a request recorded in this format."""
    wire = wire_of_format(wire_format)
    return wire.shape if wire is not None else RequestShape()


def telemetry_name(wire_format: WireFormat) -> str:
    """What telemetry calls the vendor of this format."""
    wire = wire_of_format(wire_format)
    return wire.telemetry_name if wire is not None else f"workbench.{wire_format}"


def parameter_places(kind: TargetKind) -> Places | None:
    """The sampling parameters that a kind of provider has; None when it accepts any and uses none, like a script."""
    wire = next((wire for wire in WIRES if wire.id == kind), None)
    return wire.parameters if wire is not None else {} if kind == "local" else None


def notes_on_parameters(kind: TargetKind, parameters: Mapping[str, ParameterValue]) -> dict[str, str]:
    """Each parameter that is not sent to this kind of provider, or that it may refuse, and why."""
    places = parameter_places(kind)
    vendor = next((wire.label for wire in WIRES if wire.id == kind), "the local model")
    return dict(parameter_notes(parameters, places, vendor)) if places is not None else {}


def in_words(names: tuple[str, ...], last: str = "or") -> str:
    """`A, B or C`."""
    return f" {last} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
