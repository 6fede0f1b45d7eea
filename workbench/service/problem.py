"""What goes wrong, as problem documents (RFC 9457)."""

from typing import Any

from starlette.responses import JSONResponse

from workbench.app.service.service_client import RefusalKind, ServiceRefusal
from workbench.core.errors import StoreError, UsageError, WorkbenchError
from workbench.core.http_rules import status_words

MEDIA_TYPE = "application/problem+json"
STATUS: dict[RefusalKind, int] = {"not_found": 404, "forbidden": 403, "invalid": 422, "conflict": 409, "limit": 429}


def problem(status: int, detail: str, *, hint: str = "", headers: dict[str, str] | None = None) -> JSONResponse:
    """The document, with its status. `hint` says what can be done."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": status_words(status).partition(" ")[2],
        "status": status,
    }
    document |= {"detail": detail} if detail else {}
    document |= {"hint": hint} if hint else {}
    return JSONResponse(document, status, headers, MEDIA_TYPE)


def problem_of(error: WorkbenchError) -> JSONResponse:
    """The document for an expected failure."""
    return problem(status_of(error), error.message, hint=error.hint)


def status_of(error: WorkbenchError) -> int:
    """The status that says what kind of failure it is."""
    if isinstance(error, ServiceRefusal):
        return STATUS[error.kind]
    if isinstance(error, StoreError):
        return 404 if "there is no" in error.message else 503
    return 422 if isinstance(error, UsageError) else 500
