"""How sure the model itself, or its wire, said it was of the recorded choice."""

from workbench.app.microscope.recorded_answer import recorded_answer
from workbench.app.models.wires import WIRES
from workbench.core.choice import withheld_calls
from workbench.core.confidence import confidence_of, token_chances
from workbench.core.exchange import ModelResponse
from workbench.viewmodels.microscope.effect_words import percent
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.shared.plain import one_line

TOKEN_COLUMNS = ("Token", "Probability", "Alternatives")
WHAT_IT_IS = (
    "This is the model's own estimate, recorded with its answer. It is not a measurement: sampling the decision "
    "shows how often it really chooses so."
)
_MOST_TOKENS = 400
_LIKE_NOTHING = "Nothing was recorded. The local model gives a confidence with each answer. " + " ".join(
    wire.confidence_note for wire in WIRES if wire.confidence_note
)


class Confidence:
    """The recorded answer's confidence."""

    def __init__(self, point: PointViewModel) -> None:
        self.point = point
        self._answer: ModelResponse | None = recorded_answer(point.decision)

    @property
    def share(self) -> float | None:
        """The model's own number from 0 to 1."""
        return confidence_of(self._answer) if self._answer is not None else None

    @property
    def words(self) -> str:
        """The confidence in words."""
        answer, share = self._answer, self.share
        if answer is None:
            return "The model did not answer at this point."
        said = []
        if share is not None:
            said.append(f"The model stated a confidence of {percent(share)}.")
        withheld = withheld_calls(answer)
        if withheld:
            said.append(f"It was not confident enough and withheld {one_line(' + '.join(map(str, withheld)), 240)}.")
        tokens = token_chances(answer)
        if tokens:
            least = min(tokens, key=lambda token: token.chance)
            said.append(
                f"The least likely token of its text was “{one_line(least.text, 40)}” ({percent(least.chance)})."
            )
        return " ".join(said) or _LIKE_NOTHING

    @property
    def has_any(self) -> bool:
        """Whether anything was recorded."""
        return self.share is not None or bool(self.tokens)

    @property
    def tokens(self) -> tuple[tuple[str, ...], ...]:
        """By `TOKEN_COLUMNS`; the answer's tokens, in order."""
        chances = token_chances(self._answer) if self._answer is not None else ()
        return tuple(
            (
                one_line(token.text, 60),
                percent(token.chance),
                ", ".join(f"{one_line(text, 40)} {percent(chance)}" for text, chance in token.others[:4]),
            )
            for token in chances[:_MOST_TOKENS]
        )
