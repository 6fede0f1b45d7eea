"""What would happen if what hovers over the window were dropped."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.app.imports.dropped import Dropped
from workbench.viewmodels.shared.plain import one_line

_MOST_SHOWN = 6


@dataclass(frozen=True)
class DropPlan:
    """`lines` say what would be done and what would not, each with whether it would be."""

    dropped: tuple[Dropped, ...]

    @property
    def project(self) -> Dropped | None:
        """The project that would be opened; whatever else hovers is left alone then."""
        return next((one for one in self.dropped if one.kind == "project"), None)

    @property
    def usable(self) -> tuple[Dropped, ...]:
        """What would be taken into the project."""
        return tuple(one for one in self.dropped if one.kind not in ("nothing", "project"))

    @property
    def is_usable(self) -> bool:
        """Whether anything would happen."""
        return self.project is not None or bool(self.usable)

    @property
    def lines(self) -> tuple[tuple[str, bool], ...]:
        """For the overlay."""
        if self.project is not None:
            return ((one_line(self.project.words, 120), True),)
        shown = [
            (one_line(one.words or f"{one.path.name}: {one.obstacle}", 160), not one.obstacle) for one in self.dropped
        ]
        more = len(shown) - _MOST_SHOWN
        return (*shown[:_MOST_SHOWN], *(((f"… and {more} more", True),) if more > 0 else ()))


def plan_of(dropped: Sequence[Dropped]) -> DropPlan:
    """What would come of these."""
    return DropPlan(tuple(dropped))
