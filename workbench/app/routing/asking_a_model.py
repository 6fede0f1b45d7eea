"""The selectors that ask a model first: `model` lets it name the tools, `two-stage` lets it name an intent.

Whatever it answers is looked through for names: calls, JSON, prose. What it names and does not exist is left out.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import aclosing

from workbench.app.models.provider_registry import ProviderRegistry
from workbench.app.routing.answer import SelectorAnswer
from workbench.core.errors import ProviderFailure, UsageError
from workbench.core.exchange import ModelRequest, ModelResponse
from workbench.core.message import UserMessage
from workbench.core.routing.intents import proposed_intents
from workbench.core.routing.plan import RoutingPlan
from workbench.core.routing.ranking import ranking
from workbench.core.routing.situation import Situation
from workbench.core.routing.words import WordIndex
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import AUTO, REQUIRED, resolve_choice

MOST_LISTED = 200
"""Of more tools, the model is shown the 50 best by words."""
_NAMING = (
    "Choose which of these tools could help with the user's request. Call choose_tools with their names, the best "
    "first, at most {top}; with none of them where none helps. Do not answer the request.\n\n{tools}"
)
_INTENT = "Call the one tool that stands for what the user's request is about."


class AskedModel:
    """Asks the model of a plan, or that of the run."""

    def __init__(self, providers: ProviderRegistry) -> None:
        self._providers = providers

    async def name_tools(self, plan: RoutingPlan, situation: Situation) -> SelectorAnswer:
        """The tools that the model names. Raises `WorkbenchError`."""
        shown = _shown(situation)
        listed = "\n".join(f"{tool.name}: {_first_sentence(tool.description)}" for tool in shown)
        names: dict[str, object] = {"type": "array", "items": {"type": "string", "enum": list(shown.names)}}
        schema = {"type": "object", "properties": {"tools": names}, "required": ["tools"]}
        chooser = Tool.make("choose_tools", "Name the tools that could help.", schema)  # type: ignore[arg-type]
        instructions = _NAMING.format(top=plan.top, tools=listed)
        said, spent = await self._ask(plan, situation, instructions, Toolset([chooser]))
        named = names_in(said, situation.tools.names)
        scores = {name: max(0.1, 1 - place / 10) for place, name in enumerate(named)}
        why = {name: f"named at place {place}" for place, name in enumerate(named, 1)}
        trail = (f"model: asked {self._spec(plan, situation)}, which said: {said[:200]}",)
        if not named:
            return SelectorAnswer(note="the model named no tool.", trail=trail, spent=spent)
        return SelectorAnswer(ranking(scores, why, situation.tools.names), trail=trail, spent=spent)

    async def two_stages(self, plan: RoutingPlan, situation: Situation) -> SelectorAnswer:
        """The tools of the intent that the model names, the best by words first. Raises `WorkbenchError`."""
        intents = plan.intents or proposed_intents(situation.tools)
        if not intents:
            return SelectorAnswer(note="there are no intents; write some under [routing.intents].")
        said, spent = await self._ask(plan, situation, _INTENT, _as_tools(intents, situation.tools))
        named = names_in(said, intents)
        trail = (f"two-stage: of {', '.join(intents)}, {self._spec(plan, situation)} said: {said[:200]}",)
        if not named:
            return SelectorAnswer(note="the model named no intent.", trail=trail, spent=spent)
        intent = named[0]
        words = {each.tool: each.score for each in WordIndex(situation.tools).rank(situation.request)}
        scores = {tool: 0.5 + words.get(tool, 0.0) / 2 for tool in intents[intent] if situation.tools.named(tool)}
        why = dict.fromkeys(scores, f"intent {intent}")
        return SelectorAnswer(ranking(scores, why, situation.tools.names), trail=trail, spent=spent)

    def _spec(self, plan: RoutingPlan, situation: Situation) -> str:
        return plan.model or situation.spec or self._providers.project.model

    async def _ask(self, plan: RoutingPlan, situation: Situation, instructions: str, tools: Toolset) -> tuple[str, int]:
        """Everything the model said, as one text, and the tokens it took."""
        if not situation.request.strip():
            raise UsageError("there is no request to ask a model about")
        target = self._providers.target(self._spec(plan, situation))
        self._providers.check_key(target)
        provider = self._providers.provider(target)
        support = provider.choice_support(target.model)
        choice = resolve_choice(REQUIRED if support.required else AUTO, tools, support).choice
        request = ModelRequest(
            model=target.model,
            messages=(UserMessage(situation.request),),
            instructions=instructions,
            tools=tools,
            tool_choice=choice,
        )
        async with aclosing(provider.stream(provider.encode(request))) as items:  # type: ignore[type-var]
            async for item in items:
                if isinstance(item, ModelResponse):
                    called = [f"{call.tool} {call.arguments_json}" for call in item.calls]
                    usage = item.usage.total_tokens if item.usage is not None else 0
                    return " ".join((*called, item.message.text)).strip(), usage
        raise ProviderFailure("The answer was cut off: the stream ended without a response.", kind="cut_off")


def names_in(said: str, known: Sequence[str] | Mapping[str, object]) -> tuple[str, ...]:
    """The known names in a text, as whole words, each once and in the order in which they come."""
    found = {name: re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", said) for name in known}
    places = {name: match.start() for name, match in found.items() if match is not None}
    return tuple(sorted(places, key=places.__getitem__))


def _shown(situation: Situation) -> Toolset:
    tools = situation.tools
    if len(tools) <= MOST_LISTED:
        return tools
    best = {each.tool for each in WordIndex(tools).rank(situation.request)}
    return Toolset([tool for tool in tools if tool.name in best]) or tools[:MOST_LISTED]  # type: ignore[return-value]


def _as_tools(intents: Mapping[str, Sequence[str]], tools: Toolset) -> Toolset:
    made = []
    for intent, names in intents.items():
        texts = [_first_sentence(tool.description) for name in names if (tool := tools.named(name)) is not None]
        made.append(Tool.make(intent, f"Requests about {intent.replace('_', ' ')}. {' '.join(texts)}"))
    return Toolset(made)


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0][:200]
