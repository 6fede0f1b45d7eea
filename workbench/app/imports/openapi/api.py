"""An OpenAPI document of any version, reduced to what operations need: addresses, parameters, bodies, keys."""

import re
from collections.abc import Iterator

import msgspec

from workbench.app.imports.openapi.references import References
from workbench.core.json_text import JsonObject, JsonValue
from workbench.store.executor_row import origin_problem

METHODS = ("get", "head", "post", "put", "patch", "delete")
_LIST_STYLES = {"spaceDelimited": " ", "pipeDelimited": "|", "ssv": " ", "pipes": "|", "tsv": ","}
_GOOD = ("200", "201", "202", "203", "2XX", "2xx")
"""Statuses whose answer has a body, the usual one first."""
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class ApiParameter(msgspec.Struct, frozen=True):
    """A parameter in the 3.1 shape. `separator` joins the values of a list; empty where each is sent separately."""

    name: str
    place: str
    schema: JsonValue
    is_required: bool
    separator: str = ""
    obstacle: str = ""
    sent_as: str = ""
    """The name on the wire, if it differs: lists of the style deepObject are sent as `NAME[]`."""


class Body(msgspec.Struct, frozen=True):
    """The body of a request. `media` is its type."""

    media: str
    schema: JsonValue
    is_required: bool
    description: str = ""


class Operation(msgspec.Struct, frozen=True):
    """One operation. `path_item` holds what all operations of its path share."""

    method: str
    path: str
    document: JsonObject
    path_item: JsonObject

    @property
    def operation_id(self) -> str:
        """The document's name for it; empty if there is none."""
        found = self.document.get("operationId")
        return found if isinstance(found, str) else ""

    @property
    def identity(self) -> str:
        """Identifies the operation, whatever its tool is named in a project."""
        return " ".join(part for part in (self.operation_id, self.method.upper(), self.path) if part)


