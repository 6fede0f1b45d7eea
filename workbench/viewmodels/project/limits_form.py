"""The limits of a project: each is typed, written at once, and can be undone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from workbench.app.parts import HasProject
from workbench.app.project.file_change import FileChange
from workbench.app.project.limit_editing import LimitValue, default_limits, limit_values, write_limit
from workbench.viewmodels.project.project_form import ProjectForm
from workbench.viewmodels.shared.signal import Signal


@dataclass(frozen=True)
class LimitLine:
    """`about` says what happens at the limit; `unit` stands behind the number."""

    key: str
    label: str
    unit: str
    about: str
    is_whole: bool = True


LINES: tuple[LimitLine, ...] = (
    LimitLine("rounds", "Rounds", "per message", "How many times the model may be asked for each message"),
    LimitLine("calls", "Calls", "per run", "Maximum tool calls in a run"),
    LimitLine(
        "seconds",
        "Time",
        "seconds",
        "Maximum working time of a run, without waiting for you",
        is_whole=False,
    ),
    LimitLine("tokens", "Tokens", "per run", "Maximum tokens in a run, input plus output"),
    LimitLine(
        "max_output_tokens", "Output tokens", "per answer", "Maximum length of an answer; empty: provider default"
    ),
    LimitLine("concurrency", "In parallel", "calls", "Maximum calls running at once"),
    LimitLine("tool_seconds", "Time per call", "seconds", "Maximum time for one call", is_whole=False),
    LimitLine("result_chars", "Result", "characters", "Maximum part of a result sent to the model"),
    LimitLine(
        "approval_seconds",
        "Time to decide",
        "seconds",
        "How long an approval waits; empty: until you decide",
        is_whole=False,
    ),
)


class LimitsForm(ProjectForm[HasProject]):
    """What is in the boxes follows the project; what was typed and refused is said in `message`."""

    def __init__(self, parts: HasProject, reload: Callable[[], Awaitable[None]]) -> None:
        """`reload` reads the project's files again, and shows it everywhere."""
        super().__init__(parts, reload)
        self.written: Signal[[str]] = Signal()
        """A limit was written: what it was and is now, in words."""

    @property
    def newest(self) -> FileChange | None:
        """The change that would be undone."""
        return self._undone[-1] if self._undone else None

    def text(self, line: LimitLine) -> str:
        """What holds now; empty where nothing limits it."""
        return limit_text(limit_values(self._parts.project)[line.key])

    def default_text(self, line: LimitLine) -> str:
        """What holds where nothing is said."""
        return limit_text(default_limits()[line.key]) or "no limit"

    async def write(self, line: LimitLine, text: str) -> bool:
        """Take over what was typed; an empty text brings the default back. False when it cannot be."""
        typed = text.strip().replace(",", "").replace("_", "")
        before = self.text(line)
        if typed == before.replace(",", ""):
            return True
        value: LimitValue = None
        if typed:
            try:
                value = int(typed) if line.is_whole else float(typed)
            except ValueError:
                kind = "a whole number" if line.is_whole else "a number"
                self._tell(f"{line.label}: {kind} is needed, not “{text.strip()[:40]}”.", is_good=False)
                return False
        if not await self._write_change(lambda: write_limit(self._parts.project, line.key, value), f"{line.label}: "):
            return False
        words = f"{line.label}: {before or 'no limit'} → {self.text(line) or 'no limit'}"
        self._tell(f"{words}. Applies from the next run.", is_good=True)
        self.written.emit(words)
        return True

    async def undo(self, change: FileChange | None = None) -> bool:
        """Take the last change back; with `change`, only if it is that one."""
        if self._undone and change is not None and change is not self.newest:
            self._tell("There are later changes. Undo those first.", is_good=False)
            return False
        return await super().undo()

    def refresh(self) -> None:
        """The project was reloaded."""
        self.changed.emit()


def limit_text(value: LimitValue) -> str:
    """`8`, `2.5`, `500,000`, nothing for None."""
    if value is None:
        return ""
    return f"{value:,.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
