"""Which ways to ask are compared: variants and models, ticked one by one, every variant with every model."""

from dataclasses import dataclass

from workbench.app.microscope.sampling_store import SampledArm
from workbench.app.microscope.votes import EDITS, Votes
from workbench.app.parts import HasModels
from workbench.core.errors import WorkbenchError
from workbench.core.signal import Signal
from workbench.core.variant import Variant, misfits
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.shared.plain import model_words, one_line


@dataclass(eq=False)
class Choosable:
    """One check box. `problem` says why it cannot be chosen; `detail` what it is."""

    key: str
    title: str
    detail: str = ""
    problem: str = ""
    is_chosen: bool = False


class ArmChoice:
    """The check boxes of a decision. What is as it was is chosen at first, and the edits when there are any."""

    def __init__(self, parts: HasModels, point: PointViewModel, votes: Votes) -> None:
        self.changed: Signal[[]] = Signal()
        self.variants: list[Choosable] = []
        self.models: list[Choosable] = []
        self._parts = parts
        self._point = point
        self._votes = votes
        self.problem = ""
        """Why the model that was named last cannot be asked, or nothing."""
        self._named: list[str] = []
        """The SPECs that were named besides those the project has."""
        self._known: dict[str, Variant | None] = {}
        self.refresh()

    @property
    def arms(self) -> tuple[SampledArm, ...]:
        """Every chosen variant with every chosen model."""
        return tuple(
            SampledArm("" if box.key == "" else box.title, self._known[box.key], model.key or None)
            for model in self.models
            if model.is_chosen
            for box in self.variants
            if box.is_chosen
        )

    @property
    def edits(self) -> Variant | None:
        """What was changed in the project's tools since the run; None when nothing was."""
        return self._known.get(EDITS)

    def choose(self, box: Choosable, *, is_on: bool) -> None:
        """Tick a box, or take the tick away."""
        if not box.problem and box.is_chosen != is_on:
            box.is_chosen = is_on
            self.changed.emit()

    def name_model(self, spec: str) -> bool:
        """Compare with another model as well, by its SPEC; `problem` says why that cannot be."""
        spec = spec.strip()
        try:
            self._parts.providers.target(spec)
        except WorkbenchError as error:
            self.problem = one_line(str(error), 300)
            self.changed.emit()
            return False
        self.problem = ""
        if spec != self._point.recording.started.spec and spec not in self._named:
            self._named.append(spec)
        self.refresh()
        for box in self.models:
            if box.key == spec:
                self.choose(box, is_on=True)
        return True

    def forget_problem(self) -> None:
        """The name is being written again."""
        if self.problem:
            self.problem = ""
            self.changed.emit()

    def refresh(self) -> None:
        """Read variants, edits and models again; ticks stay."""
        self._known = {"": None}
        variants = [Choosable("", "as it was", "the recorded request"), self._edits()]
        variants += map(self._variant, self._point.replays.variants.names())
        models = [Choosable("", self._recorded_model(), "the recorded model")]
        started = self._point.recording.started
        for choice in self._parts.model_choices():
            if choice.spec != started.spec:
                problem = "" if choice.is_ready else one_line(choice.note, 120)
                title = one_line(choice.label, 60)
                models.append(Choosable(choice.spec, title, one_line(choice.note, 120), problem))
        named = {started.spec, *(box.key for box in models)}
        models += [Choosable(spec, one_line(spec, 60), "named here") for spec in self._named if spec not in named]
        self.variants = _merged(self.variants, variants)
        self.models = _merged(self.models, models)
        self.changed.emit()

    def _edits(self) -> Choosable:
        edits = self._votes.edits(self._point.decision)
        self._known[EDITS] = edits
        problem = "" if edits is not None else "no changes since this run"
        return Choosable(EDITS, EDITS, _summary(edits), problem)

    def _variant(self, name: str) -> Choosable:
        key = f"variant:{name}"
        box = Choosable(key, one_line(name, 64))
        try:
            variant = self._point.replays.variants.load(name)
        except WorkbenchError as error:
            box.problem = one_line(error.message, 160)
            return box
        self._known[key] = variant
        box.detail = one_line(variant.note, 120) or _summary(variant)
        box.problem = one_line("; ".join(misfits(variant, self._point.decision.offer)), 160)
        return box

    def _recorded_model(self) -> str:
        started = self._point.recording.started
        labels = {choice.spec: choice.label for choice in self._parts.model_choices()}
        return f"{one_line(labels.get(started.spec) or model_words(started.model), 60)} (as recorded)"


def _merged(present: list[Choosable], found: list[Choosable]) -> list[Choosable]:
    """What was found, as the check boxes that are there already where they are; what can be chosen keeps its tick."""
    known = {box.key: box for box in present}
    made = []
    for new in found:
        box = known.get(new.key, new)
        was_new_or_impossible = box is new or bool(box.problem)
        box.title, box.detail, box.problem = new.title, new.detail, new.problem
        is_first = box.key in ("", EDITS)
        box.is_chosen = not box.problem and (is_first if was_new_or_impossible else box.is_chosen)
        made.append(box)
    return made


def _summary(variant: Variant | None) -> str:
    """What a variant is about, in a few words."""
    if variant is None:
        return ""
    parts = [*variant.tools, *(f"+ {document.get('name')}" for document in variant.added)]
    parts += [f"− {name}" for name in variant.removed]
    parts += ["another order"] if variant.order else []
    parts += ["instructions"] if variant.instructions is not None else []
    return one_line(", ".join(parts), 120)
