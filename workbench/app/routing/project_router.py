"""The router of a project; see `engine.ports.Router`."""

import asyncio
import logging
import time
from collections.abc import Mapping

import msgspec

from workbench.app.models.provider_registry import ProviderRegistry
from workbench.app.routing.answer import Answer, Selector
from workbench.app.routing.asking_a_model import AskedModel
from workbench.app.routing.meaning import INDEX_LIMIT_S, Meaning
from workbench.app.routing.patterns import patterns_found
from workbench.core.errors import WorkbenchError
from workbench.core.routing.choosing import choose, ranked_by, tokens_of
from workbench.core.routing.examples import ExampleIndex
from workbench.core.routing.narrowing import Narrowing, narrowing, patterns_of
from workbench.core.routing.plan import RoutingPlan, SelectorKind
from workbench.core.routing.routed import Routed
from workbench.core.routing.situation import Situation
from workbench.core.routing.words import WordIndex
from workbench.engine.ports import Checker

_log = logging.getLogger(__name__)


def selectors(providers: ProviderRegistry, meaning: Meaning) -> dict[SelectorKind, Selector]:
    """Those that need more than the tools themselves."""
    asked = AskedModel(providers)
    return {"meaning": meaning.rank, "learned": meaning.learn, "model": asked.name_tools, "two-stage": asked.two_stages}


class ProjectRouter:
    """Asks the selectors of a plan at the same time, and makes one outcome of what they answer."""

    def __init__(self, checker: Checker, selectors: Mapping[SelectorKind, Selector] | None = None) -> None:
        """`selectors` are those that need more than the tools themselves."""
        self._checker = checker
        self._words = WordIndex()
        self._examples = ExampleIndex()
        self._selectors: dict[SelectorKind, Selector] = {
            "words": lambda plan, situation: self._by_words(situation),
            "examples": self._by_examples,
            **(selectors or {}),
        }

    async def route(self, plan: RoutingPlan, situation: Situation) -> Routed:
        """See `engine.ports.Router`."""
        begun = time.perf_counter()
        situation = msgspec.structs.replace(situation, tool_tokens=tokens_of(situation.tools))
        narrow, note = await self._narrowing(plan, situation)
        kinds: list[SelectorKind] = [kind for kind in plan.use if kind != "rules"]
        answers = await asyncio.gather(*(self._ask(kind, plan, situation) for kind in kinds))
        by_kind: dict[SelectorKind, Answer] = dict(zip(kinds, answers, strict=True))
        rankings = {kind: answer.ranking for kind, answer in by_kind.items() if not answer.note}
        notes = [
            note,
            *(
                answer.note if len(plan.use) == 1 else f"{kind}: {answer.note}"
                for kind, answer in by_kind.items()
                if answer.note
            ),
        ]
        ranking = ranked_by(situation, rankings, narrow) if rankings or not kinds else ()
        routed = choose(plan, situation, ranking, note=" ".join(filter(None, notes)))
        return msgspec.structs.replace(
            routed,
            took_ms=(time.perf_counter() - begun) * 1000,
            trail=tuple(step for answer in answers for step in answer.trail),
            spent=sum(answer.spent for answer in answers),
        )

    async def _narrowing(self, plan: RoutingPlan, situation: Situation) -> tuple[Narrowing, str]:
        if "rules" not in plan.use:
            return Narrowing(), ""
        try:
            found = await patterns_found(self._checker, patterns_of(plan.rules), situation.request)
        except WorkbenchError as error:
            return Narrowing(), f"rules: {error.message}."
        return narrowing(plan.rules, situation.request, called=situation.called_ever, found=found), ""

    async def _ask(self, kind: SelectorKind, plan: RoutingPlan, situation: Situation) -> Answer:
        """What a selector answers; whatever goes wrong in it is a note."""
        limit_s = plan.seconds + (INDEX_LIMIT_S if kind in ("meaning", "learned") else 0)
        try:
            async with asyncio.timeout(limit_s):
                return await self._selectors[kind](plan, situation)
        except TimeoutError:
            return Answer(note=f"no answer within {plan.seconds:g} s.")
        except WorkbenchError as error:
            return Answer(note=f"{error.message}{'' if error.message.endswith('.') else '.'}")
        except Exception as error:  # noqa: BLE001 — door: a selector that breaks must not break the run
            _log.exception("the selector %s failed", kind)
            return Answer(note=f"it failed ({type(error).__name__}).")

    async def _by_words(self, situation: Situation) -> Answer:
        self._words.update(situation.tools)
        return Answer(self._words.rank(situation.request))

    async def _by_examples(self, plan: RoutingPlan, situation: Situation) -> Answer:
        self._examples.update(situation.tools, plan.nothing)
        if self._examples.is_empty:
            return Answer(note="no tool has examples.")
        return Answer(self._examples.rank(situation.request))
