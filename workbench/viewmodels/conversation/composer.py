"""The composer: the message being written, the model, the tool choice, and whether it may be sent."""

from typing import Protocol

from workbench.app.approvals.stepper import Stepper
from workbench.app.parts import HasModels, HasProject, HasServers, HasTrust
from workbench.app.routing.plans import selector_names
from workbench.app.runs.run_options import RunOptions
from workbench.app.variants.variants import VariantStore
from workbench.core.errors import WorkbenchError
from workbench.core.ids import RunId
from workbench.core.routing.plan import ALL_TOOLS, DEFAULT_TOP, RoutingPlan
from workbench.core.signal import Signal
from workbench.core.tool_choice import ChoiceMode, ToolChoice, ToolChoicePlan
from workbench.viewmodels.shared.plain import one_line


class ComposerParts(HasProject, HasModels, HasServers, HasTrust, Protocol):
    """What a message is sent with."""


class ComposerViewModel:
    """What goes out with the next message, and what is in its way."""

    def __init__(self, parts: ComposerParts, suggestion: str = "") -> None:
        """`suggestion` is a message that is sent when nothing else was written; it is offered once."""
        self.text = ""
        self.suggestion = suggestion
        self.model = parts.project.model
        self.plan = parts.project.tool_choice
        self.parallel_calls = parts.project.parallel_calls
        self.variant = ""
        """The name of the variant the next run is made with; empty for none."""
        self.selector = ""
        """What chooses the tools of the next run's rounds; empty for what the project says."""
        self._variant_note = ""
        self.variant_instructions: str | None = None
        """The variant's own instructions; None where it leaves those of the project."""
        self.is_running = False
        self.is_interrupted = False
        self.stop_question = ""
        """What stopping now would take away; stopping again does it. Empty while nobody asked."""
        self.stepper = Stepper()
        self.changed: Signal[[]] = Signal()
        self._parts = parts
        self._seen = parts.project
        self._standing = self._standing_obstacle()

    @property
    def tool_names(self) -> tuple[str, ...]:
        """The tools that can be named in a choice."""
        return self._parts.project.toolset.names

    @property
    def instructions(self) -> str:
        """What a message sent now goes out with."""
        own = self.variant_instructions
        return self._parts.project.instructions if own is None else own

    @property
    def choice_label(self) -> str:
        """The tool choice in a few words, for its button."""
        return _plan_label(self.plan)

    @property
    def notice(self) -> str:
        """What the variant has its own word about, and what the chosen model cannot do as asked; empty when nothing."""
        variant = self._variant_note
        try:
            emulation = self._parts.preview_choice(self.model, self.plan.first).emulation
            chosen = self._parts.project.file.request.parameters
            notes = self._parts.providers.parameter_notes(self.model, chosen).values()
        except WorkbenchError as error:
            emulation, notes = str(error), {}.values()
        return " ".join(filter(None, (variant, emulation, *notes)))

    @property
    def obstacle(self) -> str:
        """Why nothing can be sent right now; empty when it can."""
        if self.is_interrupted:
            return "Resume the interrupted run first, or start a new conversation."
        if self.is_running:
            return "A run is in progress. Stop it, or wait."
        if self._standing:
            return self._standing
        return "" if self.message else "Enter a message first."

    @property
    def message(self) -> str:
        """What would be sent now; empty when there is nothing to send."""
        return self.text.strip() or self.suggestion

    def options(self, continues: RunId | None) -> RunOptions:
        """What a run started now is started with. Raises `WorkbenchError` when its variant cannot be read."""
        return RunOptions(
            variant=VariantStore(self._parts.project.folder).load(self.variant) if self.variant else None,
            selector=self.selector or None,
            model=self.model,
            tool_choice=self.plan,
            parallel_calls=self.parallel_calls,
            continues=continues,
            instructions=None,
        )

    def write(self, text: str) -> None:
        """The message is now this."""
        before = bool(self.obstacle), bool(self.text.strip())
        self.text = text
        if before != (bool(self.obstacle), bool(text.strip())):
            self.changed.emit()

    def take_suggestion(self) -> None:
        """Write the suggestion into the message, to be edited."""
        text, self.suggestion = self.suggestion, ""
        self.write(text)
        self.changed.emit()

    def clear(self) -> None:
        """The message was sent."""
        self.suggestion = ""
        self.write("")
        self.changed.emit()

    def choose_model(self, spec: str) -> None:
        """Ask this model from now on."""
        self.model = spec
        self._standing = self._standing_obstacle()
        self.changed.emit()

    def take_model(self, spec: str) -> None:
        """Ask this model again, as before, if it still means something."""
        try:
            self._parts.providers.target(spec)
        except WorkbenchError:
            return
        if spec != self.model:
            self.choose_model(spec)

    def choose_variant(self, name: str) -> None:
        """Make the next runs with this variant; none for the empty name."""
        self.variant = name
        self._variant_note = self._note_of_variant()
        self.changed.emit()

    @property
    def own_selector(self) -> str:
        """What the project says about routing."""
        return self._parts.project.file.routing.selector

    @property
    def selectors(self) -> tuple[str, ...]:
        """What can be chosen instead; nothing where there is nothing to leave out."""
        names = (ALL_TOOLS, *selector_names(self._parts.project))
        few = len(self.tool_names) <= DEFAULT_TOP and self.own_selector == ALL_TOOLS
        return () if few and not self.selector else names

    def choose_selector(self, name: str) -> None:
        """Let this selector choose the tools from now on; as the project says for the empty name."""
        self.selector = name
        self.changed.emit()

    def take_selector(self, plan: RoutingPlan | None) -> None:
        """Route as a recorded run was routed, if the project still has such a selector."""
        name = plan.name if plan is not None else ALL_TOOLS
        if name != (self.selector or self.own_selector) and name in (ALL_TOOLS, *selector_names(self._parts.project)):
            self.choose_selector("" if name == self.own_selector else name)

    def choose_mode(self, mode: ChoiceMode) -> None:
        """May, must or must not call a tool. Naming tools makes no sense with `none`."""
        only = () if mode == "none" else self.plan.first.only
        self._choose(ToolChoice(mode, only))

    def choose_tool(self, name: str, *, is_chosen: bool) -> None:
        """Confine the choice to the named tools; none named means all of them."""
        wanted = set(self.plan.first.only)
        wanted = wanted | {name} if is_chosen else wanted - {name}
        only = tuple(tool for tool in self.tool_names if tool in wanted)
        mode: ChoiceMode = "auto" if self.plan.first.mode == "none" else self.plan.first.mode
        self._choose(ToolChoice(mode, only))

    def force_every_round(self, *, every: bool) -> None:
        """Whether the choice of the first round also holds for the rounds after it."""
        self.plan = ToolChoicePlan(self.plan.first, self.plan.first if every else None)
        self.changed.emit()

    def allow_parallel(self, *, allowed: bool) -> None:
        """Whether the model may propose several calls at once."""
        self.parallel_calls = allowed
        self.changed.emit()

    @property
    def is_stepping(self) -> bool:
        """Whether the next run stops before each request and each call."""
        return self.stepper.is_on

    def step(self, *, is_on: bool) -> None:
        """Stop before each request and each call, or no more. Calls follow from the next run on."""
        self.stepper.switch(is_on=is_on)
        self.changed.emit()

    def set_running(self, *, is_running: bool) -> None:
        """A run began or ended."""
        if is_running != self.is_running:
            self.is_running, self.stop_question = is_running, ""
            self.changed.emit()

    def ask_to_stop(self, waiting: tuple[str, ...]) -> None:
        """Say what would not run, before it is taken away."""
        tools = one_line(", ".join(dict.fromkeys(waiting)), 60)
        self.stop_question = f"{tools} waits for your decision and will not run. Stop anyway?"
        self.changed.emit()

    def forget_stop(self) -> None:
        """The run goes on."""
        if self.stop_question:
            self.stop_question = ""
            self.changed.emit()

    def set_interrupted(self, *, is_interrupted: bool) -> None:
        """Whether the conversation ends in a run without an end, which nothing can continue."""
        if is_interrupted != self.is_interrupted:
            self.is_interrupted = is_interrupted
            self.changed.emit()

    def refresh(self) -> None:
        """The project changed (trust, tools, models). Both are read from the disk, hence not at every key."""
        self._follow_project()
        self._standing = self._standing_obstacle()
        self._variant_note = self._note_of_variant()
        if self.selector not in ("", ALL_TOOLS, *selector_names(self._parts.project)):
            self.selector = ""
        known = set(self.tool_names)
        known |= {name for name in self.plan.first.only if self._parts.mcp.why_not_offered(name) is not None}
        if not known.issuperset(self.plan.first.only):
            self._choose(ToolChoice(self.plan.first.mode, tuple(n for n in self.plan.first.only if n in known)))
        self.changed.emit()

    def _follow_project(self) -> None:
        """What nobody chose here is what the project says now."""
        before, self._seen = self._seen, self._parts.project
        if self.model == before.model:
            self.model = self._seen.model
        if self.plan == before.tool_choice:
            self.plan = self._seen.tool_choice
        if self.parallel_calls == before.parallel_calls:
            self.parallel_calls = self._seen.parallel_calls

    def _note_of_variant(self) -> str:
        """Where the variant comes before what is chosen beside it."""
        self.variant_instructions = None
        if not self.variant:
            return ""
        try:
            variant = VariantStore(self._parts.project.folder).load(self.variant)
        except WorkbenchError as error:
            return str(error)
        self.variant_instructions = variant.instructions
        said = {"the model": variant.model, "the tool choice": variant.tool_choice}
        own = [f"{what} “{words}”" for what, words in said.items() if words is not None]
        if not own:
            return ""
        return f"The variant {self.variant} brings {' and '.join(own)}; that comes before what is chosen here."

    def _standing_obstacle(self) -> str:
        if not self._parts.trust_seen.is_trusted:
            return "Trust this project's code first."
        choice = next((choice for choice in self._parts.model_choices() if choice.spec == self.model), None)
        if choice is not None and not choice.is_ready:
            return f"{choice.label}: {choice.note}"
        return ""

    def _choose(self, choice: ToolChoice) -> None:
        every = self.plan.then is not None
        self.plan = ToolChoicePlan(choice, choice if every else None)
        self.changed.emit()


def _plan_label(plan: ToolChoicePlan) -> str:
    first = plan.first
    match first.only:
        case ():
            label = {"auto": "Auto", "none": "No tools", "required": "Must call"}[first.mode]
        case (name,):
            label = f"Must call {name}" if first.mode == "required" else f"Only {name}"
        case names:
            label = f"Must call 1 of {len(names)}" if first.mode == "required" else f"Only {len(names)} tools"
    if first.mode == "required" and plan.then is None:
        label += ", then auto"
    return label
