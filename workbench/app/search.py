"""Full text over prompts, answers, calls and results of all recorded runs."""

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from workbench.core.content import RefusalPart, TextPart
from workbench.core.event import ResponseReceived, RunEvent, ToolCallProposed, ToolCallSettled, TurnStarted
from workbench.core.ids import CallId, RunId, SpanPath
from workbench.store.run_search import candidates
from workbench.store.runs import RunStore

MAX_HITS = 200
_BEFORE, _AFTER = 40, 120

HitKind = Literal["prompt", "answer", "call", "result"]


class SearchHit(msgspec.Struct, frozen=True):
    """A place where the text stands. `excerpt` is what stands around it, as it was written."""

    kind: HitKind
    run_id: RunId
    seq: int
    span: SpanPath
    at: float
    excerpt: str
    call_id: CallId | None = None


class SearchResult(msgspec.Struct, frozen=True):
    """`is_cut`: there are more hits than these."""

    hits: tuple[SearchHit, ...] = ()
    is_cut: bool = False


def search_runs(
    store: RunStore, text: str, *, limit: int = MAX_HITS, should_stop: Callable[[], bool] = lambda: False
) -> SearchResult:
    """Where `text` stands, whatever its case; the newest run first. One hit an event.

    Reads every stored event once, so it belongs on another thread. Raises `StoreError`.
    """
    wanted = text.strip().lower()
    if not wanted:
        return SearchResult()
    store.flush()
    hits: list[SearchHit] = []
    for event in candidates(store.path, wanted, should_stop):
        for kind, whole in _texts(event):
            if (excerpt := _excerpt(whole, wanted)) is None:
                continue
            if len(hits) == limit:
                return SearchResult(tuple(hits), is_cut=True)
            call_id = event.call_id if isinstance(event, ToolCallProposed | ToolCallSettled) else None
            hits.append(SearchHit(kind, event.run_id, event.seq, event.span, event.at, excerpt, call_id))
            break
    return SearchResult(tuple(hits))


def _texts(event: RunEvent) -> Iterator[tuple[HitKind, str]]:
    match event:
        case TurnStarted():
            yield "prompt", event.message.text
        case ResponseReceived():
            for part in event.response.parts:
                if isinstance(part, TextPart | RefusalPart):
                    yield "answer", part.text
        case ToolCallProposed():
            yield "call", f"{event.tool} {event.arguments_json}"
        case ToolCallSettled():
            yield "result", event.full_text or event.result_text
        case _:
            pass


def _excerpt(text: str, wanted: str) -> str | None:
    """The hit with its surroundings, None when there is none."""
    folded = text.lower()
    place = folded.find(wanted)
    if place < 0:
        return None
    begin, end = max(0, place - _BEFORE), place + len(wanted) + _AFTER
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
