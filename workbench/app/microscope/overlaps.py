"""Evidence about a choice that costs no request: how similar the texts shown to the model are.

`words` needs nothing. `model` takes the local model's own reading of texts as vectors, where it is installed; it is
always the local model's, whichever model chose. Neither is the reason for a choice.
"""

import asyncio
from collections.abc import Sequence
from typing import Literal, Protocol

from workbench.core.attribution import Attribution, attribution, shorter_texts
from workbench.core.errors import UsageError
from workbench.core.similarity import SimilarityMap, Vector, VectorScale, WordScale, map_of_vectors, map_of_words
from workbench.core.tool import Tool, Toolset

SimilarityMeasure = Literal["words", "model"]
MEASURES: tuple[SimilarityMeasure, ...] = ("words", "model")
MEASURE_WORDS: dict[SimilarityMeasure, str] = {"words": "shared words", "model": "the local model"}
DISCLAIMER = "This is text similarity. It is not the model's reason."
MOST_TOOLS = 120
"""More than this make an unreadable map, and half a million pairs."""


class Embeds(Protocol):
    """Makes vectors of texts."""

    @property
    def is_there(self) -> bool: ...
    async def embed(self, texts: Sequence[str]) -> Sequence[Vector]: ...


class TextOverlaps:
    """Measures similarity. Raises `UsageError` when it cannot, `ProviderFailure` when the local model fails."""

    def __init__(self, embedder: Embeds) -> None:
        self._embedder = embedder

    @property
    def measures(self) -> tuple[SimilarityMeasure, ...]:
        """What can be measured on this machine."""
        return MEASURES if self._embedder.is_there else ("words",)

    async def overlaps(self, toolset: Toolset, request: str = "", *, by: SimilarityMeasure = "words") -> SimilarityMap:
        """Every pair of tools and, if given, every tool with a request.

        Raises `UsageError` for more tools than a map shows.
        """
        self._check(by)
        if len(toolset) > MOST_TOOLS:
            raise UsageError(
                f"{len(toolset)} tools are more than an overlap map can show ({MOST_TOOLS})",
                hint="Leave out unrelated tools.",
            )
        texts = [text_of(tool) for tool in toolset]
        if by == "words":
            return await asyncio.to_thread(map_of_words, toolset.names, texts, request)
        asked = [request] if request.strip() else []
        vectors = await self._embedder.embed([*texts, *asked])
        own = vectors[: len(texts)]
        return await asyncio.to_thread(map_of_vectors, toolset.names, own, vectors[-1] if asked else None)

    async def duel(
        self, toolset: Toolset, request: str, names: tuple[str, str], *, by: SimilarityMeasure = "words"
    ) -> tuple[Attribution, Attribution]:
        """Which parts of two descriptions attract the request, by leaving out one sentence and one word at a time."""
        self._check(by)
        one = await self._attribution(toolset, request, names[0], by)
        return one, await self._attribution(toolset, request, names[1], by)

    async def _attribution(self, toolset: Toolset, request: str, name: str, by: SimilarityMeasure) -> Attribution:
        tool = _named(toolset, name)
        texts = [text_of(tool, shorter) for shorter in shorter_texts(tool.description)]
        return attribution(name, tool.description, await self._measure(toolset, request, texts, by))

    async def _measure(self, toolset: Toolset, fixed: str, texts: Sequence[str], by: SimilarityMeasure) -> list[float]:
        """The similarity of each text to the fixed one, on the scale of these tools."""
        all_texts = [text_of(tool) for tool in toolset]
        if by == "words":
            scale = WordScale(all_texts)
            return [scale.similarity(fixed, text) for text in texts]
        vectors = await self._embedder.embed([*all_texts, fixed, *texts])
        count = len(all_texts)
        return await asyncio.to_thread(_similarities, vectors[:count], vectors[count], vectors[count + 1 :])

    def _check(self, by: SimilarityMeasure) -> None:
        if by not in self.measures:
            raise UsageError("the local model is not installed", hint="Install the extra `local`, or compare by words.")


def text_of(tool: Tool, description: str | None = None) -> str:
    """What a model is told of a tool, as one text: its name in words and its description."""
    return f"{tool.name.replace('_', ' ')}: {tool.description if description is None else description}"


def _similarities(all_of_them: Sequence[Vector], fixed: Vector, vectors: Sequence[Vector]) -> list[float]:
    scale = VectorScale(all_of_them)
    return [scale.similarity(fixed, vector) for vector in vectors]


def _named(toolset: Toolset, name: str) -> Tool:
    tool = toolset.named(name)
    if tool is None:
        raise UsageError(f"the tool {name!r} was not offered", hint=f"Offered: {', '.join(toolset.names) or 'none'}.")
    return tool
