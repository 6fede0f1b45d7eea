"""Runs that end are sent; a collector that is down or slow holds up nothing."""

import json
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.display import wait_until
from tests.support.event_kinds import one_of_each
from tests.support.projects import TOML, make_project
from workbench.app.session import Session
from workbench.app.telemetry import telemetry as telemetry_module
from workbench.app.telemetry.destination import HEADERS, TelemetryError, destination_of
from workbench.app.telemetry.otlp_bytes import otlp_bytes
from workbench.app.telemetry.telemetry import Telemetry
from workbench.core.errors import UsageError
from workbench.core.event import RunEvent
from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject
from workbench.core.telemetry.span import LogRecord, Span
from workbench.core.telemetry.telemetry_order import TelemetryOrder
from workbench.store.keys import KeyStore
from workbench.store.redaction import Redactor

ANSWER: JsonObject = {"text": "Hello."}
KEY = "sk-canary-0123456789abcdef"


class Collector:
    """Listens on loopback, keeps what it is sent, and answers with the statuses it was given, then 200."""

    def __init__(self, *statuses: int) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        self.headers: list[dict[str, str]] = []
        waiting = list(statuses)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status = waiting.pop(0) if waiting else 200
                if status == 200:
                    outer.bodies.append((self.path, body))
                outer.headers.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def collector() -> Iterator[Collector]:
    found = Collector()
    yield found
    found.server.shutdown()
    found.server.server_close()


class Kept:
    """A destination in memory that fails as often as it is told."""

    title = "kept"

    def __init__(self, *failures: bool) -> None:
        self.failures = list(failures)
        self.spans: list[Span] = []

    def put(self, spans: Sequence[Span], records: Sequence[LogRecord]) -> None:
        if self.failures:
            raise TelemetryError("the collector is down", may_pass=self.failures.pop(0))
        self.spans += spans

    def close(self) -> None:
        pass


def session_with(folder: Path, to: str, *, content: bool = False) -> Session:
    return Session(make_project(folder, ANSWER), telemetry=TelemetryOrder(to, content))


async def run_once(session: Session, prompt: str = "Hi.") -> None:
    live = session.runs.start(prompt)
    await live.finished()


async def test_a_run_is_a_line_of_otlp_json_in_a_file(tmp_path: Path) -> None:
    session = session_with(tmp_path / "p", str(tmp_path / "out" / "traces.jsonl"), content=True)
    await run_once(session)
    await session.close()
    (line,) = (tmp_path / "out" / "traces.jsonl").read_text().splitlines()
    names = [span["name"] for span in json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"]]
    assert [name.split()[0] for name in names] == ["invoke_agent", "chat"]
    assert "Hello." in line


async def test_a_collector_gets_protobuf_with_the_same_ids(tmp_path: Path, collector: Collector) -> None:
    trace_service = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    session = session_with(tmp_path / "p", collector.url)
    await run_once(session)
    await session.close()
    ((path, body),) = collector.bodies
    message = trace_service.ExportTraceServiceRequest.FromString(body)
    root, chat = message.resource_spans[0].scope_spans[0].spans
    assert path == "/v1/traces"
    assert chat.parent_span_id == root.span_id
    assert len(root.trace_id) == 16
    assert b"Hello." not in body


@pytest.mark.parametrize("key", [KEY, 'sk-"quoted\\\\ä"-0123456789abcdef'])
async def test_a_key_in_the_conversation_reaches_no_destination(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("SOME_API_KEY", key)
    session = session_with(tmp_path / "p", str(tmp_path / "t.jsonl"), content=True)
    await run_once(session, f"My key is {key}.")
    await session.close()
    text = (tmp_path / "t.jsonl").read_text()
    for spelling in (key, json.dumps(key)[1:-1], json.dumps(key, ensure_ascii=False)[1:-1]):
        assert spelling not in text
    assert "My key is" in text


async def test_half_of_a_surrogate_pair_in_a_message_keeps_no_run_from_being_sent(tmp_path: Path) -> None:
    session = session_with(tmp_path / "p", str(tmp_path / "t.jsonl"), content=True)
    await run_once(session, "Go \ud800 on.")
    await session.close()
    assert "Go \ufffd on." in (tmp_path / "t.jsonl").read_text(encoding="utf-8")


async def test_what_is_sent_as_runs_end_is_what_is_sent_from_the_history(tmp_path: Path) -> None:
    session = session_with(tmp_path / "p", str(tmp_path / "now.jsonl"), content=True)
    await run_once(session)
    run_id = session.runs.recorded()[0].run_id
    later = Telemetry(
        destination_of(str(tmp_path / "later.jsonl"), session.keys, session.redactor),
        session.store.facts,
        with_content=True,
    )
    later.take_run(run_id)
    assert later.close().delivered == 1
    await session.close()
    assert (tmp_path / "now.jsonl").read_bytes() == (tmp_path / "later.jsonl").read_bytes()


def test_headers_of_the_standard_variable_are_sent_and_count_as_keys(
    monkeypatch: pytest.MonkeyPatch, collector: Collector
) -> None:
    pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    monkeypatch.setenv(HEADERS, f"authorization=Bearer%20{KEY},x-team=a")
    redactor = Redactor()
    destination = destination_of(collector.url, KeyStore(redactor), redactor)
    destination.put([], [])
    span = Span(trace_id="0" * 32, span_id="1" * 16, name="x", start_ns=1, end_ns=2, attributes={})
    destination.put([span], [])
    destination.close()
    assert [headers["authorization"] for headers in collector.headers] == [f"Bearer {KEY}"]
    assert KEY not in redactor.text(f"said {KEY}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ftp://host", "is not the address of a collector"),
        ("http://", "is not the address of a collector"),
        ("http://user:pass@host", "has no user, query or fragment"),
        ("http://host?key=1", "has no user, query or fragment"),
    ],
)
def test_what_is_no_destination_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        destination_of(text, KeyStore(Redactor()), Redactor())


