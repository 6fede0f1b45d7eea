"""The further tabs of the microscope, one line each: a title, and what makes the panel for a decision."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.microscope.confidence_panel import ConfidencePanel
from workbench.gui.microscope.duel_panel import DuelPanel
from workbench.gui.microscope.overlaps_panel import OverlapsPanel
from workbench.gui.microscope.what_if_panel import WhatIfPanel
from workbench.gui.microscope.words_panel import WordsPanel
from workbench.viewmodels.microscope.point import PointViewModel

MakePanel = Callable[[PointViewModel, Look, Tasks], QWidget]
DUEL = "Duel"
PANELS: tuple[tuple[str, MakePanel], ...] = (
    ("What if", WhatIfPanel),
    ("Words", WordsPanel),
    (DUEL, DuelPanel),
    ("Overlaps", OverlapsPanel),
    ("Confidence", ConfidencePanel),
)
"""A panel is made when its tab is opened first."""
