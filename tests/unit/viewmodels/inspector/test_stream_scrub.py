"""Going back and forth in the stream of an answer."""

from tests.support.runs import ScriptedRun
from tests.support.scripts import TEXT, raw_call, says, schema, script
from workbench.core.tool import Tool
from workbench.core.trace import Trace
from workbench.viewmodels.inspector.stream_slider import StreamScrub, stream_scrub
from workbench.viewmodels.trace.trace import TraceViewModel
from workbench.viewmodels.trace.trace_row import TraceRow

LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))
TOUCH = Tool.make("touch", "Touch it.", schema("mark", mark=TEXT))


async def streamed() -> tuple[ScriptedRun, list[TraceRow]]:
    run = ScriptedRun(
        script(
            says(
                "Looking at it.",
                calls=(raw_call("look", '{"at":"the old gate"}'), raw_call("touch", '{"mark":17}')),
                pieces=5,
            ),
            says("Quiet."),
        ),
        tools=(LOOK, TOUCH),
        bodies={"look": lambda arguments: "seen", "touch": lambda arguments: "touched"},
    )
    await run.run()
    trace = TraceViewModel()
    trace.apply(run.log)
    return run, trace.rows


def scrub_of(run: ScriptedRun, row: TraceRow) -> StreamScrub:
    found = stream_scrub(run.trace, run.log, row)
    assert found is not None
    return found


async def test_a_call_is_shown_as_it_grew_and_each_call_on_its_own() -> None:
    run, rows = await streamed()
    look, touch = (row for row in rows if row.kind == "call")
    scrub = scrub_of(run, look)
    assert scrub.steps == 6
    assert "(none yet)" in scrub.text_at(1)
    assert '{"at":"the' in scrub.text_at(3)
    assert "gate" not in scrub.text_at(3)
    assert "Complete and valid at piece 6." in scrub.text_at(scrub.steps)
    other = scrub_of(run, touch)
    assert "touch" in other.text_at(1)
    assert "but invalid" in other.text_at(other.steps)
    assert "✗ mark" in other.text_at(other.steps)


async def test_a_request_is_shown_with_words_and_calls() -> None:
    run, rows = await streamed()
    scrub = scrub_of(run, next(row for row in rows if row.kind == "request"))
    assert scrub.text_at(2) == "text\nLooking at"
    whole = scrub.text_at(scrub.steps)
    assert whole.index("Looking at it.") < whole.index("arguments of look") < whole.index("arguments of touch")


async def test_a_position_is_said_with_its_number_and_time() -> None:
    run, rows = await streamed()
    scrub = scrub_of(run, next(row for row in rows if row.kind == "call"))
    assert scrub.words_at(0) == "Before the first of 6 pieces"
    assert scrub.words_at(2).startswith("Piece 2 of 6 · ")
    assert scrub.text_at(0) == "Nothing has arrived yet."


async def test_rows_that_stream_nothing_have_no_stream() -> None:
    run, rows = await streamed()
    assert stream_scrub(run.trace, run.log, rows[0]) is None
    assert stream_scrub(Trace(), [], next(row for row in rows if row.kind == "call")) is None
