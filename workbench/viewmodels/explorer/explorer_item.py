"""Rows of the explorer and the sections they are in."""

from typing import Literal

import msgspec

from workbench.core.ids import RunId
from workbench.viewmodels.shared.tone import Tone

ItemKind = Literal["tool", "variant", "conversation", "run", "problem", "hint", "more"]


class ExplorerItem(msgspec.Struct, frozen=True):
    """One row. `target` is what opening it opens: a tool's name, a run id, a file, a section to show more of."""

    kind: ItemKind
    label: str
    target: str
    detail: str = ""
    tone: Tone = "plain"
    tip: str = ""
    line: int = 0

    @property
    def run_id(self) -> RunId:
        """The run that a row of a run stands for, or the first run of a conversation; empty for any other row."""
        return RunId(self.target if self.kind in ("run", "conversation") else "")

    @property
    def is_about_something(self) -> bool:
        """Whether the row stands for a thing that is counted, found and acted on."""
        return self.kind not in ("hint", "more")


class ExplorerSection(msgspec.Struct, frozen=True):
    """A heading with its rows. `total` is how many there are where not all of them are listed."""

    title: str
    items: tuple[ExplorerItem, ...]
    total: int = 0

    @property
    def heading(self) -> str:
        """The title with the count."""
        counted = self.total or sum(item.is_about_something for item in self.items)
        return f"{self.title} ({counted:,})" if counted else self.title


def fits(item: ExplorerItem, words: tuple[str, ...]) -> bool:
    """Whether a row contains every word, which are in lower case."""
    text = f"{item.label} {item.detail} {item.tip}".casefold()
    return item.is_about_something and all(word in text for word in words)
