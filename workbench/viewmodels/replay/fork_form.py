"""A fork being prepared: from where, what changes, what answers its calls. Nothing is sent before it is launched."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from workbench.app.parts import HasModels, HasProject, HasTools
from workbench.core.errors import ProjectError, UsageError, WorkbenchError
from workbench.core.signal import Signal
from workbench.core.tool_choice import parse_choice
from workbench.core.trace import fold
from workbench.core.variant import Variant, apply_variant, variant_between
from workbench.core.variant_lines import ChangeLine
from workbench.engine.setup import RunSetup
from workbench.replay.fork import Fork
from workbench.replay.fork_point import ForkPoint, parse_point, points
from workbench.replay.fork_tools import ForkTools
from workbench.replay.recording import Recording
from workbench.replay.setup_offer import offer_of
from workbench.replay.thinking import KeepThinking
from workbench.viewmodels.shared.figures import clock_time
from workbench.viewmodels.shared.plain import model_words, one_line

if TYPE_CHECKING:
    from workbench.app.replay.replays import Changed, Replays
    from workbench.app.runs.live_run import LiveRun

ToolSource = Literal["recorded", "project", "stored"]
"""Where the fork's tools come from: the run itself, the project's files as they are now, a stored variant."""

TOOLS_OF_NOW = "the current tools"
SERVING_WORDS: dict[ForkTools, tuple[str, str]] = {
    "ask": (
        "Ask me",
        "The recording answers while the fork follows it. After that, every call waits for your approval.",
    ),
    "mock": (
        "Mocks only",
        "The recording answers as long as the fork follows it, then mocks and recorded results. Nothing runs.",
    ),
    "live": (
        "Live",
        "The recording answers as long as the fork follows it. After that tools run for real, by the project's own "
        "rules: what these allow runs without asking, side effects included.",
    ),
}
KEEP_WORDS: dict[KeepThinking | None, str] = {
    None: "as the vendor allows",
    "exact": "exact: send it back unchanged",
    "strip": "strip: remove all of it",
    "drop_block": "drop_block: let the vendor drop what no longer fits",
    "append_only": "append_only: only append; refuse any other change",
}


@dataclass(frozen=True)
class ForkPreview:
    """What would be launched; `trouble` says why nothing can be, `hint` what helps."""

    fork: Fork | None = None
    changed: "Changed | None" = None
    trouble: str = ""
    hint: str = ""
    notices: tuple[str, ...] = ()
    """What is not as it was, and what happens then, one sentence each."""

    @property
    def lines(self) -> tuple[ChangeLine, ...]:
        """What changes, word by word."""
        return self.changed.lines if self.changed is not None else ()

    @property
    def thinking(self) -> str:
        """What becomes of the model's sealed thinking, in a sentence."""
        if self.fork is None:
            return ""
        keeping = self.fork.keeping
        if keeping.mode == "exact" and not keeping.losses and keeping.why:
            return keeping.why
        return f"{keeping.mode}: {keeping.why}".rstrip(": ")

    @property
    def losses(self) -> tuple[str, ...]:
        """What the model knew and will not know, one line each."""
        return tuple(map(str, self.fork.keeping.losses)) if self.fork is not None else ()


class ForkParts(HasProject, HasTools, HasModels, Protocol):
    """What a fork may change."""


