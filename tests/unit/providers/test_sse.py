import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import ProviderFailure
from workbench.providers.sse import SseEvent, SseReader


def events_of(*pieces: bytes) -> list[SseEvent]:
    reader = SseReader()
    events = [event for piece in pieces for event in reader.feed(piece)]
    last = reader.finish()
    return [*events, last] if last else events


def test_an_event_has_a_name_and_data() -> None:
    assert events_of(b"event: ping\ndata: {}\n\n") == [SseEvent("ping", b"{}")]


def test_the_name_of_one_event_does_not_stick_to_the_next() -> None:
    assert events_of(b"event: a\ndata: 1\n\ndata: 2\n\n") == [SseEvent("a", b"1"), SseEvent("", b"2")]


def test_several_lines_of_data_are_joined_by_line_feeds() -> None:
    assert events_of(b"data: a\ndata:b\ndata\ndata:  c\n\n") == [SseEvent("", b"a\nb\n\n c")]


def test_comments_unknown_fields_and_events_without_data_are_passed_over() -> None:
    assert events_of(b": ping\n\nid: 7\nretry: 10\nevent: x\n\nfield\n\ndata: 1\n\n") == [SseEvent("", b"1")]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_is_understood(end: bytes) -> None:
    assert events_of(b"data: a" + end + end + b"data: b" + end + end) == [SseEvent("", b"a"), SseEvent("", b"b")]


def test_a_line_end_torn_in_two_is_one_line_end() -> None:
    assert events_of(b"data: a\r", b"\ndata: b\r", b"\n\r", b"\n") == [SseEvent("", b"a\nb")]


def test_a_byte_order_mark_is_passed_over_also_when_torn() -> None:
    assert events_of(b"\xef", b"\xbb", b"\xbfdata: a\n\n") == [SseEvent("", b"a")]


def test_what_lacks_its_blank_line_is_given_at_the_end() -> None:
    assert events_of(b"data: a\n\ndata: b") == [SseEvent("", b"a"), SseEvent("", b"b")]


@given(
    st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n"), min_size=1), max_size=5),
    st.lists(st.integers(0, 200), max_size=12),
)
def test_it_makes_no_difference_where_the_bytes_are_torn(texts: list[str], places: list[int]) -> None:
    body = "".join(f"data: {text}\n\n" for text in texts).encode()
    cuts = sorted({place for place in places if place < len(body)})
    pieces = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert events_of(*pieces) == [SseEvent("", text.encode()) for text in texts]


def test_one_event_may_not_outgrow_the_limit() -> None:
    reader = SseReader(max_event_bytes=100)
    assert list(reader.feed(b"data: short\n\n" * 50)) == [SseEvent("", b"short")] * 50
    assert reader.feed(b"data: " + b"x" * 60) == []
    with pytest.raises(ProviderFailure) as caught:
        reader.feed(b"y" * 60)
    assert caught.value.kind == "malformed"


def test_many_short_lines_of_one_event_count_together() -> None:
    reader = SseReader(max_event_bytes=100)
    for _ in range(7):
        assert reader.feed(b"data: 123456\n") == []
    with pytest.raises(ProviderFailure):
        reader.feed(b"data: 123456\n" * 2)


def test_lines_that_belong_to_no_event_are_kept_to_a_limit() -> None:
    reader = SseReader()
    reader.feed(b"x" * 20_000 + b"\nInternal Server Error\ndata: 1\n\n: comment\nid: 7\n")
    assert reader.stray.endswith(b"x\nInternal Server Error\n")
    assert len(reader.stray) == 8 * 1024


def test_an_error_field_is_an_event_called_error() -> None:
    assert events_of(b'error: {"code":500}\n\n') == [SseEvent("error", b'{"code":500}')]