class Api:
    """Reads versions 2.0, 3.0 and 3.1 alike."""

    def __init__(self, document: JsonObject) -> None:
        self.document = document
        self.is_old = "swagger" in document
        self.references = References(document)
        info = document.get("info")
        self.title = str(info.get("title") or "") if isinstance(info, dict) else ""

    @property
    def version(self) -> str:
        """Its usual name: `Swagger 2.0`, `OpenAPI 3.1`."""
        if self.is_old:
            return f"Swagger {str(self.document['swagger'])[:8]}"
        return "OpenAPI " + ".".join(str(self.document.get("openapi"))[:12].split(".")[:2])

    def operations(self) -> Iterator[Operation]:
        """All operations, in order."""
        paths = self.document.get("paths")
        for path, item in paths.items() if isinstance(paths, dict) else ():
            shared = self.references.followed(item)
            for method in METHODS:
                if isinstance(document := shared.get(method), dict):
                    yield Operation(method, path, document, shared)

    def address(self, operation: Operation) -> tuple[str, str]:
        """Where an operation is, and why it cannot be called; one of the two is empty."""
        base = self._old_base() if self.is_old else self._base(operation)
        url = base.rstrip("/") + operation.path
        if not base or base.startswith("/"):
            return "", "the document does not name the API's host"
        return ("", problem) if (problem := origin_problem(url)) else (url, "")

    def parameters(self, operation: Operation) -> list[ApiParameter]:
        """The parameters in address, query, and headers; an operation's own replace those of its path."""
        found: dict[tuple[str, str], ApiParameter] = {}
        for holder in (operation.path_item, operation.document):
            rows = holder.get("parameters")
            for row in rows if isinstance(rows, list) else ():
                one = self.references.followed(row)
                name, place = one.get("name"), one.get("in")
                if isinstance(name, str) and isinstance(place, str) and place not in ("body", "formData"):
                    found[name, place] = self._parameter(one, name, place)
        return list(found.values())

    def body(self, operation: Operation) -> Body | None:
        """The body of the request; None if there is none."""
        if self.is_old:
            return self._old_body(operation)
        held = self.references.followed(operation.document.get("requestBody"))
        content = held.get("content")
        if not isinstance(content, dict) or not content:
            return None
        media = next((name for name in content if is_json_media(name)), None)
        media = media or next((name for name in _FORMS if name in content), None) or next(iter(content))
        inner = self.references.followed(content[media])
        return Body(media, inner.get("schema", True), held.get("required") is True, str(held.get("description") or ""))

    def answer(self, operation: Operation) -> JsonValue:
        """The schema of a successful answer; None if it is not JSON or not declared."""
        answers = operation.document.get("responses")
        held = answers if isinstance(answers, dict) else {}
        status = next((one for one in _GOOD if one in held), None)
        if status is None:
            return None
        answer = self.references.followed(held[status])
        if self.is_old:
            return answer.get("schema")
        content = answer.get("content")
        media = next((name for name in content if is_json_media(name)), None) if isinstance(content, dict) else None
        return self.references.followed(content[media]).get("schema") if media and isinstance(content, dict) else None

    def security(self, operation: Operation) -> tuple[list[JsonObject], JsonObject]:
        """The alternative ways to authenticate, any of which is enough, and the schemes that they name."""
        held = operation.document.get("security", self.document.get("security"))
        ways = [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []
        components = self.document.get("components")
        schemes = (
            self.document.get("securityDefinitions")
            if self.is_old
            else components.get("securitySchemes")
            if isinstance(components, dict)
            else None
        )
        return ways, schemes if isinstance(schemes, dict) else {}

    def _base(self, operation: Operation) -> str:
        for holder in (operation.document, operation.path_item, self.document):
            servers = holder.get("servers")
            if isinstance(servers, list) and servers and isinstance(server := servers[0], dict):
                return _filled(str(server.get("url") or ""), server.get("variables"))
        return ""

    def _old_base(self) -> str:
        host, base = self.document.get("host"), self.document.get("basePath")
        schemes = self.document.get("schemes")
        offered = [one for one in schemes if isinstance(one, str)] if isinstance(schemes, list) else []
        scheme = "https" if "https" in offered or "http" not in offered else "http"
        return f"{scheme}://{host}{base if isinstance(base, str) else ''}" if isinstance(host, str) and host else ""

    def _parameter(self, one: JsonObject, name: str, place: str) -> ApiParameter:
        schema = one.get("schema")
        content = one.get("content")
        separator, obstacle = self._list_style(one, place)
        if self.is_old:
            kept = ("name", "in", "required", "description", "collectionFormat", "allowEmptyValue")
            schema = {key: value for key, value in one.items() if key not in kept}
        elif schema is None and isinstance(content, dict) and content:
            schema = self.references.followed(next(iter(content.values()))).get("schema")
        described: JsonObject = (
            {"description": said} if isinstance(said := one.get("description"), str) and said else {}
        )
        if isinstance(schema, dict) and "example" in one and "example" not in schema:
            described["example"] = one["example"]
        schema = {**described, **schema} if isinstance(schema, dict) else described or True
        if described.get("description") and isinstance(schema, dict):
            schema["description"] = described["description"]
        is_object = self.references.followed(schema).get("type") == "object"
        if place == "query" and is_object and not content:
            obstacle = "an object in the query"
        is_required = one.get("required") is True or place == "path"
        sent_as = f"{name}[]" if one.get("style") == "deepObject" and not obstacle else ""
        return ApiParameter(name, place, schema, is_required, separator, obstacle, sent_as)

    def _list_style(self, one: JsonObject, place: str) -> tuple[str, str]:
        """The separator of a list's values; and what cannot be sent."""
        if self.is_old:
            style = str(one.get("collectionFormat") or "csv")
            is_list = one.get("type") == "array"
            return ("" if style == "multi" or not is_list else _LIST_STYLES.get(style, ",")), ""
        style = str(one.get("style") or ("form" if place in ("query", "cookie") else "simple"))
        is_list = self.references.followed(one.get("schema")).get("type") == "array"
        explodes = one.get("explode", style == "form") is not False
        if style == "deepObject" and is_list:
            return "", ""
        if style in ("deepObject", "matrix", "label"):
            return "", f"the style {style}"
        if not is_list or (explodes and place == "query"):
            return "", ""
        return _LIST_STYLES.get(style, ","), ""

    def _old_body(self, operation: Operation) -> Body | None:
        fields: JsonObject = {}
        required: list[JsonValue] = []
        has_file = False
        for holder in (operation.path_item, operation.document):
            rows = holder.get("parameters")
            for row in rows if isinstance(rows, list) else ():
                one = self.references.followed(row)
                if one.get("in") == "body":
                    return Body(
                        self._consumed(operation, "application/json"),
                        one.get("schema", True),
                        one.get("required") is True,
                        str(one.get("description") or ""),
                    )
                if one.get("in") == "formData" and isinstance(name := one.get("name"), str):
                    fields[name] = {key: value for key, value in one.items() if key not in ("name", "in", "required")}
                    has_file = has_file or one.get("type") == "file"
                    required += [name] if one.get("required") is True else []
        if not fields:
            return None
        schema: JsonObject = {"type": "object", "properties": fields, "required": required}
        return Body(_FORMS[1] if has_file else _FORMS[0], schema, bool(required))

    def _consumed(self, operation: Operation, usual: str) -> str:
        held = operation.document.get("consumes", self.document.get("consumes"))
        names = [name for name in held if isinstance(name, str)] if isinstance(held, list) else []
        return next((name for name in names if is_json_media(name)), names[0] if names else usual)


def is_json_media(media: str) -> bool:
    """Whether a body of this type is JSON."""
    kind = media.partition(";")[0].strip().casefold()
    return kind in ("application/json", "text/json", "*/*") or kind.endswith("+json")


def _filled(url: str, variables: JsonValue) -> str:
    def put(found: "re.Match[str]") -> str:
        one = variables.get(found[1]) if isinstance(variables, dict) else None
        return str(one.get("default", found[0])) if isinstance(one, dict) else found[0]

    return re.sub(r"\{([^{}]+)\}", put, url)
