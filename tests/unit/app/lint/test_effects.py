"""What was measured is shown with its rule, whatever came out."""

import msgspec

from workbench.app.lint.effects import SmellEffect, effect_words, effects
from workbench.app.lint.project_lint import RULE_OF

HARM = SmellEffect(
    rule="overlap", smell="one description for all tools", sample="shop", model="m", measured_on="2026-11-30",
    cases=100, before=0.6, after=0.4, low=-0.3, high=-0.1, p=0.001, family=4, fixed=1, broken=21, word="regression",
)  # fmt: skip


def test_every_measurement_is_of_a_rule_that_there_is_and_is_shown_with_it() -> None:
    assert effects()
    for effect in effects():
        assert effect.rule in RULE_OF
        assert str(effect) in effect_words(effect.rule)
        assert 0 <= effect.fixed + effect.broken <= effect.cases
    assert effect_words("no-such-rule") == ""


def test_harm_and_no_effect_are_told_apart_with_their_figures() -> None:
    assert str(HARM).startswith(
        "Measured harm: one description for all tools changed the share of right choices by -20.0"
    )
    assert "21 broken and 1 fixed of 100 cases, p = 0.001 among 4" in str(HARM)
    assert str(msgspec.structs.replace(HARM, word="no change")).startswith("No effect measured")
