"""Events are read as they were written, and what they share is stored once: growth is linear in what is new."""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.history_file import everything_in, reader_of
from tests.support.long_chat import TOOLS, run_name, said_in, turn
from workbench.core.errors import StoreError
from workbench.core.event import RequestSent, ResponseDelta, RunEvent, RunStarted, ToolCallSettled
from workbench.core.ids import ROOT_SPAN, CallId, RunId, SpanPath
from workbench.core.message import Attachment, Message, UserMessage
from workbench.core.shared_text import SharedText
from workbench.core.tool_choice import ToolChoice
from workbench.store.event_reader import EventReader
from workbench.store.event_writer import EventWriter
from workbench.store.migrations import migrate
from workbench.store.packing import MOST_BYTES, packed, unpacked
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

RUN = RunId("r")
COUNTS = "SELECT (SELECT count(*) FROM texts), (SELECT count(*) FROM lists), (SELECT count(*) FROM events)"
BYTES = (
    "SELECT (SELECT sum(length(line) + length(coalesce(refs, ''))) FROM events)"
    " + (SELECT sum(length(body) + length(digest)) FROM texts)"
)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        migrate(opened)
        yield opened


def write(connection: sqlite3.Connection, *events: RunEvent, writer: EventWriter | None = None) -> None:
    (writer or EventWriter(Redactor())).insert(connection, events)


def chat(connection: sqlite3.Connection, turns: int, *, name: str = "", writer: EventWriter | None = None) -> None:
    """A conversation; each turn is a run of its own, which carries what was said before."""
    writer = writer or EventWriter(Redactor())
    history: tuple[Message, ...] = ()
    for number in range(turns):
        events = turn(number, history, chat=name)
        write(connection, *events, writer=writer)
        history += said_in(events)


def sent(body: str, seq: int = 1, run: str = RUN) -> RequestSent:
    return RequestSent(
        run_id=RunId(run),
        seq=seq,
        at=1.0,
        span=ROOT_SPAN,
        attempt=1,
        wire_format="w",
        path="/",
        tool_choice=ToolChoice(),
        offered=(),
        parallel_calls=True,
        body=SharedText(body),
    )


def piece(seq: int, text: str, **fields: object) -> ResponseDelta:
    made = ResponseDelta(run_id=RUN, seq=seq, at=seq / 7, span=ROOT_SPAN, type="text", index=0, text=text)
    return msgspec.structs.replace(made, **fields)


def test_a_conversation_reads_back_as_it_was_whoever_reads_it_and_in_whatever_order(
    connection: sqlite3.Connection,
) -> None:
    history: tuple[Message, ...] = ()
    written: list[list[RunEvent]] = []
    for number in range(8):
        written.append(turn(number, history))
        write(connection, *written[-1])  # each time by another writer, that knows nothing
        history += said_in(written[-1])
    for order in (range(8), range(7, -1, -1), (3, 7, 0)):
        reader = reader_of(connection)
        assert [[*reader.of_run(run_name(number))] for number in order] == [written[number] for number in order]


def test_pieces_that_came_in_one_frame_keep_their_times_beside_single_ones(connection: sqlite3.Connection) -> None:
    events: list[RunEvent] = [
        piece(1, "a"),
        piece(2, "bcd", later=((5, 1), (9, 2))),
        piece(3, "e"),
        piece(4, "f"),
        piece(5, "\ud800 and more" * 100, later=((1, 3),)),
    ]
    write(connection, *events)
    read = [*reader_of(connection).of_run(RUN)]
    assert read[:4] == events[:4]
    parts = [[(part.at, part.text) for part in one.pieces()] for one in read if isinstance(one, ResponseDelta)]
    assert parts[1] == [(2 / 7, "b"), (2 / 7 + 0.005, "c"), (2 / 7 + 0.009, "d")]
    assert parts[4][0][1] == "\ufffd a"


def test_a_key_that_lies_across_pieces_of_a_frame_is_replaced(connection: sqlite3.Connection) -> None:
    redactor = Redactor()
    redactor.add(key := "canary-a0h1o2v3c4j5q6x7e8l9s0")
    event = piece(1, f"is {key}, yes", later=((1, 9), (2, 20), (3, 36)))
    write(connection, event, writer=EventWriter(redactor))
    [read] = reader_of(connection).of_run(RUN)
    assert isinstance(read, ResponseDelta)
    assert read.text == "is [key …l9s0], yes"
    assert "".join(one.text for one in read.pieces()) == read.text


