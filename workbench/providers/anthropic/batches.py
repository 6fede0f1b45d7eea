"""Anthropic's Message Batches API: requests go up in one body, answers come down as lines."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import msgspec

from workbench.core.errors import FailureKind, ProviderFailure
from workbench.core.exchange import WireRequest
from workbench.core.json_text import JsonObject, compact
from workbench.providers.anthropic.models import version_headers
from workbench.providers.batch import BatchAnswer, BatchRequest, BatchState
from workbench.providers.batch_http import BatchHttp, batch_id_in
from workbench.providers.door import count_of, object_in, object_of, objects_of, text_of
from workbench.providers.wire_failure import error_detail, failure_of_detail

_PATH = "/v1/messages/batches"
_PAGE = 100
_EARLY_S = 600.0
"""The vendor's clock may be so much behind ours."""


class AnthropicBatches:
    """See `providers.batch.BatchApi`. A batch has no place for a label, so one whose id was lost is found by its
    answers."""

    most_requests = 100_000
    most_bytes = 256_000_000
    keeps_label = False

    def __init__(self, http: BatchHttp) -> None:
        self._http = http

    def whole(self, wire: WireRequest) -> WireRequest:
        """Without streaming, which a batch does not have."""
        body = {key: value for key, value in json.loads(wire.body_json).items() if key != "stream"}
        return WireRequest(wire.wire_format, wire.path, compact(body))

    async def submit(self, label: str, requests: Sequence[BatchRequest]) -> str:
        """One body; the versions and betas that its requests need."""
        bodies = [json.loads(one.wire.body_json) for one in requests]
        order: JsonObject = {
            "requests": [
                {"custom_id": one.request_id, "params": body} for one, body in zip(requests, bodies, strict=True)
            ]
        }
        return batch_id_in(await self._http.post(_PATH, order, _headers(bodies)))

    async def candidates(self, label: str, since: float, count: int) -> tuple[str, ...]:
        """Those begun since then with as many requests."""
        found: list[str] = []
        after = ""
        while True:
            page = await self._http.get(f"{_PATH}?limit={_PAGE}{after}")
            batches = objects_of(page.get("data"))
            for batch in batches:
                if _created(batch) >= since - _EARLY_S and _size(batch) == count:
                    found.append(batch_id_in(batch))
            if not page.get("has_more") or not batches or _created(batches[-1]) < since - _EARLY_S:
                return tuple(found)
            after = f"&after_id={batch_id_in(batches[-1])}"

    async def state(self, batch_id: str) -> BatchState:
        """Over when all its requests have ended in some way."""
        word = text_of((await self._http.get(f"{_PATH}/{batch_id}")).get("processing_status"))
        return BatchState(word == "ended", word)

    async def answers(self, batch_id: str) -> AsyncIterator[BatchAnswer]:
        """Line by line."""
        async for line in self._http.lines(f"{_PATH}/{batch_id}/results"):
            if line.strip():
                yield self._answer(line)

    def _answer(self, line: bytes) -> BatchAnswer:
        document = object_in(line)
        request_id, result = text_of(document.get("custom_id")), object_of(document.get("result"))
        kind = text_of(result.get("type"))
        if kind == "succeeded":
            return BatchAnswer(request_id, bytes(msgspec.json.decode(line, type=_Line).result.message))
        if kind == "errored":
            detail = error_detail(result.get("error"))
            default: FailureKind = "invalid_request" if detail.type == "invalid_request_error" else "server"
            failure = failure_of_detail(detail, self._http.kind_of, default=default)
        else:
            failure = ProviderFailure(f"The provider did not get to this request: {kind}.", kind="server")
        return BatchAnswer(request_id, failure=failure)


class _Result(msgspec.Struct, frozen=True):
    message: msgspec.Raw


class _Line(msgspec.Struct, frozen=True):
    result: _Result
    """Its message as it was written: arguments are kept raw."""


def _headers(bodies: Sequence[JsonObject]) -> dict[str, str]:
    headers: dict[str, str] = {}
    betas: dict[str, None] = {}
    for body in bodies:
        found = version_headers(body)
        betas.update(dict.fromkeys(filter(None, found.pop("anthropic-beta", "").split(","))))
        headers.update(found)
    return {**headers, **({"anthropic-beta": ",".join(betas)} if betas else {})}


def _created(batch: JsonObject) -> float:
    try:
        return datetime.fromisoformat(text_of(batch.get("created_at"))).timestamp()
    except ValueError:
        return 0.0


def _size(batch: JsonObject) -> int:
    return sum(count_of(number) or 0 for number in object_of(batch.get("request_counts")).values())
