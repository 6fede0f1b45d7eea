"""Turns a trial's recorded run into the trial: its grade, its cost, or why it has no grade."""

from decimal import Decimal
from typing import Literal

import msgspec

from workbench.app.suites.arm import Arm
from workbench.app.suites.schema_judge import SchemaJudge
from workbench.app.suites.trial_routing import trial_routing
from workbench.core.errors import FailureKind
from workbench.core.price import PriceList
from workbench.core.run_total import total_of
from workbench.core.suite.case import Case
from workbench.core.suite.grade import Rules, grade
from workbench.core.suite.path import paths_of
from workbench.core.suite.suite import SuiteSettings
from workbench.core.suite.trial import Trial
from workbench.core.tool import Tool, Toolset
from workbench.core.trace import Trace


class TrialGrading:
    """Grades the trials of one suite."""

    def __init__(
        self, judge: SchemaJudge, settings: SuiteSettings, prices: PriceList, price_share: Decimal = Decimal(1)
    ) -> None:
        """`price_share` is the charged share of a request's price."""
        self._judge = judge
        self._settings = settings
        self._prices = prices
        self._price_share = price_share

    async def trial(self, case: Case, arm: Arm, number: int, trace: Trace) -> Trial:
        """The trial of a finished run. A run that the provider ended has no grade."""
        total, finished = total_of(trace, self._prices), trace.finished
        answers = [current.response for current in trace.rounds() if current.response is not None]
        made = Trial(
            case=case.key,
            arm=arm.arm.key,
            number=number,
            run_id=total.run_id,
            at=trace.started.at if trace.started is not None else 0.0,
            ended_by=finished.ended_by if finished is not None else "interruption",
            rounds=total.rounds,
            input_tokens=total.input_tokens,
            output_tokens=total.output_tokens,
            dollars=f"{total.cost.dollars * self._price_share:f}" if total.cost.is_known else None,
            seconds=total.latency_ms / 1000,
            model=answers[-1].response.model if answers else "",
        )
        current = trace.current_round
        if finished is None or (finished.outcome == "failed" and (current is None or current.response is None)):
            message = finished.message if finished is not None else ""
            failed = [request.failed for request in trace.requests() if request.failed is not None]
            kind: FailureKind | Literal[""] = failed[-1].failure if failed else ""
            return msgspec.structs.replace(made, failure=message or "the run did not end", failure_kind=kind)
        rules = Rules(own_names(arm, case_tools(arm, case)), self._settings.harmless)
        paths = paths_of(trace, renames=arm.renames)
        if any(path.routed is not None for path in paths):
            made = msgspec.structs.replace(made, routing=trial_routing(case, trace, arm.renames))
        found = await self._judge.judge(lambda fits: grade(case, paths, rules, fits))
        return msgspec.structs.replace(made, grade=found)


def case_tools(arm: Arm, case: Case) -> Toolset:
    """The offered tools of a case: the arm's, or those of them that the case names."""
    if case.offers:
        return Toolset([Tool(document) for document in case.offers])
    if not case.tools:
        return arm.setup.toolset
    wanted = {arm.renames.get(name, name) for name in case.tools}
    return Toolset([tool for tool in arm.setup.toolset if tool.name in wanted])


def own_names(arm: Arm, tools: Toolset) -> Toolset:
    """The arm's tools under the project's names."""
    own = {new: old for old, new in arm.renames.items()}
    return Toolset([Tool({**tool.document, "name": own.get(tool.name, tool.name)}) for tool in tools])
