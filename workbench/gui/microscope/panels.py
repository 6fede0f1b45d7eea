"""The further tabs of the microscope, one line each: a title, and what makes the panel for a decision."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workbench.gui.look import Look
from workbench.gui.tasks import Tasks
from workbench.viewmodels.microscope.point import PointViewModel

MakePanel = Callable[[PointViewModel, Look, Tasks], QWidget]
PANELS: tuple[tuple[str, MakePanel], ...] = ()
"""A panel is made when its tab is opened first."""
