"""Hostile text becomes visible text."""

import pytest

from workbench.viewmodels.shared.plain import clipped, model_words, one_line, visible, visible_line, visible_markdown


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("a\x1b[31mred", "a␛[31mred"),
        ("pay\u202etxt.exe", "pay⟨U+202E⟩txt.exe"),
        ("ze\u200bro", "ze⟨U+200B⟩ro"),
        ("half \ud83d", "half ⟨U+D83D⟩"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("nul\x00", "nul␀"),
        ("csi\x9b31m", "csi⟨U+009B⟩31m"),
        ("over\rwritten", "over␍\nwritten"),
        ("\ufeffbom", "⟨U+FEFF⟩bom"),
    ],
)
def test_what_hides_or_steers_is_spelled_out(hostile: str, shown: str) -> None:
    assert visible(hostile) == shown


@pytest.mark.parametrize("text", ["one\ntwo\tthree", "naïve → 14 °C", "👩‍🚀 and 🌦️", "日本語", "مرحبا"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_windows_line_ends_are_ordinary_line_ends() -> None:
    assert visible("a\r\nb") == "a\nb"


def test_a_line_shows_its_line_ends_as_marks() -> None:
    assert visible_line("a\nb\tc") == "a⏎b⇥c"


def test_a_huge_text_is_clipped_and_says_by_how_much() -> None:
    assert clipped("x" * 30, 10) == "x" * 10 + "\n… 20 more characters (Copy takes all of them)"
    assert len(one_line("y" * 10_000_000)) == 241


def test_of_a_script_only_the_file_is_named() -> None:
    assert model_words("/some/where/demo.json") == "script demo.json"
    assert model_words("gpt-5-mini") == "gpt-5-mini"


@pytest.mark.parametrize("entity", ["&#x202e;", "&#8238;", "&ZeroWidthSpace;", "&rlm;", "&#27;", "&#xE0041;", "&shy;"])
def test_an_entity_that_would_hide_something_is_written_out(entity: str) -> None:
    shown = visible_markdown(f"a{entity}b &amp; &lt;i&gt; &nosuch; &#99999999;")
    assert entity not in shown
    assert shown.endswith("b &amp; &lt;i&gt; &nosuch; &#99999999;")