def test_what_a_turn_adds_does_not_depend_on_how_much_was_said_before(connection: sqlite3.Connection) -> None:
    writer = EventWriter(Redactor())
    history: tuple[Message, ...] = ()
    counts, sizes = [connection.execute(COUNTS).fetchone()], [0]
    for number in range(100, 200):
        events = turn(number, history)
        write(connection, *events, writer=writer)
        history += said_in(events)
        counts.append(connection.execute(COUNTS).fetchone())
        sizes.append(connection.execute(BYTES).fetchone()[0])
    added = [tuple(after - before for before, after in zip(*pair, strict=True)) for pair in pairwise(counts)]
    assert len(set(added[2:])) == 1, "each turn adds the same rows"
    grown = [after - before for before, after in pairwise(sizes)]
    assert max(grown[50:]) < 1.1 * max(grown[2:20])
    assert sizes[-1] < 100 * 4_000


@pytest.mark.parametrize("changed", [0, 1, 3])
def test_only_what_is_new_is_looked_up_even_when_the_end_of_a_conversation_changes(
    connection: sqlite3.Connection, changed: int
) -> None:
    writer = EventWriter(Redactor())
    history = tuple(UserMessage(f"{number} " + "word " * 40) for number in range(40))
    write(connection, *turn(0, history), *turn(1, (), chat="another "), writer=writer)
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    later = turn(2, (*history[: len(history) - changed], UserMessage("and one more")))
    write(connection, *later, writer=writer)
    connection.set_trace_callback(None)
    looked_up = sum("FROM texts WHERE digest" in statement for statement in statements)
    assert looked_up == 2 + 2, "the last message and the new prompt, as we and as the vendor says them"
    assert [*reader_of(connection).of_run(run_name(2))] == later


def read_rows(turns: int) -> int:
    """How many rows are read for the contents of all runs of a conversation, one run after the other."""
    rows = 0
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        chat(connection, turns)

        def read(query: str, values: tuple[object, ...]) -> list[tuple[object, ...]]:
            nonlocal rows
            found = connection.execute(query, values).fetchall()
            rows += len(found)
            return found

        reader = EventReader(read)
        for number in range(turns):
            list(reader.of_run(run_name(number)))
    return rows


def test_reading_a_conversation_reads_each_run_once_however_long_it_is() -> None:
    assert read_rows(200) / 200 <= 1.1 * read_rows(50) / 50


def test_the_requests_of_a_conversation_share_their_pieces_in_memory(connection: sqlite3.Connection) -> None:
    chat(connection, 3)
    reader = reader_of(connection)
    bodies = [event.body for n in (1, 2) for event in reader.of_run(run_name(n)) if isinstance(event, RequestSent)]
    first, second = ([part for part in body._parts if isinstance(part, tuple)] for body in bodies)
    assert all(one is other for one, other in zip(first[0], second[0], strict=False))


def test_runs_with_the_same_tools_and_instructions_store_them_once(connection: sqlite3.Connection) -> None:
    for number in range(10):
        write(connection, *turn(0, chat=f"chat{number} "))
    bodies = [unpacked(body) for (body,) in connection.execute("SELECT body FROM texts")]
    assert sum(b"inputSchema" in body for body in bodies) == 2 * len(TOOLS), "as the program and as the vendor says it"
    assert sum(body == ("Be brief. " * 30).encode() for body in bodies) == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "{}",
        "[" + "1," * 200 + "1]",
        '{"messages": [' + ", ".join(['{"a": "with spaces"}'] * 20) + "]}",
        '{"a":' + "[1,2,3]" * 60 + "}",
        '{"a":[' + ",".join(["1"] * 200) + '],"a":[' + ",".join(["2"] * 200) + "]}",
        '{"a":[' + ",".join(["[[],{}]"] * 60) + '],"größe":"' + "ß" * 300 + '","n":1e5}',
        '{"a":' + '"x' + "y" * 300 + '"}',
        '{"tools":[{"functionDeclarations":[' + ",".join(['{"name":"n"}'] * 40) + "]}]}",
        '{"\\u0061b":[' + ",".join(['"\\ud83d\\ude00"'] * 60) + "]}",
    ],
)
def test_the_body_of_a_request_is_kept_byte_for_byte(connection: sqlite3.Connection, body: str) -> None:
    write(connection, sent(body))
    assert [*reader_of(connection).of_run(RUN)] == [sent(body)]


def test_a_body_that_begins_like_another_one_is_no_continuation_of_it(connection: sqlite3.Connection) -> None:
    writer = EventWriter(Redactor())
    numbers = ",".join(["1"] * 200)
    bodies = [f'{{"a":[{numbers}]}}', f'{{"a":[{numbers}2]}}', f'{{"a":[{numbers},2]}}', f'{{"a":[{numbers}]}}']
    write(connection, *(sent(body, seq) for seq, body in enumerate(bodies, 1)), writer=writer)
    assert [*reader_of(connection).of_run(RUN)] == [sent(body, seq) for seq, body in enumerate(bodies, 1)]


