"""What “my current edits” are counted from.

The editor saves by itself, so there is no file that still holds what a tool was. The baseline does: the tool files
and what workbench.toml says about requests, as they were when the project was first opened here, when a variant was
last promoted, or when the person last said so. It is in `.workbench`, so that it outlives a session.
"""

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from workbench.app.schema_editor.tool_editing import bytes_of
from workbench.app.tools.tool_changes import Undoable, change_files
from workbench.app.variants.variant_promotion import project_offer, promotion_of
from workbench.core.errors import MalformedJson, ProjectError, StoreError, UsageError
from workbench.core.event import RunEvent, RunStarted
from workbench.core.ids import RunId
from workbench.core.model_parameters import ModelParameters
from workbench.core.project_folder import HISTORY_FOLDER, TOOLS_FOLDER
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import ToolChoicePlan
from workbench.core.variant import Offer, Variant, variant_between
from workbench.core.variant_fit import likely_renames
from workbench.store.project import Project
from workbench.store.small_file import KnownFiles
from workbench.store.tool_file import read_tool, write_whole

BASELINE_FILE = "baseline.json"
_MAX_BYTES = 100_000_000
"""It holds every tool file of the project."""


class Baseline(msgspec.Struct, frozen=True):
    """The tool files by name, what else was offered, since when (seconds since the epoch), and why then."""

    set_at: float
    why: str
    files: dict[str, str]
    instructions: str
    tool_choice: ToolChoicePlan
    parallel_calls: bool
    model: str
    parameters: ModelParameters | None = None
    """None in a baseline that was set before parameters were counted: they are no edits then."""

    @property
    def offer(self) -> Offer:
        """What was offered; files that were damaged then are left out."""
        tools: dict[str, Tool] = {}
        for _, text in sorted(self.files.items()):
            try:
                tool = read_tool(text.removeprefix("\ufeff"))
            except (MalformedJson, ProjectError):
                continue
            tools.setdefault(tool.name, tool)
        return Offer(
            Toolset(list(tools.values())),
            self.instructions,
            self.tool_choice,
            self.parallel_calls,
            self.model,
            self.parameters or {},
        )


class BaselineStore:
    """The baseline of one project."""

    def __init__(
        self,
        project: Callable[[], Project],
        load: Callable[[RunId], Iterable[RunEvent]],
        served: Callable[[], Iterable[Tool]],
        now: Callable[[], float],
    ) -> None:
        """`project` gives the project as it was read last, `load` the events of a run, `served` the tools of MCP
        servers, which are no edits, and `now` the seconds since the epoch."""
        self._project = project
        self._load = load
        self._served = served
        self._now = now
        self._files: KnownFiles[Baseline] = KnownFiles(
            lambda path, content: msgspec.json.decode(content, type=Baseline), _MAX_BYTES
        )
        self._unkept: Baseline | None = None

    @property
    def baseline(self) -> Baseline:
        """The baseline; where there is none, or it cannot be read, the project as it is becomes it, for this sitting
        at least."""
        with contextlib.suppress(OSError, msgspec.DecodeError, ProjectError, RecursionError):  # then it is set again
            return self._files.read(self._path)
        if self._unkept is not None:
            return self._unkept
        made = self._unkept = self._as_it_is("the project was opened")
        with contextlib.suppress(StoreError):  # the folder may be read-only
            self.put(made)
        return made

    def keep(self) -> None:
        """See to it that there is one. Raises `WorkbenchError`."""
        _ = self.baseline

    def set_now(self, why: str) -> Baseline:
        """From now on, edits count from the project as its files are. Raises `StoreError`."""
        made = self._as_it_is(why)
        self.put(made)
        return made

    def put(self, baseline: Baseline) -> None:
        """Make this the baseline, for example to undo another. A disk that refuses keeps the old one: `StoreError`."""
        if self._path.parent.is_symlink():
            raise StoreError(f"{HISTORY_FOLDER} is a link, so no baseline is saved there")
        try:
            write_whole(self._path, msgspec.json.encode(baseline).decode())
            self._unkept = None
        except OSError as error:
            raise StoreError(f"the baseline cannot be saved: {error.strerror or error}") from None

    def edits(self, name: str, *, run: RunId | None = None) -> Variant:
        """What was edited since the baseline, or since a run was made, as a variant. Of a run, its tools and its
        instructions count; the model and the tool choice it was given by hand do not."""
        project = self._project()
        after = project_offer(project)
        before = self._offer_then(after) if run is None else self._offer_of(run, after)
        renames = likely_renames(before.toolset, after.toolset)
        return variant_between(name, before, after, renames=renames)

    def put_back(self) -> Undoable:
        """Bring tools and settings back as they were at the baseline: what undoes it. Raises `WorkbenchError`."""
        project, baseline = self._project(), self.baseline
        now = project_offer(project)
        then = self._offer_then(now)
        renames = likely_renames(now.toolset, then.toolset)
        files = dict(promotion_of(now, then, project, renames=renames).files)
        folder = project.folder / TOOLS_FOLDER
        files = {path: held for path, held in files.items() if path.parent != folder}
        wanted = {folder / name: text.encode() for name, text in baseline.files.items() if _is_tool_file(name)}
        files.update(
            {path: None for path in folder.glob("*.json") if path not in wanted and _text_of(path) is not None}
        )
        files.update(wanted)
        return change_files(
            "Restored the tools", {path: held for path, held in files.items() if bytes_of(path) != held}
        )

    def _as_it_is(self, why: str) -> Baseline:
        project = self._project()
        paths = sorted((project.folder / TOOLS_FOLDER).glob("*.json"))
        files = {path.name: text for path in paths if (text := _text_of(path)) is not None}
        offer = project_offer(project)
        return Baseline(
            self._now(),
            why,
            files,
            offer.instructions,
            offer.tool_choice,
            offer.parallel_calls,
            offer.model,
            offer.parameters,
        )

    def _offer_then(self, now: Offer) -> Offer:
        """What the baseline offers; parameters that it does not know of are as they are now."""
        baseline = self.baseline
        return (
            baseline.offer
            if baseline.parameters is not None
            else msgspec.structs.replace(baseline.offer, parameters=now.parameters)
        )

    def _offer_of(self, run: RunId, project: Offer) -> Offer:
        started = next(iter(self._load(run)), None)
        if not isinstance(started, RunStarted):
            raise UsageError(f"run {run} has no recorded start", hint="Choose another run.")
        served = {tool.name for tool in self._served()}
        tools = [Tool(document) for document in started.tools]
        return msgspec.structs.replace(
            project,
            toolset=Toolset([tool for tool in tools if tool.name not in served]),
            instructions=started.instructions,
        )

    @property
    def _path(self) -> Path:
        project: Project = self._project()
        return project.folder / HISTORY_FOLDER / BASELINE_FILE


def _is_tool_file(name: str) -> bool:
    """A file of the folder itself, whatever a baseline that came with a project says."""
    return name.endswith(".json") and name == Path(name).name and "\\" not in name and "\0" not in name


def _text_of(path: Path) -> str | None:
    """What can be brought back exactly; files that are no text, or too large, are left alone."""
    held = bytes_of(path)
    try:
        return held.decode("utf-8") if held is not None else None
    except UnicodeDecodeError:
        return None
