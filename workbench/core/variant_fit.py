"""What still works of a variant when the tools are not those it was made for."""

from collections.abc import Iterator

import msgspec

from workbench.core.model_parameters import PARAMETER_NAMES
from workbench.core.tool import Tool, Toolset
from workbench.core.variant import Offer, Variant, misfits

_SHARED_ENOUGH = 0.6


def fitting_part(variant: Variant, offer: Offer) -> Variant:
    """The variant without what does not fit: all of it when everything does, one that changes nothing at worst."""
    if not misfits(variant, offer):
        return variant
    present = offer.toolset
    removed = tuple(name for name in variant.removed if present.named(name) is not None)
    part = msgspec.structs.replace(
        variant,
        tools={
            name: edit
            for name, edit in variant.tools.items()
            if present.named(name) is not None and name not in removed
        },
        removed=removed,
        added=(),
        order=(),
        tool_choice=None,
        tool_choice_after=None,
        parameters={name: value for name, value in variant.parameters.items() if name in PARAMETER_NAMES},
    )
    part = _without_clashes(part, offer)
    for document in variant.added:
        part = _with(part, offer, added=(*part.added, document))
    part = _with(part, offer, order=_known_order(variant, part, present))
    part = _with(part, offer, tool_choice=variant.tool_choice)
    return _with(part, offer, tool_choice_after=variant.tool_choice_after)


def likely_renames(before: Toolset, after: Toolset) -> dict[str, str]:
    """Old name → new name of tools that disappeared while another appeared that is the same except for its name, or
    nearly so.
    """
    gone = [tool for tool in before if after.named(tool.name) is None]
    come = [tool for tool in after if before.named(tool.name) is None]
    found: dict[str, str] = {}
    for old in gone:
        alike = [new for new in come if new.name not in found.values() and _is_alike(old, new)]
        if len(alike) == 1:
            found[old.name] = alike[0].name
    return found


def _is_alike(old: Tool, new: Tool) -> bool:
    if _shape(old) == _shape(new):
        return bool(old.input_schema.get("properties")) or _words_shared(old, new) >= _SHARED_ENOUGH
    return bool(old.description) and old.description == new.description


def _shape(tool: Tool) -> object:
    return {key: value for key, value in tool.document.items() if key not in ("name", "title", "description")}


def _words_shared(old: Tool, new: Tool) -> float:
    one, other = set(old.description.casefold().split()), set(new.description.casefold().split())
    return len(one & other) / len(one | other) if one | other else 1.0


def _without_clashes(part: Variant, offer: Offer) -> Variant:
    """A new name that is now taken is dropped; the rest of that tool's edit stays."""
    if not misfits(part, offer):
        return part
    edits = {name: msgspec.structs.replace(edit, name=None) for name, edit in part.tools.items()}
    return msgspec.structs.replace(part, tools=edits)


def _known_order(variant: Variant, part: Variant, present: Toolset) -> tuple[str, ...]:
    return tuple(_known(variant, part, present))


def _known(variant: Variant, part: Variant, present: Toolset) -> Iterator[str]:
    added = {str(document.get("name")) for document in part.added}
    for name in variant.order:
        if name not in part.removed and (present.named(name) is not None or name in added):
            yield name


def _with(part: Variant, offer: Offer, **changes: object) -> Variant:
    grown = msgspec.structs.replace(part, **changes)
    return part if misfits(grown, offer) else grown
