"""Everything about the suites of an open project: files, arms, runs, results."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path
from threading import Lock

import msgspec

from workbench import __version__
from workbench.app.clock import TimedIds
from workbench.app.microscope.marks import Marks
from workbench.app.runs.runs import Runs
from workbench.app.suites.arm import Arm, make_arm
from workbench.app.suites.batch_rounds import Told
from workbench.app.suites.batching import Batching
from workbench.app.suites.case_choice import chosen_cases
from workbench.app.suites.cluster_kit import make_kit
from workbench.app.suites.pinned_baseline import PinnedBaselines
from workbench.app.suites.run_audit import mock_players, offered_tools
from workbench.app.suites.schema_judge import SchemaJudge
from workbench.app.suites.suite_files import SuiteFiles
from workbench.app.suites.suite_making import bring_cases, new_suite
from workbench.app.suites.suite_order import BATCH, CONCURRENCY, HERE, SuiteOrder, check_dask
from workbench.app.suites.suite_parts import PreparedSuiteRun, SuiteParts
from workbench.app.suites.suite_plan import PRICE_SHARE, SuiteEstimate, estimate
from workbench.app.suites.suite_progress import SuiteProgress
from workbench.app.suites.suite_runner import OnTrial, RunnerParts, SuiteRunner
from workbench.app.suites.trial_asking import Asks, TrialAsking
from workbench.app.suites.trial_grading import TrialGrading
from workbench.app.tools.tool_changes import Undoable
from workbench.app.variants.variants import VariantStore
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.mark import Mark
from workbench.core.routing.plan import ALL_TOOLS
from workbench.core.statistics.availability import check_statistics
from workbench.core.suite.audit import AuditFinding, audit_suite
from workbench.core.suite.audit_results import audit_results
from workbench.core.suite.case_import import ImportReport
from workbench.core.suite.comparing import MARGIN, ArmComparison, compare_arms
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.suite import Suite, SuiteSettings
from workbench.core.suite.trial import AS_IT_IS, SuiteRun, Trial
from workbench.core.tool import Toolset
from workbench.core.variant import Variant
from workbench.store.batch_journal import JOURNAL
from workbench.store.runs import RunStore
from workbench.store.trial_store import TrialStore

_MEASURED_RUNS = 5


class Suites:
    """The suites of an open project. Nothing is read or started before it is used."""

    def __init__(self, parts: SuiteParts) -> None:
        self._parts = parts
        self._store: RunStore | None = None
        self._runs: Runs | None = None
        self._opening = Lock()
        self.trials = TrialStore(parts.history, parts.redactor)
        self.judge = SchemaJudge(parts.checker)

    @property
    def files(self) -> SuiteFiles:
        """The suites' files."""
        return SuiteFiles(self._parts.runs.project.folder)

    @property
    def pins(self) -> PinnedBaselines:
        """The pinned arm that each suite's runs are also compared with."""
        return PinnedBaselines(self.trials.folder)

    @property
    def variants(self) -> VariantStore:
        """The project's variants."""
        return VariantStore(self._parts.runs.project.folder)

    def new(self, name: str) -> Undoable:
        """Create a suite with a case for every marked decision. Raises `UsageError` when the name is taken."""
        return new_suite(self.files, name, self.marks(), lambda run_id: tuple(self._parts.runs.load(run_id)))

    def marks(self) -> tuple[Mark, ...]:
        """The decisions that were marked as wrong."""
        return tuple(Marks(self._parts.history, self._parts.redactor).all())

    def bring(self, name: str, path: Path) -> ImportReport:
        """Add the cases of a file to a suite. Raises `UsageError` when the file is not understood."""
        return bring_cases(self.files, name, path, self._parts.runs.toolset)

    def run_store(self) -> RunStore | None:
        """The history of the trials, if there is one."""
        if self._store is None and (self.trials.folder / "runs.sqlite").exists():
            self._open()
        return self._store

    def arms(self, suite: Suite, order: SuiteOrder) -> tuple[Arm, ...]:
        """The arms of an order; the first one is what the others are compared with.

        Raises `UsageError` for a variant that does not fit, a model without its key, and arms that are the same.
        """
        arms: dict[str, Arm] = {}
        for model, name, selector in product(order.models, order.variants, order.selectors):
            variant = self.variants.load(name) if name else None
            arm = self._arm(suite.settings, variant, model, selector)
            if arm.arm.key in arms:
                raise UsageError(
                    f"{arms[arm.arm.key].arm.title} and {arm.arm.title} are the same", hint="Leave one of them out."
                )
            arms[arm.arm.key] = arm
        return tuple(arms.values())

    def _arm(self, settings: SuiteSettings, variant: Variant | None, model: str | None, selector: str | None) -> Arm:
        parts = self._parts
        return make_arm(parts.runs, parts.registry, settings, variant=variant, model=model, selector=selector)

    def begin(
        self, order: SuiteOrder | PreparedSuiteRun, *, listener: OnTrial | None = None, told: Told = lambda words: None
    ) -> SuiteRunner:
        """A new suite run, ready to run; it is already on disk, so that it can be resumed.

        Raises `UsageError` for an order that cannot be run; then nothing is kept.
        """
        made = self.prepare(order) if isinstance(order, SuiteOrder) else order
        self._check_budget(made.arms, made.order.budget)
        results = SuiteResults(made.run, {case.key: case for case in made.cases}, ())
        self.trials.begin(made.run, made.cases)
        try:
            return self._runner(results, made.arms, made.order, made.known, listener, told)
        except BaseException:
            self.trials.delete(made.run.suite_run_id)
            raise

    def prepare(self, order: SuiteOrder, arms: Sequence[Arm] = ()) -> PreparedSuiteRun:
        """Plan an order; nothing is kept yet. `arms` are its arms if they already exist, possibly with those of other
        orders. Raises `UsageError` for an order that cannot be run."""
        suite = self.files.load(order.suite)
        made = tuple(arm for arm in arms if arm.arm.variant in order.variants)
        cases, arms = chosen_cases(suite, order), made or self.arms(suite, order)
        run = SuiteRun(
            suite_run_id=_new_id(),
            at=self._parts.clock.now(),
            suite=suite.name,
            suite_digest=suite.digest,
            arms=tuple(arm.arm for arm in arms),
            cases=tuple(case.key for case in cases),
            trials=order.trials,
            split=order.split,
            program_version=__version__,
            settings=suite.settings,
            is_early=order.stop_early,
            race=order.race,
        )
        return PreparedSuiteRun(order, suite, cases, arms, run, self._known(run, arms) if order.reuse else {})

    def estimate(self, order: SuiteOrder | PreparedSuiteRun) -> SuiteEstimate:
        """Estimate a suite run. Raises `UsageError` for an order that cannot be run."""
        made = self.prepare(order) if isinstance(order, SuiteOrder) else order
        order, arms = made.order, made.arms
        models = {arm.arm.model for arm in arms}
        measured: list[tuple[Trial, bool]] = []
        for earlier in self.recorded()[:_MEASURED_RUNS]:
            keys = {arm.key for arm in earlier.arms if arm.model in models}
            if keys:
                trials = self.trials.load(earlier.suite_run_id).trials
                was_batched = self._was_batched(earlier)
                measured += [(each, was_batched) for each in trials if each.arm in keys and not each.cached_from]
        prices = self._parts.prices.list
        found = [prices.price_for(arm.setup.spec, arm.setup.model, arm.provider.name) for arm in arms]
        return estimate(
            len(made.cases),
            len(arms),
            made.run.wanted,
            len(made.known),
            measured,
            concurrency=order.at_once,
            is_free=all(price is not None and price.is_free for price in found),
            on=order.on,
            has_batches=self._have_batches(arms, must=order.on == BATCH),
        )

    def audit(self, name: str) -> tuple[AuditFinding, ...]:
        """Audit the cases of a suite."""
        return audit_suite(self.files.load(name), self._parts.runs.toolset)

    def audit_run(self, results: SuiteResults) -> tuple[AuditFinding, ...]:
        """Audit a suite run and its cases."""
        run = results.run
        try:
            suite = self.files.load(run.suite)
        except WorkbenchError:
            suite = Suite(name=run.suite)
        as_run = Suite(name=run.suite, cases=tuple(results.cases.values()))
        of_run = audit_results(
            results,
            suite=suite,
            offered=offered_tools(run, self._parts.runs, self._parts.registry),
            played_by=mock_players(self._parts.runs.project),
            earlier_looks=self.earlier_looks(run),
        )
        found = (*audit_suite(as_run, self._parts.runs.toolset), *of_run)
        return tuple(sorted(found, key=lambda finding: finding.weight))

    def compare(
        self, results: SuiteResults, *, baseline: str = "", margin: float = MARGIN
    ) -> tuple[ArmComparison, ...]:
        """Every arm but the first compared with the one that lacks only its change (`SuiteRun.pairs`), or all with the
        arm of that variant or title; each split by itself.

        Raises `UsageError` for an unknown arm, or when statistics are not installed.
        """
        arms, pairs = results.run.arms, results.run.pairs
        if baseline:
            wanted = [
                arm
                for arm in arms
                if baseline in (arm.key, arm.variant, arm.title, arm.variant or AS_IT_IS, arm.selector)
            ]
            if not wanted:
                known = ", ".join(arm.title for arm in arms)
                raise UsageError(f"there is no arm {baseline!r}", hint=f"Arms: {known}.")
            pairs = tuple((wanted[0], arm) for arm in arms if arm != wanted[0])
        check_statistics()
        splits = results.splits if len(results.splits) > 1 else (None,)
        return tuple(
            found
            for split in splits
            for found in compare_arms(
                results,
                pairs,
                margin=margin,
                is_early=results.run.is_early,
                further_looks=0 if split == "tune" else self.earlier_looks(results.run),
                split=split,
            )
        )

    def resume(
        self, suite_run: str, order: SuiteOrder, *, listener: OnTrial | None = None, told: Told = lambda words: None
    ) -> SuiteRunner:
        """Resume a suite run where it ended, in batches if it used them; of `order` only concurrency, budget, and place
        apply.

        Raises `UsageError` when its variants, tools, or models have changed: that would be a different question.
        """
        results = self.results(suite_run)
        run = results.run
        arms = []
        for key in run.arms:
            variant = self.variants.load(key.variant) if key.variant else None
            arm = self._arm(run.settings, variant, key.model, key.selector or ALL_TOOLS)
            if arm.arm.key != key.key:
                raise UsageError(
                    f"{key.title} has changed since, so this suite run cannot go on", hint="Start a new one."
                )
            arms.append(arm)
        self._check_budget(arms, order.budget)
        order = msgspec.structs.replace(
            order, stop_early=run.is_early, on=BATCH if self._was_batched(run) else order.on
        )
        return self._runner(results, arms, order, {}, listener, told)

    def results(self, suite_run: str) -> SuiteResults:
        """The results of a suite run, by its ID, an ID prefix, or `last`. Raises `StoreError`."""
        stored = self.trials.load(self.trials.find(suite_run))
        return SuiteResults(stored.run, stored.cases, stored.trials)

    def _have_batches(self, arms: Sequence[Arm], *, must: bool) -> bool:
        """Whether the models of all arms have a batch API. Raises `UsageError` where they `must`."""
        providers = self._parts.providers
        try:
            for arm in arms:
                providers.batching(providers.target(arm.setup.spec))
        except UsageError:
            if must:
                raise
            return False
        return True

    def _was_batched(self, run: SuiteRun) -> bool:
        return (self.trials.folder / run.suite_run_id / JOURNAL).exists()

    def recorded(self) -> tuple[SuiteRun, ...]:
        """All suite runs, newest first."""
        return self.trials.headers()

    def earlier_looks(self, run: SuiteRun) -> int:
        """How many comparisons were made on this suite's held-out cases before this suite run: they belong to its
        family. 0 if it has no held-out cases."""
        if run.split == "tune":
            return 0
        earlier = [each for each in self.recorded() if each.suite == run.suite and each.split != "tune"]
        return sum(len(each.arms) - 1 for each in earlier if each.at < run.at)

    async def close(self) -> None:
        """Stop what is running, and close the files."""
        if self._runs is not None:
            await self._runs.close()
        if self._store is not None:
            self._store.close()

    def _check_budget(self, arms: Sequence[Arm], budget: Decimal | None) -> None:
        if budget is None:
            return
        for arm in arms:
            price = self._parts.prices.list.price_for(arm.setup.spec, arm.setup.model, arm.provider.name)
            if price is None:
                raise UsageError(
                    f"the price of {arm.arm.model} is unknown, so a budget cannot be kept",
                    hint="Add it to the prices in the settings, or run without a budget.",
                )
            if budget <= 0 and not price.is_free:
                raise UsageError("the budget must be above 0", hint="Give a larger one, or run without a budget.")

    def _known(self, run: SuiteRun, arms: Sequence[Arm]) -> Mapping[tuple[str, str, int], Trial]:
        """Trials of earlier suite runs whose answers are certain to be the same: of models that always give the same
        answer to the same request. `cached_from` names the suite run that actually asked."""
        wanted = {arm.arm.key for arm in arms if arm.arm.is_exact}
        cases = set(run.cases)
        found: dict[tuple[str, str, int], Trial] = {}
        for earlier in self.recorded():
            if not wanted & {arm.key for arm in earlier.arms}:
                continue
            for trial in self.trials.load(earlier.suite_run_id).trials:
                if trial.arm in wanted and trial.case in cases and trial.grade is not None:
                    source = trial.cached_from or earlier.suite_run_id
                    found.setdefault(trial.place, msgspec.structs.replace(trial, cached_from=source))
        return found

    def asking(
        self, settings: SuiteSettings, *, share: Decimal = Decimal(1), own: Toolset | None = None
    ) -> TrialAsking:
        """What runs trials in this program. `share` is the charged share of a request's price; `own` are the project's
        tools, if they are not those that it offers now."""
        store, runs = self._open()
        grading = TrialGrading(self.judge, settings, self._parts.prices.list, share)
        return TrialAsking(runs, store, self.judge, settings.tools, grading, own)

    def _asks(self, results: SuiteResults, arms: Sequence[Arm], order: SuiteOrder, told: Told) -> Asks:
        parts, run = self._parts, results.run
        if order.on == HERE:
            return self.asking(run.settings)
        if order.on == BATCH:
            self._have_batches(arms, must=True)
            here = self.asking(run.settings, share=PRICE_SHARE)
            folder = self.trials.folder / run.suite_run_id
            return Batching(here, folder, parts.redactor, arms, parts.providers, parts.clock, told)
        check_dask()
        from workbench.app.suites.cluster import connected

        return connected(make_kit(results, arms, parts), order, self._open, parts.cluster_folder, told)

    def _runner(
        self,
        results: SuiteResults,
        arms: Sequence[Arm],
        order: SuiteOrder,
        known: Mapping[tuple[str, str, int], Trial],
        listener: OnTrial | None,
        told: Told,
    ) -> SuiteRunner:
        store, _ = self._open()
        parts = self._parts

        def heard(trial: Trial, progress: SuiteProgress) -> None:
            parts.report(trial, results.run)
            if listener is not None:
                listener(trial, progress)

        grading = TrialGrading(self.judge, results.run.settings, parts.prices.list)
        asks = self._asks(results, arms, order, told)  # last: it may be connected to a cluster, and must be closed
        return SuiteRunner(
            RunnerParts(store, self.trials, grading, parts.clock, asks),
            results,
            arms,
            known=known,
            concurrency=order.concurrency or CONCURRENCY,
            budget=order.budget,
            stop_early=order.stop_early,
            listener=heard,
        )

    def _open(self) -> tuple[RunStore, Runs]:
        with self._opening:  # several threads may read results
            if self._store is None or self._runs is None:
                parts = self._parts
                self._store = RunStore(self.trials.folder, parts.redactor, seal_file=parts.seal_file)
                self._store.recover()
                self._runs = parts.make_runs(self._store, TimedIds(letters=10))
        self._runs.project, self._runs.executors = self._parts.runs.project, self._parts.runs.executors
        return self._store, self._runs


def _new_id() -> str:
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S-") + TimedIds().new_run_id()[-4:]
