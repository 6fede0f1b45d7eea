"""The preview of an import: what was recognized, what each tool becomes, and what adding them does to the project."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.app.imports.conversation import LoggedConversation
from workbench.app.imports.executor_rows import row_text
from workbench.app.imports.found import Found, joined
from workbench.app.imports.import_plan import MOST_AT_ONCE, ImportPlan, PlannedTool, plan_import
from workbench.app.imports.imported_run import ImportDone, carry_out_import
from workbench.app.imports.pasted import recognize, recognize_file
from workbench.app.imports.tool_import import SCHEMA
from workbench.app.parts import HasProject
from workbench.app.runs.runs import Runs
from workbench.core.json_text import JsonObject, pretty
from workbench.core.project_folder import CODE_FOLDER
from workbench.core.signal import Signal
from workbench.core.tool import Tool
from workbench.core.word_diff import Piece, word_diff
from workbench.viewmodels.shared import figures

_QUICK_CHARS = 200_000
_MOST_SHOWN = 2_000
_MOST_NOTES = 6


@dataclass(frozen=True)
class ImportRow:
    """A tool that was found. `fate` is what would become of it; `detail` is where its calls go, and what it lacks."""

    key: str
    name: str
    fate: str
    is_chosen: bool
    detail: str = ""

    @property
    def words(self) -> str:
        """For a list."""
        return " · ".join(part for part in (self.name, self.fate, self.detail) if part)


class ImportForm:
    """Nothing is written before `add`, and one undo takes all of it back."""

    def __init__(self, parts: HasProject) -> None:
        self.text = ""
        self.files: tuple[Path, ...] = ()
        """What is looked at instead of the text; empty for the text."""
        self.given: Found | None = None
        """What was found elsewhere, such as on a server; it comes before files and text."""
        self.plan = ImportPlan(recognize(""))
        self.replaces = ""
        self.overwrite = False
        """Whether a tool takes the place of one with its name; else it gets another name."""
        self.filter = ""
        self.selected = 0
        self.changed: Signal[[]] = Signal()
        self._parts = parts
        self._chosen: set[int] = set()
        self._read: object = None
        self._compared: tuple[PlannedTool | None, tuple[Piece, ...]] = (None, ())

    @property
    def source(self) -> str:
        """What is looked at instead of the text, in words; empty for the text."""
        if self.given is not None:
            return self.given.shape or "MCP servers"
        more = f" and {len(self.files) - 3} more" if len(self.files) > 3 else ""
        return ", ".join(path.name for path in self.files[:3]) + more

    @property
    def verdict(self) -> str:
        """What was recognized, or why nothing was."""
        found = self.plan.found
        if found.obstacle:
            return found.obstacle
        counts = [figures.count(len(found.items), "tool")] if found.items or not found.conversations else []
        counts += [figures.count(len(found.conversations), "conversation")] if found.conversations else []
        return f"{' and '.join(counts)} found · {found.shape}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is lost or to be known, about all tools together."""
        return tuple(map(_sentence, self.plan.notes))

    @property
    def rows(self) -> tuple[ImportRow, ...]:
        """The tools that were found and fit the filter; of very many, the first ones."""
        conversations = tuple(map(self._conversation_row, self._shown_conversations))
        return tuple(self._row(place) for place in self._shown[:_MOST_SHOWN]) + conversations

    @property
    def chosen(self) -> tuple[PlannedTool, ...]:
        """What would be added."""
        return tuple(one for place, one in enumerate(self.plan.tools) if place in self._chosen)

    @property
    def chosen_conversations(self) -> tuple[LoggedConversation, ...]:
        """The logged conversations that would be recorded as runs."""
        found = self.plan.found.conversations
        return tuple(one for place, one in enumerate(found) if self._first_conversation + place in self._chosen)

    @property
    def count_words(self) -> str:
        """How many rows are chosen."""
        whole = len(self.plan.tools) + len(self.plan.found.conversations)
        shown = f"{len(self._shown_rows):,} shown, " if self.filter.strip() else ""
        return f"All ({shown}{len(self._chosen):,} of {whole:,} chosen)"

    @property
    def all_chosen(self) -> bool | None:
        """Whether all shown rows are chosen; None for some of them."""
        rows = self._shown_rows
        chosen = sum(place in self._chosen for place in rows)
        return True if chosen and chosen == len(rows) else None if chosen else False

    @property
    def preview(self) -> str:
        """The file of the selected tool, and below it the lines of workbench.toml that carry it out."""
        one = self._selected
        if one is None:
            conversation = self._selected_conversation
            return conversation_text(conversation) if conversation is not None else ""
        row = f"\n\n# workbench.toml\n{row_text(one.name, one.row)}" if one.row else ""
        code = f"\n# {CODE_FOLDER}/{one.code_path.name}: the whole file; nothing runs now" if one.code_path else ""
        return pretty(one.after.document) + row + code

    @property
    def difference(self) -> tuple[Piece, ...]:
        """How the selected tool differs from the one that has its file or its name now; empty where there is none."""
        one = self._selected
        if one is None or one.before is None or one.fate == "same":
            return ()
        if self._compared[0] is not one:  # it takes long, and is asked for with every tick
            self._compared = one, word_diff(pretty(_plain(one.before)), pretty(_plain(one.after)))
        return self._compared[1]

    @property
    def selected_notes(self) -> tuple[str, ...]:
        """What the selected tool lacks."""
        one = self._selected_conversation or (self._selected.found if self._selected is not None else None)
        return tuple(map(_sentence, one.notes[:_MOST_NOTES])) if one is not None else ()

    @property
    def can_add(self) -> bool:
        """Whether something would be added."""
        return bool(self._chosen)

    @property
    def replacement(self) -> Tool | None:
        """What would take the place of the editor's tool; None where that is not one tool."""
        return self.chosen[0].found.tool if self.replaces and len(self.chosen) == 1 == len(self._chosen) else None

    @property
    def add_words(self) -> str:
        """What adding is called."""
        return "Add to the project" if len(self._chosen) < 2 else f"Add {len(self._chosen):,} to the project"

    def be_for(self, replaces: str) -> None:
        """The tool of an editor that a single found tool can take the place of; empty for none."""
        self.replaces = replaces
        self.changed.emit()

    def write(self, text: str) -> None:
        """The text is now this; `read` looks at it."""
        self.text, self.files, self.given = text, (), None

    def open(self, files: Sequence[Path]) -> None:
        """Look at these files instead; `read` does it."""
        self.files, self.given = tuple(files), None
        self.changed.emit()

    def show(self, found: Found) -> None:
        """Look at what was found elsewhere; `read` plans it."""
        self.given = found
        self.changed.emit()

    async def read(self) -> None:
        """Recognize text or files, off this thread, until they stay the same."""
        while self._read != (self.text, self.files, self.given):
            wanted = self._read = (self.text, self.files, self.given)
            given = self.given
            found = given if given is not None else await asyncio.to_thread(_recognized, self.text, self.files)
            plan = await asyncio.to_thread(plan_import, self._folder, found, replace=self.overwrite)
            if wanted == (self.text, self.files, self.given):
                self._take(plan)

    def filter_by(self, text: str) -> None:
        """Show only the tools that have all of these words."""
        self.filter = text
        self.changed.emit()

    def choose(self, key: str, *, is_chosen: bool) -> None:
        """Add this tool or leave it out."""
        (self._chosen.add if is_chosen else self._chosen.discard)(int(key))
        self.changed.emit()

    def choose_shown(self, *, is_chosen: bool) -> None:
        """Add all tools that are shown, or leave them out."""
        impossible = {place for place, one in enumerate(self.plan.tools) if one.fate == "impossible"}
        places = set(self._shown_rows) - impossible
        self._chosen = self._chosen | places if is_chosen else self._chosen - places
        self.changed.emit()

    def select(self, place: int) -> None:
        """Show what the tool in this row becomes."""
        rows = self._shown_rows
        if 0 <= place < len(rows) and (held := rows[place]) != self.selected:
            self.selected = held
            self.changed.emit()

    @property
    def selected_row(self) -> int:
        """The row of the selected tool; -1 where it is not shown."""
        rows = self._shown_rows
        return rows.index(self.selected) if self.selected in rows else -1

    async def use_overwrite(self, *, overwrite: bool) -> None:
        """Replace tools of the same name, or keep both. Looks at the project again; what is chosen stays."""
        self.overwrite = overwrite
        self.plan = await asyncio.to_thread(plan_import, self._folder, self.plan.found, replace=overwrite)
        self.changed.emit()

    async def add(self, runs: Runs) -> ImportDone:
        """Write the chosen tools and record the chosen conversations. Raises `WorkbenchError`."""
        return await carry_out_import(runs, self.chosen, self.chosen_conversations)

    @property
    def _folder(self) -> Path:
        return self._parts.project.folder

    @property
    def _first_conversation(self) -> int:
        """Conversations come behind the tools."""
        return len(self.plan.tools)

    @property
    def _selected_conversation(self) -> LoggedConversation | None:
        place = self.selected - self._first_conversation
        found = self.plan.found.conversations
        return found[place] if 0 <= place < len(found) else None

    @property
    def _shown_conversations(self) -> list[int]:
        words = self.filter.casefold().split()
        found = enumerate(self.plan.found.conversations, self._first_conversation)
        return [place for place, one in found if all(word in one.title.casefold() for word in words)]

    @property
    def _shown_rows(self) -> list[int]:
        return [*self._shown[:_MOST_SHOWN], *self._shown_conversations]

    @property
    def _selected(self) -> PlannedTool | None:
        return self.plan.tools[self.selected] if self.selected < len(self.plan.tools) else None

    @property
    def _shown(self) -> list[int]:
        words = self.filter.casefold().split()
        if not words:
            return list(range(len(self.plan.tools)))
        return [
            place
            for place, one in enumerate(self.plan.tools)
            if all(word in f"{one.name} {one.found.identity} {one.found.address}".casefold() for word in words)
        ]

    def _row(self, place: int) -> ImportRow:
        one = self.plan.tools[place]
        lacks = f"{len(one.found.notes)} to know" if one.found.notes else ""
        detail = " · ".join(part for part in (one.found.address, lacks) if part)
        return ImportRow(str(place), one.name, one.words, place in self._chosen, detail)

    def _conversation_row(self, place: int) -> ImportRow:
        one = self.plan.found.conversations[place - self._first_conversation]
        lacks = f"{len(one.notes)} to know" if one.notes else ""
        detail = " · ".join(part for part in (one.words, lacks) if part)
        return ImportRow(str(place), f"“{one.title}”", "conversation", place in self._chosen, detail)

    def _take(self, plan: ImportPlan) -> None:
        self.plan = plan
        count = len(plan.found.conversations)
        self._chosen, self.selected, self.filter = set(plan.chosen_at_first), 0, ""
        self._chosen |= {len(plan.tools) + place for place in range(count if count <= MOST_AT_ONCE else 0)}
        self.changed.emit()


