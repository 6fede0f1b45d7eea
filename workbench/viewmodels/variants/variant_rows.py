"""Variants as rows of a list, and their changes as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.core.variant import Offer, Variant, apply_variant, misfits
from workbench.core.variant_fit import fitting_part
from workbench.core.variant_lines import ChangeLine, change_lines
from workbench.viewmodels.explorer.explorer_item import ExplorerItem, ExplorerSection
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import one_line

_MOST_PLACES = 6


@dataclass(frozen=True)
class VariantRow:
    """One variant in the list. `problem` says why it does not fit, or cannot be read; empty when all is well."""

    name: str
    summary: str
    problem: str = ""
    is_damaged: bool = False


def section_of(rows: Sequence[VariantRow]) -> ExplorerSection | None:
    """The variants as a section of the explorer; none while there are none."""
    items = tuple(
        ExplorerItem(
            "variant",
            one_line(row.name, 64),
            row.name,
            detail=row.summary,
            tone="warn" if row.problem else "plain",
            tip=row.problem,
        )
        for row in rows
    )
    return ExplorerSection("Variants", items) if items else None


def row_of(name: str, variant: Variant, offer: Offer) -> VariantRow:
    """A variant's row."""
    wrong, lines = misfits(variant, offer), lines_of(variant, offer)
    summary = figures.count(len(lines), "change") if lines or wrong else "changes nothing"
    if not wrong:
        return VariantRow(name, summary)
    works = ", ".join(place_words(line.place) for line in lines[:_MOST_PLACES])
    more = f" and {len(lines) - _MOST_PLACES} more" if len(lines) > _MOST_PLACES else ""
    said = f"What still works: {works}{more}." if works else "Nothing in it still works."
    summary = f"{summary} still {'fits' if len(lines) == 1 else 'fit'}"
    return VariantRow(name, summary, f"It does not fit: {'; '.join(wrong)}. {said}")


def lines_of(variant: Variant, offer: Offer) -> tuple[ChangeLine, ...]:
    """What a variant changes, as far as it fits."""
    part = fitting_part(variant, offer)
    return change_lines(offer, apply_variant(part, offer), renames=part.renames)


def name_for(variant: Variant) -> str:
    """A name for a variant made of edits."""
    touched = [*variant.tools, *(str(document["name"]) for document in variant.added), *variant.removed]
    if len(touched) == 1 and touched[0].isascii():
        return f"{touched[0][:58]}-edit"
    return "edits"


def place_words(place: str) -> str:
    """`tools/look/inputSchema/properties/at/type` as people read it: `look › at › type`."""
    steps = place.split("/")
    if steps[0] != "tools":
        return {"instructions": "Instructions", "tool_choice": "Tool choice", "model": "Model"}.get(
            place, place.replace("_", " ").capitalize()
        )
    frame = ("inputSchema", "properties")
    kept = [step.replace("~1", "/").replace("~0", "~") for step in steps[1:] if step not in frame]
    return " › ".join([*kept, "parameters"] if len(kept) == 1 and len(steps) > 2 else kept)
