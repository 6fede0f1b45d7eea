"""How many tokens each tool and each part of it adds to every request, the heaviest first."""

import asyncio
from typing import Protocol

from workbench.app.parts import HasKeys, HasModels, HasProject
from workbench.app.schema_editor.token_counting import Counter, counters, weigh_exactly
from workbench.core.errors import WorkbenchError
from workbench.core.signal import Signal
from workbench.core.tool_weight import PartWeight, weigh
from workbench.viewmodels.shared import figures


class WeightParts(HasProject, HasModels, HasKeys, Protocol):
    """What weighing tools needs."""


class WeightList:
    """Estimates, until a vendor counts a tool; that count is kept until the tool changes."""

    def __init__(self, parts: WeightParts) -> None:
        self.shown: tuple[PartWeight, ...] = ()
        self.chosen: PartWeight | None = None
        self.trouble = ""
        self.changed: Signal[[]] = Signal()
        self._parts = parts
        self._weights: dict[str, tuple[PartWeight, ...]] = {}
        self._counted: dict[str, tuple[str, tuple[PartWeight, ...]]] = {}
        self._words: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The tokens of all tools together."""
        total = sum(parts[0].tokens for parts in self._weights.values())
        tools = figures.count(len(self._weights), "tool")
        return f"≈ {total:,} tokens with every request that offers all {tools}. Parts are nested."

    @property
    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """Tool, part, tokens."""
        return tuple((part.tool, part.words, part.tokens_text) for part in self.shown)

    @property
    def counters(self) -> tuple[Counter, ...]:
        """Vendors that can count the chosen tool exactly."""
        return counters(self._parts.providers) if self.chosen is not None else ()

    async def weigh(self) -> None:
        """Estimate all tools as they are now."""
        tools = tuple(self._parts.project.toolset)
        estimated = await asyncio.to_thread(lambda: {tool.name: weigh(tool) for tool in tools})
        digests = {tool.name: tool.digest for tool in tools}
        self._counted = {name: held for name, held in self._counted.items() if digests.get(name) == held[0]}
        self._weights = estimated | {name: parts for name, (_, parts) in self._counted.items()}
        self._sift()

    async def count(self, counter: Counter) -> None:
        """Let the vendor count the chosen tool; that sends the tool there, once for each part."""
        tool = self._parts.project.toolset.named(self.chosen.tool) if self.chosen is not None else None
        if tool is None:
            return
        self.trouble = ""
        try:
            parts = await weigh_exactly(self._parts.providers, self._parts.keys, counter, tool)
        except WorkbenchError as error:
            self.trouble = f"Not counted: {error}"
        else:
            self._counted[tool.name] = tool.digest, parts
            self._weights[tool.name] = parts
        self._sift()

    def choose(self, row: int) -> None:
        """Choose a part."""
        self.chosen = self.shown[row] if 0 <= row < len(self.shown) else None
        self.changed.emit()

    def filter_by(self, text: str) -> None:
        """List only parts that contain all these words."""
        self._words = tuple(text.casefold().split())
        self._sift()

    def _sift(self) -> None:
        heaviest = sorted(self._weights.values(), key=lambda parts: -parts[0].tokens)
        everything = (part for parts in heaviest for part in parts)
        self.shown = tuple(
            part for part in everything if all(word in f"{part.tool} {part.words}".casefold() for word in self._words)
        )
        before = self.chosen
        same = (part for part in self.shown if before and (part.tool, part.place) == (before.tool, before.place))
        self.chosen = next(same, None)
        self.changed.emit()
