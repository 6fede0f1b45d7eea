"""Nothing hidden stays hidden, and editing around it keeps it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.viewmodels.schema_editor.shown_text import ShownText
from workbench.viewmodels.shared.plain import visible

TEXT = st.text(alphabet="ab\u202e\u200b\x1b\n\t\U0001f600\r", max_size=12)


@given(TEXT, st.booleans(), st.data())
def test_an_edit_of_what_is_shown_is_an_edit_of_the_text(text: str, one_line: bool, data) -> None:
    shown = ShownText(text, one_line=one_line)
    assert visible(shown.shown) == shown.shown
    assert shown.edited(shown.shown) == text
    place = data.draw(st.integers(0, len(text)))
    at = shown.to_shown(place)
    assert shown.to_text(at) == place
    after = shown.edited(shown.shown[:at] + "XY" + shown.shown[at:])
    assert after == text[:place] + "XY" + text[place:]


def test_deleting_part_of_a_spelled_character_deletes_it() -> None:
    shown = ShownText("a\u202eb")
    assert shown.shown == "a⟨U+202E⟩b"
    assert shown.edited("a⟨U+202Eb") == "ab"
    assert shown.edited("a+202E⟩b") == "ab"
    assert shown.edited("⟨U+202E⟩b") == "\u202eb"


@pytest.mark.parametrize("hidden", ["\u2028", "\u2029", "\ufdd0", "\ufffc", "\x00", "\U000e0041", "\ud83d"])
def test_what_a_text_widget_would_swallow_is_spelled(hidden: str) -> None:
    shown = ShownText(f"a{hidden}b")
    assert hidden not in shown.shown
    assert shown.edited(shown.shown + "c") == f"a{hidden}bc" or hidden == "\ud83d"


def test_joiners_in_emoji_and_line_ends_stay_themselves() -> None:
    family = "\U0001f468\u200d\U0001f469"
    assert ShownText(f"{family}\n\t").shown == f"{family}\n\t"
    assert ShownText("a\n\tb", one_line=True).shown == "a⏎⇥b"
    assert ShownText("a\u200db").shown == "a⟨U+200D⟩b"


def test_half_a_surrogate_pair_never_gets_into_a_text() -> None:
    assert ShownText("ab").edited("a\ud800b") == "a\ufffdb"
