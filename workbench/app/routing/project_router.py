"""The router of a project; see `engine.ports.Router`."""

import asyncio
import logging
import time
from collections.abc import Mapping

import msgspec

from workbench.app.models.provider_registry import ProviderRegistry
from workbench.app.routing.answer import Selector, SelectorAnswer
from workbench.app.routing.asking_a_model import AskedModel
from workbench.app.routing.loading import LazyTools
from workbench.app.routing.meaning import INDEX_LIMIT_S, Meaning
from workbench.app.routing.patterns import patterns_found
from workbench.core.errors import WorkbenchError, with_advice
from workbench.core.json_text import JsonObject
from workbench.core.routing.choosing import choose, ranked_by, tokens_of
from workbench.core.routing.examples import ExampleIndex
from workbench.core.routing.narrowing import Narrowing, narrowing, patterns_of
from workbench.core.routing.plan import RoutingPlan, SelectorKind
from workbench.core.routing.ranking import Ranking
from workbench.core.routing.routed import Routed
from workbench.core.routing.search_tool import SEARCH_TOOL, ranked_by_search
from workbench.core.routing.situation import Situation
from workbench.core.routing.words import WordIndex
from workbench.engine.ports import Checker

_log = logging.getLogger(__name__)


def selectors(providers: ProviderRegistry, meaning: Meaning) -> dict[SelectorKind, Selector]:
    """Those that need more than the tools themselves."""
    asked = AskedModel(providers)
    return {"meaning": meaning.rank, "learned": meaning.learn, "model": asked.name_tools, "two-stage": asked.two_stages}


class ProjectRouter:
    """Asks the selectors of a plan at the same time, and combines their answers into one outcome."""

    def __init__(
        self,
        checker: Checker,
        selectors: Mapping[SelectorKind, Selector] | None = None,
        lazy: LazyTools | None = None,
    ) -> None:
        """`selectors` are those that need more than the tools themselves."""
        self._checker = checker
        self._lazy = lazy
        self._words = WordIndex()
        self._examples = ExampleIndex()
        self._selectors: dict[SelectorKind, Selector] = {
            "words": lambda plan, situation: self._by_words(situation),
            "examples": self._by_examples,
            "simulated-search": self._by_search,
            **(selectors or {}),
        }

    async def route(self, plan: RoutingPlan, situation: Situation) -> Routed:
        """See `engine.ports.Router`."""
        begun = time.perf_counter()
        situation = msgspec.structs.replace(situation, tool_tokens=tokens_of(situation.tools))
        narrow, note = await self._narrowing(plan, situation)
        kinds: list[SelectorKind] = [kind for kind in plan.use if kind != "rules"]
        answers = await asyncio.gather(*(self._ask(kind, plan, situation) for kind in kinds))
        by_kind: dict[SelectorKind, SelectorAnswer] = dict(zip(kinds, answers, strict=True))
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
        routed = await self._load(plan, situation, ranking, " ".join(filter(None, notes)))
        return msgspec.structs.replace(
            routed,
            took_ms=(time.perf_counter() - begun) * 1000,
            trail=(*(step for answer in answers for step in answer.trail), *routed.trail),
            spent=sum(answer.spent for answer in answers),
        )

    async def _load(self, plan: RoutingPlan, situation: Situation, ranking: Ranking, note: str) -> Routed:
        """The offered tools after their loaders have run; the next tool replaces one whose loader fails."""
        failed: dict[str, str] = {}
        given: dict[str, JsonObject] = {}
        while True:
            words = " ".join(filter(None, (note, *(f"{name} is left out: {why}." for name, why in failed.items()))))
            routed = choose(plan, situation, ranking, note=words, failed=failed)
            lazy = self._lazy if situation.may_load else None
            new = [
                tool
                for tool in situation.tools
                if tool.name in routed.offered and tool.name not in given and lazy is not None and lazy.is_lazy(tool)
            ]
            if lazy is None or not new:
                break
            found = await asyncio.gather(*(lazy.load(tool, plan.seconds) for tool in new), return_exceptions=True)
            for tool, each in zip(new, found, strict=True):
                if isinstance(each, WorkbenchError):
                    failed[tool.name] = with_advice(each.message, each.hint).removesuffix(".")
                elif isinstance(each, Exception):
                    _log.error("the loader of %s failed", tool.name, exc_info=each)
                    failed[tool.name] = f"its loader failed ({type(each).__name__})"
                elif isinstance(each, BaseException):
                    raise each
                else:
                    given[tool.name] = each
        loaded = {name: given[name] for name in routed.offered if name in given}
        trail = tuple(f"loaded: {name}" for name in loaded)
        unloaded = tuple(
            tool.name
            for tool in situation.tools
            if self._lazy is not None and tool.name not in loaded and self._lazy.is_lazy(tool)
        )
        return msgspec.structs.replace(routed, loaded=loaded, trail=trail, unloaded=unloaded)

    async def _narrowing(self, plan: RoutingPlan, situation: Situation) -> tuple[Narrowing, str]:
        if "rules" not in plan.use:
            return Narrowing(), ""
        try:
            found = await patterns_found(self._checker, patterns_of(plan.rules), situation.request)
        except WorkbenchError as error:
            return Narrowing(), f"rules: {_sentence(error)}"
        return narrowing(plan.rules, situation.request, called=situation.called_ever, found=found), ""

    async def _ask(self, kind: SelectorKind, plan: RoutingPlan, situation: Situation) -> SelectorAnswer:
        """A selector's answer; any failure in it becomes a note."""
        limit_s = plan.seconds + (INDEX_LIMIT_S if kind in ("meaning", "learned") else 0)
        try:
            async with asyncio.timeout(limit_s):
                return await self._selectors[kind](plan, situation)
        except TimeoutError:
            return SelectorAnswer(note=f"no answer within {plan.seconds:g} s.")
        except WorkbenchError as error:
            return SelectorAnswer(note=_sentence(error))
        except Exception as error:  # noqa: BLE001 — door: a selector that breaks must not break the run
            _log.exception("the selector %s failed", kind)
            return SelectorAnswer(note=f"it failed ({type(error).__name__}).")

    async def _by_words(self, situation: Situation) -> SelectorAnswer:
        self._words.update(situation.tools)
        return SelectorAnswer(self._words.rank(situation.request))

    async def _by_examples(self, plan: RoutingPlan, situation: Situation) -> SelectorAnswer:
        self._examples.update(situation.tools, plan.nothing)
        if self._examples.is_empty:
            return SelectorAnswer(note="no tool has examples.")
        return SelectorAnswer(self._examples.rank(situation.request))

    async def _by_search(self, _: RoutingPlan, situation: Situation) -> SelectorAnswer:
        """What was found so far; in a preview, what a search for the request would find."""
        if situation.tools.named(SEARCH_TOOL.name) is None:
            return await self._by_words(situation)
        return SelectorAnswer(ranked_by_search(situation.found))


def _sentence(error: WorkbenchError) -> str:
    words = with_advice(error.message, error.hint)
    return words if words.endswith((".", "!", "?")) else f"{words}."
