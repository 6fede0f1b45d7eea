"""What the pictures of suites show: the shop's own suite, really run with the local model."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QScrollArea, QWidget

from pictures.stage import Shoot, Stage
from workbench.gui.look.look import Look
from workbench.gui.suites.suites_feature import SuitesFeature
from workbench.gui.suites.suites_page import SuitesPage

_CASES = 30
_SUITE = "shop-support"


async def suite_pictures(look: Look, home: Path, shoot: Shoot) -> None:
    """Cases, a plan and a run under way, its results, a confusion, and what is proposed for it. Takes minutes."""
    stage = Stage(look, home, sample=_SUITE, model="local")
    stage.window.commands["trace"].trigger()
    stage.window.commands["explorer"].trigger()
    page = stage.window.features.of(SuitesFeature).open()
    suites, running = page.suites, page.suites.running
    await _until(lambda: suites.suite is not None)
    await shoot(stage, "suite_cases")
    assert suites.suite is not None
    only = _first_of(page, "tune", _CASES) + _first_of(page, "held-out", _CASES)
    running.decide(variants=("", "triggers"), split="all", only=only)
    page.show_part("Run")
    run = asyncio.create_task(suites.run())
    await _until(lambda: running.progress is not None and running.progress.done > 2 * _CASES)
    await running.plan(20, 5)
    await shoot(stage, "suite_run")
    await run
    for toast in stage.window.toasts.shown:
        toast.close_now()
    page.show_part("Results")
    await shoot(stage, "suite_results")
    assert suites.report is not None
    suites.look_at(suites.report.results.run.arms[0])
    worst = next(each for each in suites.improving.confusions if each.chosen in suites.matrix.rows)
    places = suites.matrix.rows.index(worst.expected), suites.matrix.columns.index(worst.chosen)
    page.results.matrix.setCurrentCell(*places)
    _scroll(page, page.results.trials)
    await shoot(stage, "suite_confusion")
    suites.improving.suggest()
    page.show_part("Improve")
    await shoot(stage, "suite_improve")
    await stage.close()


def _first_of(page: SuitesPage, split: str, count: int) -> tuple[str, ...]:
    """The first case of each of so many clusters, evenly from the whole file."""
    assert page.suites.suite is not None
    found: dict[str, str] = {}
    for case in page.suites.suite.cases:
        if case.split == split:
            found.setdefault(case.unit, case.case_id)
    step = max(1, len(found) // count)
    return tuple(found.values())[::step][:count]


def _scroll(page: SuitesPage, widget: QWidget) -> None:
    scroll = page.stack.currentWidget()
    assert isinstance(scroll, QScrollArea)
    scroll.ensureWidgetVisible(widget, 0, 380)


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 — conditions about widgets have no event to wait for
        await asyncio.sleep(0.05)
