"""HAR files: what a browser or a proxy recorded. Calls of an API become tools; pages and pictures are skipped."""

from urllib.parse import urlsplit

from workbench.app.imports.formats.logs import conversations_of, exchange_in
from workbench.app.imports.found import Found
from workbench.app.imports.request import Header, Request, tools_of_requests
from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, JsonValue, parse_strict

LABEL = "HAR"
_FORM = "application/x-www-form-urlencoded"


def is_har(document: JsonValue) -> bool:
    """Whether a document is a log with entries."""
    log = document.get("log") if isinstance(document, dict) else None
    return isinstance(log, dict) and isinstance(log.get("entries"), list)


def tools_of_har(document: JsonObject) -> Found:
    """One tool for each method and path that was called."""
    log = document["log"]
    entries = log["entries"] if isinstance(log, dict) else []
    requests = []
    exchanges = []
    others = 0
    for entry in entries if isinstance(entries, list) else ():
        asked = exchange_in(entry) if isinstance(entry, dict) else None
        made = _request(entry) if isinstance(entry, dict) else None
        if asked is not None:
            exchanges.append(asked)
        elif made is None:
            others += 1
        else:
            requests.append(made)
    asked_of_models = conversations_of(exchanges)
    items, skipped = tools_of_requests(requests, LABEL)
    items += asked_of_models.items
    every = len(requests) + len(exchanges) + others
    notes = (f"{others} of {every} requests are not API calls and were skipped",) if others else ()
    is_empty = not items and not asked_of_models.conversations
    obstacle = "No request in this HAR file sends or receives JSON, so there is no API to call." if is_empty else ""
    skipped += asked_of_models.skipped
    return Found(items, LABEL, obstacle, notes, tuple(skipped), asked_of_models.conversations)


def _request(entry: JsonObject) -> Request | None:
    request, response = entry.get("request"), entry.get("response")
    if not isinstance(request, dict) or not isinstance(url := request.get("url"), str):
        return None
    method = str(request.get("method") or "GET").upper()
    content = response.get("content") if isinstance(response, dict) else None
    answers_json = "json" in str(content.get("mimeType") if isinstance(content, dict) else "").casefold()
    posted = request.get("postData")
    body, is_form, obstacle = _body(posted if isinstance(posted, dict) else {})
    if method in ("OPTIONS", "CONNECT") or not urlsplit(url).scheme.startswith("http"):
        return None
    if not answers_json and not (method != "GET" and (isinstance(body, dict | list) and not is_form)):
        return None
    rows = request.get("headers")
    headers = tuple(
        Header(str(row.get("name")), str(row.get("value")))
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict) and not str(row.get("name")).startswith(":")
    )
    return Request(method=method, url=url, headers=headers, body=body, is_form=is_form, obstacle=obstacle)


def _body(posted: JsonObject) -> tuple[JsonValue, bool, str]:
    kind = str(posted.get("mimeType") or "").casefold()
    text = posted.get("text")
    if kind.startswith(_FORM):
        rows = posted.get("params")
        fields: JsonObject = {
            str(row.get("name")): str(row.get("value") or "")
            for row in (rows if isinstance(rows, list) else ())
            if isinstance(row, dict)
        }
        return fields or None, True, "" if fields else "its form has no named fields"
    if not isinstance(text, str) or not text:
        return None, False, "its body is a form with parts" if kind.startswith("multipart") else ""
    try:
        return parse_strict(text), False, ""
    except MalformedJson:
        return None, False, f"its body is {kind.partition(';')[0] or 'no JSON'}"