class ForkForm:
    """Raises `WorkbenchError` when made for a run that cannot be forked."""

    def __init__(self, parts: ForkParts, replays: "Replays", recording: Recording, point: str) -> None:
        self.recording = recording
        self.points = tuple(points(recording))
        """All points of the run, in order."""
        self.point = parse_point(point, recording)
        self.source: ToolSource = "recorded"
        self.variant_name = ""
        self.model: str | None = None
        self.tool_choice: str | None = None
        self.instructions: str | None = None
        """What was written in place of the instructions; None while they are left as they are."""
        self.message: str | None = None
        self.tools: ForkTools = "ask"
        self.keep: KeepThinking | None = None
        self.changed: Signal[[]] = Signal()
        self._parts = parts
        self._replays = replays
        self._trace = fold(recording.events)
        self._then = offer_of(RunSetup.from_started(recording.started, parts.project.policy))

    # what is chosen

    def choose_point(self, point: ForkPoint) -> None:
        """Fork from there. A message can change only before one."""
        self.point = point
        if point.kind != "message":
            self.message = None
        self.changed.emit()

    def choose_variant(self, source: ToolSource, name: str = "") -> None:
        """The recorded tools, the project's of now, or a stored variant by its name."""
        self.source, self.variant_name = source, name
        self.instructions = None
        self.changed.emit()

    def choose_model(self, spec: str) -> None:
        """Ask this model; the recorded one, or none, means: as it was."""
        self.model = None if spec in ("", self._then.model) else spec
        self.changed.emit()

    def choose_tool_choice(self, text: str) -> None:
        """As it is written on the command line; nothing means: as it was."""
        self.tool_choice = text.strip() or None
        self.changed.emit()

    def write_instructions(self, text: str) -> None:
        """Other instructions; the same ones again take the change back."""
        self.instructions = None if text == self._offered_instructions() else text
        self.changed.emit()

    def write_message(self, text: str) -> None:
        """Say this in place of the message at the point."""
        self.message = None if text == self.recorded_message or not text.strip() else text
        self.changed.emit()

    def serve(self, tools: ForkTools) -> None:
        """What answers calls after the first divergence."""
        self.tools = tools
        self.changed.emit()

    def keep_thinking(self, keep: KeepThinking | None) -> None:
        """How sealed thinking is kept; None leaves it to the vendors' rules."""
        self.keep = keep
        self.changed.emit()

    # what is shown

    @property
    def recorded_message(self) -> str:
        """The message at the point, or nothing at another kind of point."""
        if self.point.kind != "message":
            return ""
        return self.recording.prompts[self.point.turn - 1].text

    @property
    def shown_message(self) -> str:
        """The message as it would be said."""
        return self.recorded_message if self.message is None else self.message

    @property
    def shown_instructions(self) -> str:
        """The instructions as they would be sent."""
        return self._offered_instructions() if self.instructions is None else self.instructions

    @property
    def recorded_model(self) -> str:
        """The SPEC of the run's model, or its name where the run holds no SPEC."""
        return self._then.model or self.recording.started.model

    @property
    def recorded_choice(self) -> str:
        """The tool choice of the run."""
        return str(self._then.tool_choice.first)

    @property
    def variant_names(self) -> tuple[str, ...]:
        """The variants of the project."""
        return self._replays.variants.names()

    def model_specs(self) -> tuple[tuple[str, str], ...]:
        """SPEC and words of every model that can be asked, the recorded one first."""
        recorded = self.recorded_model
        known = {choice.spec: f"{choice.label} · {choice.note}" for choice in self._parts.model_choices()}
        first = known.pop(recorded, model_words(recorded))
        return ((recorded, f"as recorded: {first}"), *known.items())

    def tool_choices(self) -> tuple[tuple[str, str], ...]:
        """What may be chosen and how it is called; one tool each at the end."""
        names = self._then.toolset.names
        preview = self.preview()
        if preview.changed is not None:
            names = preview.changed.setup.toolset.names
        return (
            ("", f"as recorded: {self.recorded_choice}"),
            ("auto", "auto: may call"),
            ("none", "none: no call"),
            ("required", "required: must call"),
            *((name, f"must call {one_line(name, 60)}") for name in names),
        )

    def point_words(self, point: ForkPoint) -> str:
        """A point as people read it, with what it is in front of."""
        turn = self._trace.turns[point.turn - 1]
        if point.kind == "message":
            return f"before message {point.turn}: {one_line(turn.started.message.text, 50)}"
        where = f"message {point.turn}, " if len(self._trace.turns) > 1 else ""
        if point.round > len(turn.rounds):
            return f"{where}after round {point.round - 1}: ask the model again"
        if point.kind == "round":
            return f"{where}before round {point.round}: ask the model again"
        call = turn.rounds[point.round - 1].calls[point.call - 1]
        return f"{where}round {point.round}, before call {point.call}: {one_line(call.tool, 40)}"

    @property
    def run_words(self) -> str:
        """The run that is forked, in a few words."""
        said = one_line(self.recording.prompts[0].text, 60) if self.recording.prompts else ""
        return f"“{said or '(no message)'}” of {clock_time(self.recording.started.at)}"

    @property
    def title(self) -> str:
        """The fork in a few words."""
        return f"Fork {self.point_words(self.point)}"

    @property
    def serving_words(self) -> str:
        """What answers the calls, in a sentence."""
        return SERVING_WORDS[self.tools][1]

    # what comes of it

    def preview(self) -> ForkPreview:
        """What would be launched, or why nothing can be."""
        try:
            fork, changed = self._replays.fork(
                self.recording,
                self.point,
                variant=self._variant(),
                model=self.model,
                keep=self.keep,
                message=self.message,
            )
        except WorkbenchError as error:
            return ForkPreview(trouble=error.message, hint=error.hint)
        trouble, hint = self._missing_key(changed.setup.spec)
        return ForkPreview(fork, changed, trouble, hint, tuple(self._notices(changed.setup)))

    def launch(self) -> "LiveRun":
        """Begin the fork; raises `UsageError` where that is not possible, and then nothing was sent."""
        preview = self.preview()
        if preview.fork is None or preview.changed is None or preview.trouble:
            raise UsageError(preview.trouble, hint=preview.hint)
        return self._replays.launch(preview.fork, preview.changed, tools=self.tools)

    def _missing_key(self, spec: str) -> tuple[str, str]:
        try:
            self._parts.providers.check_key(self._parts.providers.target(spec))
        except WorkbenchError as error:
            return error.message, error.hint
        return "", ""

    def _notices(self, setup: RunSetup) -> Iterator[str]:
        present = self._parts.toolset
        gone = [name for name in setup.toolset.names if present.named(name) is None]
        if gone:
            names = one_line(", ".join(gone), 120)
            yield f"No longer in the project: {names}. They are still offered to the model."
        runs = self._parts.executor_names
        unrun = [name for name in setup.toolset.names if name not in runs and self.tools != "mock"]
        if unrun:
            names = one_line(", ".join(unrun), 120)
            yield f"Nothing runs {names} now: once off the recording, you are asked for the result."
        if "@http" in setup.spec:
            address = one_line(setup.spec.partition("@")[2], 120)
            yield f"This goes to {address} without a key, because the address comes from a recording."

    def _variant(self) -> Variant | None:
        """The chosen tools with what was changed by hand, under a name that says both."""
        base = self._base()
        own: dict[str, str] = {}
        if self.instructions is not None:
            own["instructions"] = self.instructions
        if self.tool_choice is not None:
            parse_choice(self.tool_choice)
            own["tool_choice"] = self.tool_choice
        if not own:
            return base
        name = f"{base.name}, edited" if base is not None and base.name else "edited"
        return msgspec.structs.replace(base or Variant(), name=name, **own)

    def _base(self) -> Variant | None:
        match self.source:
            case "recorded":
                return None
            case "stored":
                return self._replays.variants.load(self.variant_name)
            case "project":
                now = msgspec.structs.replace(self._then, toolset=self._parts.toolset)
                made = variant_between(TOOLS_OF_NOW, self._then, now)
                return None if made.is_empty else made

    def _offered_instructions(self) -> str:
        try:
            base = self._base()
            return (apply_variant(base, self._then) if base is not None else self._then).instructions
        except (UsageError, ProjectError):
            return self._then.instructions


def changes_in_words(lines: Sequence[ChangeLine]) -> str:
    """How many changes there are."""
    if not lines:
        return "No changes: the fork repeats the recorded request."
    return f"{len(lines)} change{'s' if len(lines) != 1 else ''} against the recorded run"
