"""What suites need of an open project."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from workbench.app.costs.prices import Prices
from workbench.app.models.provider_registry import ProviderRegistry
from workbench.app.runs.runs import Runs
from workbench.app.suites.arm import Arm
from workbench.app.suites.suite_order import SuiteOrder
from workbench.core.suite.case import Case
from workbench.core.suite.suite import Suite
from workbench.core.suite.trial import SuiteRun, Trial
from workbench.engine.ports import Checker, Clock, IdMaker
from workbench.store.redaction import Redactor
from workbench.store.registry import ToolRegistry
from workbench.store.runs import RunStore

MakeRuns = Callable[[RunStore, IdMaker], Runs]


class PreparedSuiteRun(msgspec.Struct, frozen=True):
    """What an order comes to: its cases and arms, how the run is described, and the answers that are known already."""

    order: SuiteOrder
    suite: Suite
    cases: Sequence[Case]
    arms: Sequence[Arm]
    run: SuiteRun
    known: Mapping[tuple[str, str, int], Trial]


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
    cluster_folder: Path
    """Where `make cluster` leaves what its clients need to be let in."""
    config: Path
    """The user's connections and prices."""
    trusts_code: Callable[[], bool]
    open_project: Callable[..., Any]
    """Opens a project elsewhere, with the same folder, `folders`, `trust_for_now` and `telemetry` as a session."""
    report: Callable[[Trial, SuiteRun], None] = lambda trial, run: None
    """Hears of every trial that was graded."""
