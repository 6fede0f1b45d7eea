"""What the pictures of suites show: the shop's own suite, really run with the local model.

That takes minutes, so it is run once a process and shown in every appearance. Where the local model is not installed
there are no pictures of it.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QScrollArea, QWidget

from pictures.stage import Shoot, Stage
from workbench.app.project.folders import UserFolders
from workbench.app.project.new_project import new_project
from workbench.app.session import Session
from workbench.app.suites.suite_order import SuiteOrder
from workbench.app.suites.suite_race import run_race
from workbench.core.suite.suite import Suite
from workbench.gui.look.look import Look
from workbench.gui.suites.suites_feature import SuitesFeature
from workbench.gui.suites.suites_page import SuitesPage

_CASES = 30
"""Of each split."""
_SUITE = "shop-support"
_RACED = f"{_SUITE}-race"
_HISTORY = ".workbench"
_recorded: list[Path] = []


async def suite_pictures(look: Look, home: Path, shoot: Shoot) -> None:
    """Cases, a plan, results, a confusion, and what is proposed for it."""
    if find_spec("needle") is None:
        return
    if not _recorded:
        _recorded.append(await _run())
    stage = Stage(look, home, sample=_SUITE, model="local", damage=_lay_out)
    for dock in ("trace", "explorer"):
        stage.window.commands[dock].trigger()
    page = stage.window.features.of(SuitesFeature).open()
    suites = page.suites
    await _until(lambda: suites.suite is not None and suites.report is not None)
    await shoot(stage, "suite_cases")
    suites.running.decide(variants=("", "clearer", "triggers"), split="all")
    suites.running.let_race(is_on=True)
    await suites.running.plan(20, 5)
    page.show_part("Run")
    await shoot(stage, "suite_plan")
    page.show_part("Results")
    await shoot(stage, "suite_results")
    _choose_confusion(page)
    await shoot(stage, "suite_confusion")
    await suites.choose(_RACED)
    page.show_part("Results")
    await _until(lambda: bool(suites.past_rounds))
    _scroll(page, page.results.race)
    await shoot(stage, "suite_race")
    await suites.choose(_SUITE)
    _choose_confusion(page)
    suites.improving.suggest()
    page.show_part("Improve")
    await shoot(stage, "suite_improve")
    await stage.close()


async def _run() -> Path:
    """A copy of the sample in which the suite was run with the variant that helps."""
    home = Path(tempfile.mkdtemp())
    folder = new_project(home / _SUITE, sample_name=_SUITE)
    session = Session(folder, folders=UserFolders(home / "state", home / "config", home / "data"), trust_for_now=True)
    try:
        suite = session.suites.files.load(_SUITE)
        only = (*_spread(suite, "tune"), *_spread(suite, "held-out"))
        order = SuiteOrder(suite=_SUITE, variants=("", "triggers"), split="all", only=only)
        await session.suites.begin(order).run()
        # The same cases as a suite of their own, because a race takes all tune cases; most answers are known by now.
        raced = msgspec.structs.replace(
            suite, name=_RACED, cases=tuple(each for each in suite.cases if each.case_id in only)
        )
        session.suites.files.save(raced)
        await run_race(session.suites, SuiteOrder(suite=_RACED, variants=("", "clearer", "triggers")))
    finally:
        await session.close()
    return folder


def _spread(suite: Suite, split: str) -> tuple[str, ...]:
    """The first case of each of so many clusters, evenly from the whole file."""
    found: dict[str, str] = {}
    for case in suite.cases:
        if case.split == split:
            found.setdefault(case.unit, case.case_id)
    return tuple(found.values())[:: max(1, len(found) // _CASES)][:_CASES]


def _lay_out(folder: Path) -> None:
    shutil.copytree(_recorded[0] / _HISTORY, folder / _HISTORY, dirs_exist_ok=True)
    shutil.copy(_recorded[0] / "suites" / f"{_RACED}.jsonl", folder / "suites")


def _choose_confusion(page: SuitesPage) -> None:
    """The most frequent one of the project as it is."""
    suites, matrix = page.suites, page.results.matrix
    assert suites.report is not None
    suites.look_at(suites.report.results.run.arms[0])
    rows, columns = suites.matrix.rows, suites.matrix.columns
    worst = next(each for each in suites.improving.confusions if each.chosen in rows)
    matrix.setCurrentCell(rows.index(worst.expected), columns.index(worst.chosen))
    _scroll(page, page.results.trials)


def _scroll(page: SuitesPage, widget: QWidget) -> None:
    scroll = page.stack.currentWidget()
    assert isinstance(scroll, QScrollArea)
    scroll.ensureWidgetVisible(widget, 0, 40)


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 — conditions about widgets have no event to wait for
        await asyncio.sleep(0.05)
