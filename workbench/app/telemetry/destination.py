"""Where telemetry goes: a collector that speaks OTLP over HTTP, or a file of OTLP JSON lines."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

import msgspec

from workbench import __version__
from workbench.app.telemetry.otlp_bytes import check_protobuf, otlp_bytes
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.http_rules import status_words
from workbench.core.json_text import JsonObject, JsonValue, without_surrogates
from workbench.core.telemetry.conventions import REVISION
from workbench.core.telemetry.otlp_json import logs_document, traces_document
from workbench.core.telemetry.span import LogRecord, Span
from workbench.store.keys import KeyStore
from workbench.store.line_file import add_lines
from workbench.store.redaction import Redactor

if TYPE_CHECKING:
    import httpx2

TIMEOUT_S = 10.0
HEADERS = "OTEL_EXPORTER_OTLP_HEADERS"
RESOURCE: dict[str, JsonValue] = {
    "service.name": "tool-calling-workbench",
    "service.version": __version__,
    "workbench.conventions": REVISION,
}


class TelemetryError(WorkbenchError):
    """Telemetry could not be delivered. `may_pass`: it is worth trying again."""

    def __init__(self, message: str, *, may_pass: bool, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.may_pass = may_pass


class Destination(Protocol):
    """Something that takes spans and log records. `put` may block, and raises `TelemetryError`."""

    @property
    def title(self) -> str: ...
    def put(self, spans: Sequence[Span], records: Sequence[LogRecord]) -> None: ...
    def close(self) -> None: ...


def destination_of(text: str, keys: KeyStore, redactor: Redactor) -> Destination:
    """The destination that a URL or a file name names. Raises `UsageError`."""
    if "://" not in text:
        return FileDestination(Path(text), redactor)
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"{text[:80]!r} is not the address of a collector",
            hint="Give a URL such as http://127.0.0.1:4318, or the name of a file.",
        )
    if parts.query or parts.fragment or parts.username:
        raise UsageError(
            "the address of a collector has no user, query or fragment",
            hint=f"Put keys into the environment variable {HEADERS}, such as authorization=Bearer%20KEY.",
        )
    return CollectorDestination(text.rstrip("/"), _headers(keys), redactor)


class FileDestination:
    """OTLP JSON lines, added to the end of a file. Keys are left out as they are of every file."""

    def __init__(self, path: Path, redactor: Redactor) -> None:
        self._path = path
        self._redactor = redactor

    @property
    def title(self) -> str:
        """The name of the file."""
        return str(self._path)

    def put(self, spans: Sequence[Span], records: Sequence[LogRecord]) -> None:
        """Add a line for the spans and one for the records. Raises `TelemetryError`."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            add_lines(self._path, [line for _, line in _documents(spans, records, self._redactor)])
        except OSError as error:
            raise TelemetryError(f"cannot write {self._path}: {error.strerror or error}", may_pass=True) from None

    def close(self) -> None:
        """There is nothing to close."""


class CollectorDestination:
    """A collector, over OTLP/HTTP with protobuf."""

    def __init__(self, url: str, headers: dict[str, str], redactor: Redactor) -> None:
        """Raises `UsageError` where the extra is not installed."""
        check_protobuf()
        self._url = url
        self._headers = {**headers, "content-type": "application/x-protobuf"}
        self._redactor = redactor
        self._http: httpx2.Client | None = None

    @property
    def title(self) -> str:
        """The address."""
        return self._url

    def put(self, spans: Sequence[Span], records: Sequence[LogRecord]) -> None:
        """Post both. Raises `TelemetryError`."""
        for path, line in _documents(spans, records, self._redactor):
            self._post(path, otlp_bytes(path, msgspec.json.decode(line)))

    def close(self) -> None:
        """Close the connection."""
        if self._http is not None:
            self._http.close()

    def _post(self, path: str, body: bytes) -> None:
        import httpx2

        if self._http is None:
            self._http = httpx2.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False)
        try:
            answer = self._http.post(f"{self._url}/v1/{path}", content=body, headers=self._headers)
        except httpx2.HTTPError as error:
            raise TelemetryError(
                f"the collector at {self._url} does not answer: {type(error).__name__}",
                may_pass=True,
                hint="Start it, or change [telemetry] in workbench.toml.",
            ) from None
        if answer.is_success:
            return
        may_pass = answer.status_code in (429, 502, 503, 504)
        hint = f"Put its key into {HEADERS}." if answer.status_code in (401, 403) else ""
        raise TelemetryError(
            f"the collector at {self._url} answered {status_words(answer.status_code)}", may_pass=may_pass, hint=hint
        )


def _documents(spans: Sequence[Span], records: Sequence[LogRecord], redactor: Redactor) -> list[tuple[str, bytes]]:
    """Where each goes below /v1/, and its JSON in one line, without keys."""
    found: list[tuple[str, JsonObject]] = []
    if spans:
        found.append(("traces", traces_document(spans, RESOURCE, __version__)))
    if records:
        found.append(("logs", logs_document(records, RESOURCE, __version__)))
    return [(path, redactor.line(_encoded(document))) for path, document in found]


def _encoded(document: JsonObject) -> bytes:
    try:
        return msgspec.json.encode(document)
    except UnicodeEncodeError:  # half of a surrogate pair
        return msgspec.json.encode(without_surrogates(document))


def _headers(keys: KeyStore) -> dict[str, str]:
    """What the standard variable says, such as `authorization=Bearer%20KEY,x-team=a`; its values are keys."""
    found = {}
    for pair in os.environ.get(HEADERS, "").split(","):
        name, is_pair, value = pair.partition("=")
        if is_pair and name.strip():
            found[name.strip()] = unquote(value.strip())
            keys.watch(found[name.strip()].rpartition(" ")[2])
    return found
