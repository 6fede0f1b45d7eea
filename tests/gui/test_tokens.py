"""The colors can be read by people."""

import re

import pytest

from workbench.gui.tokens import CONTRASTS, DARK, LIGHT, Tokens, color_names, contrast


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
@pytest.mark.parametrize(("one", "other", "least"), CONTRASTS)
def test_what_meets_on_the_screen_meets_wcag_aa(tokens: Tokens, one: str, other: str, least: float) -> None:
    assert contrast(tokens.color(one), tokens.color(other)) >= least


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
def test_every_token_is_a_plain_color(tokens: Tokens) -> None:
    assert [name for name in color_names() if not re.fullmatch(r"#[0-9a-f]{6}", tokens.color(name))] == []


def test_contrast_agrees_with_the_standard() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
