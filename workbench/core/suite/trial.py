"""A trial: one case put once to one arm, and the result. A suite run is many of them."""

from decimal import Decimal, InvalidOperation
from typing import Literal

import msgspec

from workbench.core.errors import FailureKind
from workbench.core.event import EndedBy
from workbench.core.ids import RunId
from workbench.core.suite.case import Split
from workbench.core.suite.grade import Grade
from workbench.core.suite.suite import SuiteSettings

FORMAT = 1
AS_IT_IS = "as it is"


class ArmKey(msgspec.Struct, frozen=True):
    """One side of a comparison: the project with a variant, asked of a model.

    `variant` is empty for the project as it is. `key` is equal for arms that offer exactly the same to the same model;
    an arm whose variant was edited is another one. `is_exact`: the model always answers the same. `is_texts_only`: the
    variant changes nothing that a recorded call or a real server would notice.
    """

    key: str
    model: str
    variant: str = ""
    is_exact: bool = False
    is_texts_only: bool = True
    selector: str = ""
    """What chose the tools of each round; empty where nothing did."""

    @property
    def title(self) -> str:
        """`as it is · local`, `shorter · openai:gpt-5`."""
        return " · ".join(filter(None, (self.variant or AS_IT_IS, self.model, self.selector)))


class TrialRouting(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What routing did for a trial. `rank` is the place of the expected tool in the ranking, the worst one where there
    are several; None where one is not in it, or no tool is right. `is_offered` says whether all expected tools were
    offered; None where no tool is right. `offered` is how many tools the first round had, `saved_tokens` about how much
    shorter that makes each request."""

    rank: int | None = None
    is_offered: bool | None = None
    offered: int = 0
    is_fallback: bool = False
    is_forced: bool = False
    saved_tokens: int = 0


class Trial(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One trial. `grade` is None where the model or the network failed, which says nothing about the arm; `failure`
    says why, and `failure_kind` of what kind it is. `case` is the case's key, `number` counts the trials of a case from
    1. `run_id` is the stored run; it opens like any other. `cached_from` is the suite run that really asked, where the
    answer was taken over from it.
    """

    case: str
    arm: str
    number: int = 1
    run_id: RunId = RunId("")
    at: float = 0.0
    grade: Grade | None = None
    failure: str = ""
    failure_kind: FailureKind | Literal[""] = ""
    ended_by: EndedBy = "answer"
    rounds: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    dollars: str | None = None
    """None: nobody knows."""
    seconds: float = 0.0
    """Spent by the model, waiting for nobody."""
    model: str = ""
    """What the server says answered."""
    cached_from: str = ""
    routing: TrialRouting | None = None

    @property
    def place(self) -> tuple[str, str, int]:
        """What is done only once."""
        return (self.case, self.arm, self.number)

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    @property
    def cost(self) -> Decimal | None:
        """In dollars; None: nobody knows."""
        return cost_of(self.dollars)


def cost_of(dollars: str | None) -> Decimal | None:
    """The amount that is written down; None: nobody knows."""
    try:
        return Decimal(dollars) if dollars is not None else None
    except InvalidOperation:
        return None


class SuiteRun(msgspec.Struct, frozen=True, kw_only=True):
    """What a suite run set out to do. `cases` are keys, in the order in which they are put."""

    format: int = FORMAT
    suite_run_id: str
    at: float
    suite: str
    suite_digest: str
    arms: tuple[ArmKey, ...]
    cases: tuple[str, ...]
    trials: int = 1
    split: Split | Literal["all"] = "tune"
    settings: SuiteSettings = SuiteSettings()
    is_early: bool = False
    """Whether it may end before all cases are asked, so that its test has to allow for many looks."""
    program_version: str = ""
    race: str = ""
    """The race it is a round or the confirmation of; empty for any other suite run."""

    @property
    def wanted(self) -> int:
        """How many trials there are to be: one a case where the model always answers the same."""
        return sum(len(self.cases) * self.trials_of(arm) for arm in self.arms)

    def trials_of(self, arm: ArmKey) -> int:
        """How often each case is put to this arm."""
        return 1 if arm.is_exact else self.trials

    @property
    def pairs(self) -> tuple[tuple[ArmKey, ArmKey], ...]:
        """What each further arm is compared with: the arm that lacks only its change. A variant is compared with the
        first one under the same model and selector, a selector with the first one under the same model, another model
        with the first arm."""
        first, *others = self.arms
        known = {(arm.variant, arm.selector, arm.model): arm for arm in reversed(self.arms)}

        def before(arm: ArmKey) -> ArmKey:
            selector = first.selector if arm.variant == first.variant else arm.selector
            found = known.get((first.variant, selector, arm.model), first)
            return first if found == arm else found

        return tuple((before(arm), arm) for arm in others)

    @property
    def varies_variants_alone(self) -> bool:
        """Whether all arms have the same model and selector, so that the variant says which one is meant."""
        return len({(arm.model, arm.selector) for arm in self.arms}) == 1

    def arm(self, key: str) -> ArmKey | None:
        """The arm of that key."""
        return next((arm for arm in self.arms if arm.key == key), None)
