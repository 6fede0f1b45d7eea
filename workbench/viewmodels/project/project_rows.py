"""Projects that were open before, as rows of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.app.project.recent_projects import RecentProject
from workbench.viewmodels.shared.name_match import marked
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.popup_row import PopupRow


@dataclass(frozen=True)
class ProjectRow:
    """`obstacle` says why it cannot be opened now."""

    folder: str
    name: str
    place: str
    obstacle: str = ""

    def shown(self, words: str) -> PopupRow:
        """The row of a popup, with what was typed marked."""
        icon, tone = ("warn", "warn") if self.obstacle else ("folder", "muted")
        return PopupRow(marked(self.name, words), self, detail=self.place, icon=icon, tone=tone, obstacle=self.obstacle)


def project_rows(recent: Sequence[RecentProject], here: Path) -> tuple[ProjectRow, ...]:
    """All but the one that is open here."""
    return tuple(
        ProjectRow(one.folder, one_line(one.name, 60) or Path(one.folder).name, short_place(one.folder), one.obstacle)
        for one in recent
        if one.folder != str(here.resolve())
    )


def short_place(folder: str) -> str:
    """The folder with `~` for the user's home."""
    try:
        return one_line(f"~/{Path(folder).relative_to(Path.home()).as_posix()}", 200)
    except (ValueError, RuntimeError):
        return one_line(folder, 200)
