"""What suites need of an open project."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from workbench.app.costs.prices import Prices
from workbench.app.models.provider_registry import ProviderRegistry
from workbench.app.runs.runs import Runs
from workbench.core.suite.trial import SuiteRun, Trial
from workbench.engine.ports import Checker, Clock, IdMaker
from workbench.store.redaction import Redactor
from workbench.store.registry import ToolRegistry
from workbench.store.runs import RunStore

MakeRuns = Callable[[RunStore, IdMaker], Runs]


class SuiteParts(msgspec.Struct, frozen=True):
    """What suites need of a session. `make_runs` makes runs that are kept in another history."""

    runs: Runs
    history: Path
    redactor: Redactor
    seal_file: Path
    prices: Prices
    checker: Checker
    registry: ToolRegistry
    clock: Clock
    make_runs: MakeRuns
    providers: ProviderRegistry
    report: Callable[[Trial, SuiteRun], None] = lambda trial, run: None
    """Hears of every trial that was graded."""
