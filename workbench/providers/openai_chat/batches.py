"""OpenAI's Batch API, for both of its wires: a file of requests goes up, files of answers and errors come down."""

import json
from collections.abc import AsyncIterator, Sequence

import msgspec

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import WireRequest
from workbench.core.http_rules import kind_of_status
from workbench.core.json_text import JsonObject, compact
from workbench.providers.batch import BatchAnswer, BatchRequest, BatchState
from workbench.providers.batch_http import BatchHttp, batch_id_in
from workbench.providers.door import count_of, object_in, object_of, objects_of, text_of
from workbench.providers.wire_failure import error_detail, failure_of_detail

_VERSION = "/v1"
_LABEL = "workbench_batch"
_OVER = ("completed", "failed", "expired", "cancelled")
_PAGE = 100
_EARLY_S = 600.0
"""The vendor's clock may be so much behind ours."""


class OpenAiBatches:
    """See `providers.batch.BatchApi`."""

    most_requests = 50_000
    most_bytes = 200_000_000
    keeps_label = True

    def __init__(self, http: BatchHttp) -> None:
        self._http = http

    def whole(self, wire: WireRequest) -> WireRequest:
        """Without streaming, which a batch does not have."""
        body = json.loads(wire.body_json)
        kept = {key: value for key, value in body.items() if key not in ("stream", "stream_options")}
        return WireRequest(wire.wire_format, wire.path, compact(kept))

    async def submit(self, label: str, requests: Sequence[BatchRequest]) -> str:
        """Two steps: a file alone is not a batch, so one that was left behind by a crash costs nothing."""
        endpoint = _VERSION + requests[0].wire.path
        lines = "".join(
            f'{{"custom_id":{json.dumps(one.request_id)},"method":"POST","url":{json.dumps(endpoint)},'
            f'"body":{one.wire.body_json}}}\n'
            for one in requests
        )
        file = await self._http.upload("/files", {"purpose": "batch"}, f"{label}.jsonl", lines.encode())
        order: JsonObject = {
            "input_file_id": file.get("id"),
            "endpoint": endpoint,
            "completion_window": "24h",
            "metadata": {_LABEL: label},
        }
        return batch_id_in(await self._http.post("/batches", order))

    async def candidates(self, label: str, since: float, count: int) -> tuple[str, ...]:
        """The one with this label in its metadata, if it is there."""
        after = ""
        while True:
            page = await self._http.get(f"/batches?limit={_PAGE}{after}")
            batches = objects_of(page.get("data"))
            for batch in batches:
                if object_of(batch.get("metadata")).get(_LABEL) == label:
                    return (batch_id_in(batch),)
            oldest = count_of(batches[-1].get("created_at")) if batches else None
            if not page.get("has_more") or oldest is None or oldest < since - _EARLY_S:
                return ()
            after = f"&after={batch_id_in(batches[-1])}"

    async def state(self, batch_id: str) -> BatchState:
        """`failed` means that nothing of it was even tried."""
        batch = await self._http.get(f"/batches/{batch_id}")
        word = text_of(batch.get("status"))
        failure = None
        if word == "failed":
            errors = objects_of(object_of(batch.get("errors")).get("data"))
            said = text_of(errors[0].get("message")) if errors else "no reason given"
            failure = ProviderFailure(f"The provider refused the batch: {said}", kind="invalid_request")
        return BatchState(word in _OVER, word, failure)

    async def answers(self, batch_id: str) -> AsyncIterator[BatchAnswer]:
        """From both files; there may be either or both, also where the batch expired."""
        batch = await self._http.get(f"/batches/{batch_id}")
        for key in ("output_file_id", "error_file_id"):
            file_id = text_of(batch.get(key))
            if file_id:
                async for line in self._http.lines(f"/files/{file_id}/content"):
                    if line.strip():
                        yield self._answer(line)

    def _answer(self, line: bytes) -> BatchAnswer:
        document = object_in(line)
        request_id, response = text_of(document.get("custom_id")), object_of(document.get("response"))
        status = count_of(response.get("status_code")) or 0
        if 200 <= status < 300:
            return BatchAnswer(request_id, bytes(msgspec.json.decode(line, type=_Line).response.body))
        detail = error_detail(response.get("body") if status else document)
        failure = failure_of_detail(detail, self._http.kind_of, default=kind_of_status(status) if status else "server")
        return BatchAnswer(request_id, failure=failure)


class _Response(msgspec.Struct, frozen=True):
    body: msgspec.Raw


class _Line(msgspec.Struct, frozen=True):
    response: _Response
    """Its body as it was written: arguments are kept raw."""