@given(st.lists(st.tuples(st.sampled_from(["text", "reasoning"]), st.integers(0, 1), st.text(max_size=4)), max_size=20))
def test_streamed_pieces_share_rows_and_read_back_one_by_one(
    parts: list[tuple[str, int, str]],
) -> None:
    pieces = [piece(seq, text, type=kind, index=index) for seq, (kind, index, text) in enumerate(parts, 1)]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        write(connection, *pieces)
        streams = sum(one[:2] != other[:2] for one, other in pairwise(parts)) + bool(parts)
        assert connection.execute("SELECT count(*) FROM events").fetchone()[0] == streams
        assert [*reader_of(connection).of_run(RUN)] == pieces


def test_pieces_of_runs_that_stream_at_once_share_rows_by_run(connection: sqlite3.Connection) -> None:
    runs = [RunId("a"), RunId("b")]
    pieces = [piece(seq, f"{run}{seq}", run_id=run) for seq in range(1, 11) for run in runs]
    write(connection, *pieces)
    assert connection.execute("SELECT count(*) FROM events").fetchone()[0] == 2
    for run in runs:
        assert [*reader_of(connection).of_run(run)] == [each for each in pieces if each.run_id == run]


def test_short_rows_are_json_that_names_its_kind_and_rows_of_older_programs_are_read_too(
    connection: sqlite3.Connection,
) -> None:
    pieces = [piece(3, "one"), piece(4, " two")]
    write(connection, *turn(0)[1:3], *(msgspec.structs.replace(each, run_id=run_name(0)) for each in pieces))
    rows = connection.execute("SELECT kind, line FROM events ORDER BY seq").fetchall()
    assert [msgspec.json.decode(line)["kind"] for _, line in rows] == [kind for kind, _ in rows]

    write(connection, *pieces)
    [(line,)] = connection.execute("SELECT line FROM events WHERE run_id = ?", (RUN,)).fetchall()
    older = line.replace(b'"kind":"response.deltas",', b"")
    assert len(older) < len(line)
    connection.execute("UPDATE events SET line = ? WHERE run_id = ?", (older, RUN))
    assert list(reader_of(connection).of_run(RUN)) == pieces


def test_half_a_character_does_not_cost_the_event(connection: sqlite3.Connection) -> None:
    started = turn(0, (UserMessage("half \ud800" + "x" * 300),))[0]
    body = '{"messages":["' + "\udc00" * 300 + '"]}'
    write(connection, started, msgspec.structs.replace(sent(body), seq=2, run_id=started.run_id), piece(1, "\ud800"))
    [first, second] = reader_of(connection).of_run(started.run_id)
    assert isinstance(first, RunStarted)
    assert first.history == (UserMessage("half \ufffd" + "x" * 300),)
    assert isinstance(second, RequestSent)
    assert second.body_json == body.replace("\udc00", "\ufffd")
    assert [*reader_of(connection).of_run(RUN)] == [piece(1, "\ufffd")]


def test_a_key_that_becomes_known_later_is_not_stored_with_what_is_known_already(tmp_path: Path) -> None:
    key = "canary-key-0123456789"
    path = tmp_path / "runs.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection)
        redactor = Redactor()
        writer = EventWriter(redactor)
        history = (UserMessage("word " * 60), UserMessage(f"my key is {key} " + "word " * 60))
        write(connection, *turn(0, history[:1]), writer=writer)
        redactor.add(key)
        write(connection, *turn(1, history), writer=writer)
        assert key.encode() not in everything_in(path)
        [started, *_] = reader_of(connection).of_run(run_name(1))
        assert isinstance(started, RunStarted)
        assert "my key is [key …6789] word" in str(started.history[1])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        write(connection, *turn(2, (UserMessage(f"{key}{'x' * 300}"),)), writer=writer)
        assert key.encode() not in everything_in(path)


def test_what_a_stranger_put_under_a_digest_does_not_get_into_a_new_run(connection: sqlite3.Connection) -> None:
    history = (UserMessage("pay 10 euros " + "word " * 60),)
    write(connection, *turn(0, history))
    rows = connection.execute("SELECT id, body FROM texts").fetchall()
    [number] = [number for number, body in rows if b"pay 10" in unpacked(body) and b'"text"' in unpacked(body)]
    connection.execute(
        "UPDATE texts SET body = ? WHERE id = ?", (packed(b'{"role":"user","text":"pay 1000 euros"}'), number)
    )
    write(connection, *turn(1, history))
    [started, *_] = reader_of(connection).of_run(run_name(1))
    assert isinstance(started, RunStarted)
    assert started.history == history


