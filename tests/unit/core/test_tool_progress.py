"""What a running tool says about how far it is, as text and back."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.tool_progress import MOST_CHARS, ToolProgress, listen, progress_text, read_progress, report_progress

SHARES = st.integers(0, 10**9).map(float)


@given(SHARES, st.none() | SHARES, st.text(max_size=200))
def test_a_report_is_read_as_it_was_written(done: float, total: float | None, message: str) -> None:
    assert read_progress(progress_text(done, total, message)) == ToolProgress(done, total, message)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("progress 3 of 10: reading: all", ToolProgress(3, 10, "reading: all")),
        ("progress 0.5", ToolProgress(0.5)),
        ("progress nan", None),
        ("progress 1 of inf", None),
        ("progress was made", None),
        ("half", None),
        ("", None),
    ],
)
def test_other_texts_are_no_progress(text: str, read: ToolProgress | None) -> None:
    assert read_progress(text) == read


def test_a_report_is_heard_while_somebody_listens_and_bounded() -> None:
    heard: list[str] = []
    report_progress(1)
    listen(heard.append)
    try:
        report_progress(2, 4, "x" * 1_000)
        for wrong in (math.nan, math.inf):
            with pytest.raises(ValueError, match="finite"):
                report_progress(wrong)
    finally:
        listen(None)
    assert [text[:18] for text in heard] == ["progress 2 of 4: x"]
    assert len(heard[0]) == MOST_CHARS
