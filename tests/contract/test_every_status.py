"""One status has one kind, whatever the wire and whatever the body, unless a vendor's word says it finer."""

import json
from http import HTTPStatus

import httpx2
import pytest

from tests.contract.formats import FORMATS
from workbench.core.errors import ProviderFailure
from workbench.core.failure_advice import advice_for
from workbench.providers.wire_failure import failure_of_status

STATUSES = sorted({*(int(one) for one in HTTPStatus if one >= 300), 419, 420, 440, 444, 460, 463, 494, 498, 499} |
                  {*range(520, 528), 529, 530, 540, 561, 598, 599, 999})  # fmt: skip
PLAIN = [
    (b"", ""),
    (b"Not today.", "text/plain"),
    (b"<html><title>No</title></html>", "text/html"),
    (b"{}", "application/json"),
    (b'{"error": null}', "application/json"),
    (b'{"error": {"message": "No", "type": null, "code": null}}', "application/json"),
    (b'[{"error": {"message": "No", "status": "NEW_WORD"}}]', "application/json"),
    (b'{"type": "error", "error": {"type": "new_error", "message": "No"}}', "application/json"),
    (b'{"detail": [{"loc": ["body"], "msg": "No"}]}', "application/json"),
    (b"\xff\xfe\x00", "application/octet-stream"),
]
COARSE = {
    "openai_chat": "server_error",
    "openai_responses": "invalid_request_error",
    "anthropic_messages": "api_error",
    "gemini": "INTERNAL",
}
"""Words that say less than a status does."""


def failure(form: str, status: int, body: bytes, content_type: str) -> ProviderFailure:
    answer = httpx2.Response(status, content=body, headers={"content-type": content_type} if content_type else {})
    return failure_of_status(answer, FORMATS[form].kind_of)


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_has_one_kind_on_every_wire_and_advice(status: int) -> None:
    found = [failure(form, status, *said) for form in FORMATS for said in PLAIN]
    found += [
        failure(form, status, json.dumps({"error": {key: word, "message": "No"}}).encode(), "application/json")
        for form, word in COARSE.items()
        for key in ("type", "code", "status")
    ]
    assert len({one.kind for one in found}) == 1, {(one.kind, one.message) for one in found}
    assert {one.status for one in found} == {status}
    assert all(advice_for(one) for one in found)


def test_the_table_covers_every_wire() -> None:
    assert COARSE.keys() == FORMATS.keys()
