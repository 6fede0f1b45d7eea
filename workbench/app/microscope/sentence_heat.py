"""Sentence heat: each sentence of a tool's description left out in turn, and the effect on the choice.

A heat is kept beside the project's runs, with the description it was measured on: it says nothing about another text.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from workbench.app.microscope.ablations import Ablation, AblationPlan, Ablations
from workbench.app.replay.replays import Replays
from workbench.core.ablation_change import AblationChange
from workbench.core.distribution import Distribution, Effect
from workbench.core.errors import ProjectError, UsageError
from workbench.core.json_text import pretty
from workbench.core.project_folder import HISTORY_FOLDER
from workbench.core.sentence import Sentence
from workbench.core.sentence_change import sentence_changes
from workbench.core.tool import Toolset
from workbench.replay.fork_point import ForkPoint
from workbench.replay.recording import Recording
from workbench.store.small_file import read_small
from workbench.store.tool_file import write_whole

HEAT_FOLDER = "heat"
FORMAT = 1
MOST_FILES = 2_000
"""No more are read: nobody measures that many descriptions."""


class SentenceHeat(msgspec.Struct, frozen=True):
    """One sentence, and the effect of its absence. `confidence` is the model's own mean number without it."""

    sentence: Sentence
    distribution: Distribution
    on_chosen: Effect
    on_expected: Effect | None = None
    confidence: float | None = None


class Heat(msgspec.Struct, frozen=True, kw_only=True):
    """The heat of one description at one decision. Sentences are missing when it was stopped. `at` is in UTC."""

    format: int = FORMAT
    tool: str
    description: str
    run_id: str
    point: str
    model: str
    at: datetime
    trials: int
    chosen: tuple[str, ...]
    expected: str | None
    base: Distribution
    sentences: tuple[SentenceHeat, ...]
    confidence: float | None = None
    failure: str = ""


def plan_heat(
    replays: Replays,
    recording: Recording,
    point: ForkPoint | str,
    tool: str,
    *,
    trials: int,
    concurrency: int = 4,
    expected: str | None = None,
    model: str | None = None,
) -> AblationPlan:
    """The needed samples; nothing is sent yet. Raises `UsageError` if the tool was not offered or not described."""

    def changes(toolset: Toolset) -> tuple[AblationChange, ...]:
        found = toolset.named(tool)
        if found is None:
            raise UsageError(f"the tool {tool!r} was not offered", hint=f"Offered: {', '.join(toolset.names)}.")
        made = sentence_changes(found)
        if not made:
            raise UsageError(f"the tool {tool!r} has no description", hint="Give it a description first.")
        return made

    return Ablations(replays).plan(
        recording, point, trials=trials, concurrency=concurrency, expected=expected, model=model, requested=changes
    )


def heat_of(plan: AblationPlan, ablation: Ablation, tool: str) -> Heat:
    """The measurements so far."""
    offered = plan.base.put.request.tools.named(tool)
    return Heat(
        tool=tool,
        description=offered.description if offered is not None else "",
        run_id=plan.base.point.run_id,
        point=str(plan.base.point.point),
        model=plan.base.spec or plan.base.put.request.model,
        at=datetime.now(UTC).replace(microsecond=0),
        trials=plan.base.trials,
        chosen=plan.chosen,
        expected=plan.expected,
        base=ablation.base,
        sentences=tuple(
            SentenceHeat(row.change.sentence, row.distribution, row.on_chosen, row.on_expected, row.confidence)
            for row in ablation.rows
            if row.change.sentence is not None and row.change.tool == tool
        ),
        confidence=ablation.confidence,
        failure=ablation.failure,
    )


class HeatStore:
    """The newest heat of each description of one project, one file each in the folder that Git ignores.

    All are read at once, by `read` or on first use, so that later lookups read nothing.
    """

    def __init__(self, project_folder: Path, redact: Callable[[str], str] = lambda text: text) -> None:
        """`redact` removes secrets from what is written."""
        self._folder = project_folder / HISTORY_FOLDER / HEAT_FOLDER
        self._redact = redact
        self._known: dict[str, Heat] | None = None

    def read(self) -> None:
        """Read them again; unreadable ones are skipped."""
        try:
            paths = sorted(path for path in self._folder.iterdir() if path.suffix == ".json")[:MOST_FILES]
        except OSError:
            paths = []
        read = ((path.name, _read(path)) for path in paths)
        self._known = {name: heat for name, heat in read if heat is not None}

    def keep(self, heat: Heat) -> Path:
        """Save it in place of an older one of the same description. Raises `OSError`."""
        path = self._path(heat.tool, heat.description)
        text = self._redact(pretty(msgspec.to_builtins(heat)) + "\n")
        write_whole(path, text.encode("utf-8", "replace").decode("utf-8"))
        if self._known is not None:
            self._known[path.name] = heat
        return path

    def latest(self, tool: str, description: str) -> Heat | None:
        """The heat of exactly this description; None when it was never measured or cannot be read."""
        if self._known is None:
            self.read()
        found = (self._known or {}).get(self._path(tool, description).name)
        return found if found is not None and (found.tool, found.description) == (tool, description) else None

    def _path(self, tool: str, description: str) -> Path:
        told = hashlib.sha256(f"{tool}\0{description}".encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / f"{told[:32]}.json"


def _read(path: Path) -> Heat | None:
    try:
        heat = msgspec.json.decode(read_small(path), type=Heat)
    except (OSError, ProjectError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return heat if heat.format == FORMAT else None
