"""Events as lines."""

from typing import get_args

import msgspec

from tests.support.event_kinds import one_of_each
from workbench.core.event import (
    RunEvent,
    ToolCallChecked,
    ToolCallSettled,
    TurnStarted,
    UserMessage,
    decode_event,
    encode_event,
    kind_of,
    tag_of,
)
from workbench.core.sanitizer import SanitizedValue

SETTLED = ToolCallSettled(
    run_id="r", seq=1, at=1.5, span="turn-1", call_id="r.1.1.1", outcome="ok", result_text="a\ud800b", is_error=False
)


def test_a_fact_with_half_of_a_surrogate_pair_is_recorded_all_the_same() -> None:
    assert decode_event(encode_event(SETTLED)) == msgspec.structs.replace(SETTLED, result_text="a\ufffdb")


def test_what_lies_deeper_in_an_event_is_mended_too() -> None:
    said = TurnStarted(run_id="r", seq=1, at=1.5, span="turn-1", turn=1, message=UserMessage("x\udfff"))
    assert decode_event(encode_event(said)) == msgspec.structs.replace(said, message=UserMessage("x\ufffd"))
    change = SanitizedValue("/a", "trim", ["\ud800"], {"k\ud800": 1})
    checked = ToolCallChecked(
        run_id="r", seq=1, at=1.5, span="turn-1", call_id="r.1.1.1", is_known=True, changes=(change,)
    )
    read = decode_event(encode_event(checked))
    assert isinstance(read, ToolCallChecked)
    assert read.changes == (SanitizedValue("/a", "trim", ["\ufffd"], {"k\ufffd": 1}),)


def test_the_events_that_tests_use_are_of_every_kind() -> None:
    assert {kind_of(event) for event in one_of_each()} == {tag_of(kind) for kind in get_args(RunEvent)}
