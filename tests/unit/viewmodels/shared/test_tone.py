"""How calls and runs look by what came of them."""

from typing import get_args

import msgspec
import pytest

from tests.support.event_kinds import one_of_each
from workbench.app.runs.run_report import MARKS
from workbench.core.event import CallOutcome, RunFinished, RunOutcome, ToolCallSettled
from workbench.core.trace import fold
from workbench.viewmodels.shared.tone import State, call_tone, call_words
from workbench.viewmodels.trace.trace import TraceViewModel


@pytest.mark.parametrize("outcome", get_args(CallOutcome))
def test_every_outcome_of_a_call_has_words_a_tone_and_a_mark(outcome: CallOutcome) -> None:
    log = one_of_each()
    (settled,) = (event for event in log if isinstance(event, ToolCallSettled))
    log[log.index(settled)] = msgspec.structs.replace(settled, outcome=outcome)
    call = fold(log).call(settled.call_id)
    assert call is not None
    assert call_words(call)
    assert call_tone(call) in get_args(State)
    assert MARKS[outcome]


@pytest.mark.parametrize("outcome", get_args(RunOutcome))
def test_every_outcome_of_a_run_has_a_state_in_the_trace(outcome: RunOutcome) -> None:
    table = TraceViewModel()
    table.apply(
        [
            msgspec.structs.replace(event, outcome=outcome) if isinstance(event, RunFinished) else event
            for event in one_of_each()
        ]
    )
    assert table.rows[0].state in get_args(State)