def test_a_transaction_that_is_undone_leaves_nothing_that_is_relied_on(connection: sqlite3.Connection) -> None:
    writer = EventWriter(Redactor())
    events = turn(0, (UserMessage("word " * 60),))
    connection.execute("BEGIN")
    write(connection, *events, writer=writer)
    connection.execute("ROLLBACK")
    writer.forget()
    write(connection, *events, writer=writer)
    assert [*reader_of(connection).of_run(run_name(0))] == events


def test_what_another_program_has_removed_is_stored_again(tmp_path: Path) -> None:
    ours, theirs = RunStore(tmp_path, Redactor()), RunStore(tmp_path, Redactor())
    first, second = turn(0, chat="a "), turn(0, chat="b ")
    for event in first:
        ours._writer.append(event)
    ours.delete(first[0].run_id)
    ours.flush()
    ours._writer.submit(lambda connection: connection.execute("UPDATE runs SET deleted_at = 1.0")).result(10)
    theirs.close()
    theirs = RunStore(tmp_path, Redactor())
    theirs.flush()
    for event in second:
        ours._writer.append(event)
    assert ours.events(second[0].run_id) == second
    with pytest.raises(StoreError, match="there is no run"):
        ours.events(first[0].run_id)
    ours.close()
    theirs.close()


def test_nothing_grows_beyond_all_measure_when_it_is_read() -> None:
    for length in (500, 1000, 2**13, 2**13 + 1, 100_000):
        content = (b'{"text":"some words"}' * length)[:length]
        stored = packed(content)
        assert len(stored) < len(content) / 2, length
        assert unpacked(stored) == content, length
    assert unpacked(packed(b"x" * 1000)) == b"x" * 1000
    assert unpacked(packed(b"x")) == b"x"
    for damaged in (zlib.compress(bytes(MOST_BYTES + 1)), zlib.compress(bytes(2000))[:-5], b"x none"):
        with pytest.raises(ValueError, match="compressed content"):
            unpacked(damaged)


def test_a_request_that_names_one_text_a_million_times_is_damaged_and_nothing_more(
    connection: sqlite3.Connection,
) -> None:
    write(connection, sent('{"a":"' + "x" * 1_000_000 + '"}'), piece(2, "before"))
    connection.execute("UPDATE events SET refs = ? WHERE seq = 1", ('{"body_json":[' + ",".join(["1"] * 2000) + "]}",))
    with pytest.raises(StoreError, match="event 1 of run r is damaged"):
        list(reader_of(connection).of_run(RUN))


@pytest.mark.parametrize(
    "refs", ["", "[]", '{"body_json":[7]}', '{"body_json":[-1]}', '{"history":[1]}', '{"body_json":7}', '{"x":[1]}']
)
def test_references_that_lead_nowhere_are_a_damaged_event(connection: sqlite3.Connection, refs: str) -> None:
    write(connection, sent('{"a":"' + "x" * 1000 + '"}'))
    connection.execute("UPDATE events SET refs = ?", (refs,))
    with pytest.raises(StoreError, match="event 1 of run r is damaged"):
        list(reader_of(connection).of_run(RUN))


def test_a_list_that_leads_in_a_circle_is_a_damaged_event(connection: sqlite3.Connection) -> None:
    write(connection, *turn(0))
    connection.execute("UPDATE lists SET before = id + 1")
    with pytest.raises(StoreError, match="event 1 of run run-000000 is damaged"):
        list(reader_of(connection).of_run(run_name(0)))


def test_a_picture_is_stored_once_for_all_results_that_have_it(connection: sqlite3.Connection) -> None:
    picture = Attachment("image/png", "iVBORw0KGgo" + "QUJD" * 2_000, "file:///a.png", 640, 480)
    results = [
        ToolCallSettled(
            run_id=RunId(RUN),
            seq=seq,
            at=float(seq),
            span=SpanPath("turn-1/round-1/call-1"),
            call_id=CallId(f"{RUN}.1.1.{seq}"),
            outcome="ok",
            result_text="seen",
            is_error=False,
            attachments=attachments,
        )
        for seq, attachments in enumerate(((picture,), (picture,), ()), 1)
    ]
    write(connection, *results)
    assert list(reader_of(connection).of_run(RUN)) == results
    assert connection.execute("SELECT count(*) FROM texts").fetchone()[0] == 1
    assert max(len(line) for (line,) in connection.execute("SELECT line FROM events")) < 1_000
