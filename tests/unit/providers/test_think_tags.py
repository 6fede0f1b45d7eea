"""Reasoning between tags in the text: shown as reasoning by choice, however its pieces come."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.content import Part, ReasoningPart, TextPart
from workbench.core.exchange import Delta, ModelResponse, StreamItem
from workbench.providers.think_tags import ThinkTags

CALL = Delta("call", 1, "", "get_weather")


def read(pieces: list[str], *behind: Delta) -> tuple[list[Delta], tuple[Part, ...]]:
    """The deltas and parts of a text that comes in `pieces`, with deltas of later parts behind it."""
    tags = ThinkTags()
    items: list[StreamItem] = []
    for piece in pieces:
        items += tags.through([Delta("text", 0, piece)])
    items += tags.through([*behind, ModelResponse((TextPart("".join(pieces)),), "answered")])
    response = items.pop()
    assert isinstance(response, ModelResponse)
    return [item for item in items if isinstance(item, Delta)], response.parts


def added(deltas: list[Delta]) -> tuple[Part, ...]:
    """The parts that deltas of text and reasoning add up to."""
    texts: dict[int, tuple[str, str]] = {}
    for delta in deltas:
        texts[delta.index] = (delta.type, texts.get(delta.index, ("", ""))[1] + delta.text)
    return tuple(
        ReasoningPart(text) if kind == "reasoning" else TextPart(text) for _, (kind, text) in sorted(texts.items())
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("<think>hmm, cold</think>Answer", (ReasoningPart("hmm, cold"), TextPart("Answer"))),
        ("\n<think>\nhmm\n</think>\n\nAnswer", (ReasoningPart("hmm"), TextPart("Answer"))),
        ("<thinking>a <b> c</thinking> d", (ReasoningPart("a <b> c"), TextPart("d"))),
        ("<thought>a</thought>", (ReasoningPart("a"),)),
        ("<think>cut off in the mid", (ReasoningPart("cut off in the mid"),)),
        ("<think>cut off </thi", (ReasoningPart("cut off </thi"),)),
        ("<think>\n</think>\n\nAnswer", (TextPart("Answer"),)),
        ("Plain text.", (TextPart("Plain text."),)),
        ("  <thin ice", (TextPart("  <thin ice"),)),
        ("Use <think>tags</think> so.", (TextPart("Use <think>tags</think> so."),)),
        ("<", (TextPart("<"),)),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_text_that_begins_with_the_tag_is_split_live_and_in_the_response(
    text: str, parts: tuple[Part, ...], size: int
) -> None:
    deltas, found = read([text[start : start + size] for start in range(0, len(text), size)])
    assert found == parts
    assert added(deltas) == parts


@given(st.text("<think>/ a\n", max_size=40), st.integers(1, 9))
def test_what_was_shown_is_what_is_kept(text: str, size: int) -> None:
    text = f"<think>{text}"
    deltas, parts = read([text[start : start + size] for start in range(0, len(text), size)])
    assert added(deltas) == tuple(part for part in parts if part != TextPart(""))


def test_parts_behind_a_split_text_move_on_by_one() -> None:
    deltas, _ = read(["<think>a</think>b"], CALL)
    assert [(delta.type, delta.index) for delta in deltas] == [("reasoning", 0), ("text", 1), ("call", 2)]
    deltas, _ = read(["b"], CALL)
    assert [(delta.type, delta.index) for delta in deltas] == [("text", 0), ("call", 1)]


def test_only_the_end_tag_splits_the_response() -> None:
    _, parts = read(["hmm, cold\n</think>\n\nAnswer"])
    assert parts == (ReasoningPart("hmm, cold"), TextPart("Answer"))


@pytest.mark.parametrize("is_on", [True, False])
def test_a_reader_splits_only_where_it_was_asked_to_and_sends_back_what_came(is_on: bool) -> None:
    from tests.contract.formats import FORMATS
    from workbench.providers.answer import AnswerReader

    form = FORMATS["openai_chat"]
    said = "<think>hmm</think>Answer"
    chunk = {"choices": [{"index": 0, "delta": {"content": said}, "finish_reason": "stop"}]}
    reader = AnswerReader(form.fold(), form.decode, splits_think=is_on)
    response = [*reader.feed(b"data: " + json.dumps(chunk).encode() + b"\n\n"), *reader.finish()][-1]
    assert isinstance(response, ModelResponse)
    assert response.parts == ((ReasoningPart("hmm"), TextPart("Answer")) if is_on else (TextPart(said),))
    assert response.wire_copy is not None
    assert json.loads(response.wire_copy.json)["content"] == said
