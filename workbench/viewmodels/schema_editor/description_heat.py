"""The heat of the description that is being edited: measured in the microscope, gone as soon as the text changes."""

from dataclasses import dataclass

from workbench.app.microscope.sentence_heat import HeatStore
from workbench.viewmodels.microscope.heat_line import HeatLine, heat_lines, heat_title

TOOL_DESCRIPTION = "/description"


@dataclass(frozen=True)
class ShownHeat:
    """When and on what it was measured, and the sentences."""

    title: str
    lines: tuple[HeatLine, ...]


def description_heat(heats: HeatStore, tool: str, description: str) -> ShownHeat | None:
    """The heat of exactly this text; None when it was not measured."""
    if not description.strip():
        return None
    heat = heats.latest(tool, description)
    if heat is None or not heat.sentences:
        return None
    on_expected = heat.expected == tool
    return ShownHeat(heat_title(heat, on_expected=on_expected), heat_lines(heat, on_expected=on_expected))