def test_what_cannot_be_delivered_waits_and_is_delivered_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry_module, "RETRY_S", (0.0,))
    kept = Kept(True, True)
    found = Telemetry(kept, lambda run_id: ())
    found.take_run(RunId("a"))
    found.take_run(RunId("b"))
    while kept.failures:
        threading.Event().wait(0.001)
    assert found.close().delivered == 2
    assert found.state.problem == ""
    assert found.state.left_out == 0


def test_what_a_collector_refuses_for_good_is_counted_as_left_out_and_the_rest_goes_on() -> None:
    kept = Kept(False)
    found = Telemetry(kept, lambda run_id: ())
    found.take_run(RunId("a"))
    while kept.failures:
        threading.Event().wait(0.001)
    found.take_run(RunId("b"))
    state = found.close()
    assert (state.delivered, state.left_out) == (1, 1)


def test_what_cannot_be_read_of_one_run_keeps_no_other_from_being_sent() -> None:
    destination = Kept()

    def read(run_id: RunId) -> list[RunEvent]:
        if run_id == "odd":
            raise LookupError("it is odd")
        return one_of_each()

    telemetry = Telemetry(destination, read)
    telemetry.take_run(RunId("odd"))
    wait_until(lambda: telemetry.state.left_out == 1, "the odd one is left out")
    assert telemetry.state.problem == "it is odd"
    telemetry.take_run(RunId("r"))
    assert telemetry.close().delivered == 1
    assert destination.spans


async def test_a_destination_that_cannot_be_used_costs_a_run_nothing_and_is_named(tmp_path: Path) -> None:
    session = session_with(tmp_path / "p", str(tmp_path))  # a folder takes no lines
    await run_once(session)
    state = session.telemetry.close()
    assert "cannot write" in state.problem
    assert (state.delivered, state.left_out) == (0, 1)
    assert [row.outcome for row in session.store.recorded()] == ["answered"]
    await session.close()


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ('to = "https://collector.example"', "waits until you trust this project"),
        ('to = "http://127.0.0.1:9"\ncontent = true', "waits until you trust this project"),
        ('to = "traces.jsonl"\ncontent = true', ""),
    ],
)
async def test_a_project_sends_nothing_off_this_machine_before_it_is_trusted(
    tmp_path: Path, section: str, problem: str
) -> None:
    plain = TOML.split("[executors.touch]")[0]
    folder = make_project(tmp_path / "p", ANSWER, toml=f"{plain}\n[telemetry]\n{section}\n")
    session = Session(folder)
    assert problem in session.telemetry.state.problem
    assert bool(session.telemetry.state.title) == (not problem)
    assert session.is_trusted == (not problem)
    await session.close()


def test_a_project_cannot_have_its_telemetry_written_outside_its_folder(tmp_path: Path) -> None:
    for to in ("../out.jsonl", "/etc/out.jsonl"):
        folder = make_project(tmp_path / to.replace("/", "_"), toml=f'{TOML}\n[telemetry]\nto = "{to}"\n')
        (problem,) = Session(folder).project.errors
        assert "below the project's folder" in problem.message


def test_ids_are_bytes_in_protobuf_and_hexadecimal_in_json() -> None:
    trace_service = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    document = {"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "ab" * 16, "spanId": "cd" * 8}]}]}]}
    found = trace_service.ExportTraceServiceRequest.FromString(otlp_bytes("traces", document))
    assert found.resource_spans[0].scope_spans[0].spans[0].trace_id == bytes.fromhex("ab" * 16)
