"""The colors can be read by people."""

import re

import pytest

from workbench.gui.look.colors import APPEARANCES, CONTRASTS, Tokens, color_names


@pytest.mark.parametrize("tokens", APPEARANCES, ids=lambda tokens: tokens.name)
@pytest.mark.parametrize(("one", "other", "least"), CONTRASTS)
def test_what_meets_on_the_screen_meets_wcag_aa(tokens: Tokens, one: str, other: str, least: float) -> None:
    assert contrast(tokens.color(one), tokens.color(other)) >= least


@pytest.mark.parametrize("tokens", APPEARANCES, ids=lambda tokens: tokens.name)
def test_every_token_is_a_plain_color(tokens: Tokens) -> None:
    assert [name for name in color_names() if not re.fullmatch(r"#[0-9a-f]{6}", tokens.color(name))] == []


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two `#rrggbb` colors, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    channels = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_agrees_with_the_standard() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("tokens", APPEARANCES[2:], ids=lambda tokens: tokens.name)
def test_high_contrast_is_higher_than_the_standard_asks_for(tokens: Tokens) -> None:
    texts = ("text", "muted", "accent", "ok", "warn", "error")
    assert min(contrast(tokens.color(text), tokens.surface) for text in texts) >= 7


def test_what_is_disabled_is_told_apart_by_its_color() -> None:
    for tokens in APPEARANCES:
        assert contrast(tokens.disabled, tokens.text) > 2.0, tokens.name