def _sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:]}."


def conversation_text(one: LoggedConversation) -> str:
    """A conversation as people read it."""
    lines = [f"{one.wire}:{one.model}"] + ([f"\ninstructions\n{one.instructions}"] if one.instructions else [])
    for turn in one.turns:
        lines.append(f"\nuser\n{turn.prompt}")
        for step in turn.steps:
            said = step.answer.message.text
            lines += [f"\nassistant\n{said}"] if said else []
            for call, result in zip(step.answer.calls, step.results, strict=False):
                lines.append(f"\n{call.tool} {call.arguments_json}")
                lines.append(f"→ {result.text}" if result is not None else "→ no result in the log")
    return "\n".join(lines)


def _recognized(text: str, files: tuple[Path, ...]) -> Found:
    return joined((path.name, recognize_file(path)) for path in files) if files else recognize(text)


def _plain(tool: Tool) -> JsonObject:
    return {key: value for key, value in tool.document.items() if key != "_meta"}


def holds_foreign_tools(text: str, *, is_whole: bool, also_own: bool = False) -> bool:
    """Whether a pasted text should be converted first. A piece of a schema is what schemas are made of, so it is left
    alone unless it is to be the whole text. With `also_own`, a tool in our own shape counts too."""
    if len(text) > _QUICK_CHARS:
        return also_own  # it is looked at on the page
    found = recognize(text)
    if also_own:
        return not found.is_empty
    return found.is_foreign and (is_whole or found.shape != SCHEMA)
