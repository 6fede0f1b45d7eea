"""OpenAPI documents of every version become tools that can be called."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.projects import make_project
from tests.unit.app.imports.test_requests import BRUNO, POSTMAN, entry, har
from workbench.app.imports.found import Found, FoundTool
from workbench.app.imports.import_plan import carry_out, plan_import
from workbench.app.imports.pasted import recognize
from workbench.app.tools.executors import endpoint_of
from workbench.app.trust.trust_report import trust_report
from workbench.core.json_text import JsonObject
from workbench.core.schema import check_schema
from workbench.executors.http_request import HttpAuth, outgoing
from workbench.store.executor_row import HttpRow
from workbench.store.project import load_project

PET: JsonObject = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "name": {"type": "string", "nullable": True, "example": "Rex"},
        "age": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        "parent": {"$ref": "#/components/schemas/Pet"},
    },
}


def document(paths: object, **others: object) -> dict[str, Any]:
    return {
        "openapi": "3.0.3",
        "info": {"title": "Pet Store", "version": "1"},
        "servers": [{"url": "https://{place}.example/v1", "variables": {"place": {"default": "pets"}}}],
        "paths": paths,
        **others,
    }


def read(document: object) -> Found:
    return recognize(json.dumps(document))


def one(paths: object, **others: object) -> FoundTool:
    [found] = read(document(paths, **others)).items
    return found


def sent(found: FoundTool, **arguments: Any) -> tuple[str, str, bytes]:
    """What a call sends, by the row that was imported."""
    assert found.runs is not None
    request = outgoing(endpoint_of(HttpRow.model_validate(dict(found.runs))), arguments)
    return request.method, request.url, request.content


def parameters(*rows: object) -> dict[str, Any]:
    return {"/pets/{petId}": {"get": {"operationId": "showPet", "parameters": list(rows)}}}


ID = {"name": "petId", "in": "path", "required": True, "schema": {"type": "integer"}}


def test_path_query_and_header_go_where_they_belong() -> None:
    tags = {"type": "array", "items": {"type": "string"}}
    found = one(
        parameters(
            ID,
            {"name": "$top", "in": "query", "schema": {"type": "integer"}},
            {"name": "tags", "in": "query", "explode": False, "schema": tags},
            {"name": "ids", "in": "query", "schema": tags},
            {"name": "expand", "in": "query", "style": "deepObject", "schema": tags},
            {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
            {"name": "Accept", "in": "header", "schema": {"type": "string"}},
        )
    )
    assert found.identity == "showPet GET /pets/{petId}"
    assert list(found.tool.input_schema["properties"]) == ["petId", "top", "tags", "ids", "expand", "X-Trace"]  # type: ignore[call-overload]
    assert found.tool.input_schema["required"] == ["petId"]
    assert found.tool.annotations == {"readOnlyHint": True}
    url = "https://pets.example/v1/pets/7?%24top=3&tags=a%2Cb&ids=c&ids=d&expand%5B%5D=e"
    assert sent(found, petId=7, top=3, tags=["a", "b"], ids=["c", "d"], expand=["e"]) == ("GET", url, b"")
    request = outgoing(endpoint_of(HttpRow.model_validate(dict(found.runs or {}))), {"petId": 7, "X-Trace": "t"})
    assert (request.url, request.headers) == ("https://pets.example/v1/pets/7", {"X-Trace": "t"})


def test_the_fields_of_a_body_are_arguments_and_old_words_become_new_ones() -> None:
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}
    found = one({"/pets": {"post": {"requestBody": body}}}, components={"schemas": {"Pet": PET}})
    schema = found.tool.input_schema
    assert found.tool.name == "post_pets"
    assert schema["properties"] == {
        "name": {"type": ["string", "null"], "examples": ["Rex"]},
        "age": {"type": "integer", "exclusiveMinimum": 0},
        "parent": {"$ref": "#/$defs/Pet"},
    }
    assert schema["required"] == ["name"]
    check_schema(schema)
    assert sent(found, name="Rex") == ("POST", "https://pets.example/v1/pets", b'{"name":"Rex"}')


def test_a_body_that_is_more_than_fields_stays_one_argument() -> None:
    for inner in (
        {"type": "array", "items": {"type": "string"}},
        {"oneOf": [{"type": "object"}, {"type": "null"}]},
        True,
    ):
        body = {"required": True, "content": {"application/json": {"schema": inner}}}
        found = one({"/tags": {"put": {"requestBody": body}}})
        assert found.tool.input_schema["required"] == ["body"]
        assert sent(found, body=["a"]) == ("PUT", "https://pets.example/v1/tags", b'["a"]')


def test_a_body_without_fields_is_none_and_a_rounded_bound_is_a_number() -> None:
    empty = {"type": "object", "properties": {}, "additionalProperties": False}
    form = {"content": {"application/x-www-form-urlencoded": {"schema": empty}}}
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 18446744073709552000}}
    found = one({"/x": {"get": {"requestBody": form, "parameters": [limit]}}})
    assert found.tool.input_schema["properties"] == {"limit": {"type": "integer", "maximum": 1.8446744073709552e19}}
    assert sent(found, limit=3)[1] == "https://pets.example/v1/x?limit=3"


def test_a_field_with_the_name_of_a_parameter_gets_another_one() -> None:
    body = {"required": True, "content": {"application/json": {"schema": {"properties": {"petId": {}, "x": {}}}}}}
    found = one({"/pets/{petId}": {"parameters": [ID], "patch": {"requestBody": body}}})
    assert sent(found, petId=1, petId_body=2, x=3)[1:] == ("https://pets.example/v1/pets/1", b'{"petId":2,"x":3}')


def test_all_of_is_merged_only_where_no_two_parts_name_the_same() -> None:
    parts = [{"properties": {"a": {"type": "string"}}, "required": ["a"]}, {"properties": {"b": {"type": "string"}}}]
    for more, names in (([], ["a", "b"]), ([{"properties": {"a": {"type": "integer"}}}], ["body"])):
        body = {"required": True, "content": {"application/json": {"schema": {"allOf": [*parts, *more]}}}}
        found = one({"/x": {"post": {"requestBody": body}}})
        assert list(found.tool.input_schema["properties"]) == names  # type: ignore[call-overload]


def test_swagger_2_is_read_in_the_same_way() -> None:
    found = read(
        {
            "swagger": "2.0",
            "info": {"title": "Shop"},
            "host": "shop.example",
            "basePath": "/v1",
            "schemes": ["http", "https"],
            "securityDefinitions": {"login": {"type": "basic"}},
            "security": [{"login": []}],
            "definitions": {"Order": {"type": "object", "properties": {"item": {"type": "string"}}}},
            "paths": {
                "/orders": {
                    "get": {
                        "operationId": "orders/list",
                        "parameters": [
                            {"name": "status", "in": "query", "type": "array", "items": {"type": "string"}},
                            {"name": "ids", "in": "query", "type": "array", "collectionFormat": "multi", "items": {}},
                        ],
                    },
                    "post": {
                        "parameters": [
                            {"name": "order", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Order"}}
                        ]
                    },
                    "put": {"parameters": [{"name": "count", "in": "formData", "type": "integer", "required": True}]},
                    "patch": {"parameters": [{"name": "file", "in": "formData", "type": "file"}]},
                }
            },
        }
    )
    listing, post, put, patch = found.items
    assert (found.shape, listing.tool.name) == ("Swagger 2.0", "orders_list")
    assert listing.runs is not None
    assert listing.runs["auth"] == {"key": "SHOP_LOGIN", "scheme": "Basic"}
    assert sent(listing, status=["a", "b"], ids=[1, 2])[1] == "https://shop.example/v1/orders?status=a%2Cb&ids=1&ids=2"
    assert sent(post, item="pen") == ("POST", "https://shop.example/v1/orders", b'{"item":"pen"}')
    assert sent(put, count=3)[2] == b"count=3"
    assert (patch.runs, patch.notes) == (None, ("calls wait for a result from you: its body is multipart/form-data",))


@pytest.mark.parametrize(
    ("scheme", "auth", "note"),
    [
        (
            {"type": "apiKey", "in": "header", "name": "X-Key"},
            {"key": "PET_STORE_KEY", "header": "X-Key", "scheme": ""},
            "",
        ),
        ({"type": "http", "scheme": "bearer"}, {"key": "PET_STORE_KEY"}, ""),
        ({"type": "http", "scheme": "Basic"}, {"key": "PET_STORE_KEY", "scheme": "Basic"}, ""),
        ({"type": "oauth2", "flows": {}}, {"key": "PET_STORE_KEY"}, ""),
        ({"type": "apiKey", "in": "query", "name": "k"}, {"key": "PET_STORE_KEY", "query": "k"}, ""),
        ({"type": "apiKey", "in": "cookie", "name": "sid"}, {"key": "PET_STORE_KEY", "cookie": "sid"}, ""),
        ({"type": "http", "scheme": "digest"}, None, "digest"),
    ],
)
def test_a_security_scheme_is_a_named_secret(scheme: object, auth: object, note: str) -> None:
    found = one(parameters(ID), components={"securitySchemes": {"key": scheme}}, security=[{"key": []}])
    assert found.runs is not None
    assert found.runs.get("auth") == auth
    assert note in " ".join(found.notes)
    whole = read(document(parameters(ID), components={"securitySchemes": {"key": scheme}}, security=[{"key": []}]))
    assert any("give PET_STORE_KEY in the settings" in each for each in whole.notes) == (auth is not None)
    assert list(found.tool.input_schema["properties"]) == ["petId"]  # type: ignore[call-overload]


SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "app": {"type": "apiKey", "in": "query", "name": "app_id"},
    "login": {"type": "http", "scheme": "bearer"},
    "other": {"type": "oauth2", "flows": {}},
    "digest": {"type": "http", "scheme": "digest"},
}


def test_two_keys_that_are_needed_at_once_are_both_sent(tmp_path: Path) -> None:
    ways = [{"login": [], "other": []}, {"key": [], "digest": []}, {"key": [], "app": []}]
    found = read(document(parameters(ID), components={"securitySchemes": SCHEMES}, security=ways))
    [tool] = found.items
    assert tool.runs is not None
    assert tool.runs["auth"] == {"key": "PET_STORE_KEY", "header": "X-Key", "scheme": ""}
    assert tool.runs["more_keys"] == [{"key": "PET_STORE_APP", "query": "app_id"}]
    assert any("give PET_STORE_KEY, PET_STORE_APP in the settings" in note for note in found.notes)
    assert not tool.notes
    folder = make_project(tmp_path / "project")
    carry_out(folder, plan_import(folder, found).tools)
    project = load_project(folder)
    assert project.errors == ()
    row = project.file.executors[tool.tool.name]
    assert isinstance(row, HttpRow)
    assert endpoint_of(row).keys == (HttpAuth("PET_STORE_KEY", "X-Key", ""), HttpAuth("PET_STORE_APP", query="app_id"))
    assert any(
        "with the key PET_STORE_APP as app_id in the query" in text for text in trust_report(project, ()).addresses
    )


def test_two_flows_of_oauth_are_one_token() -> None:
    flows = {name: {"type": "oauth2", "flows": {}} for name in ("Oauth2", "Oauth2c")}
    found = one(parameters(ID), components={"securitySchemes": flows}, security=[{name: [] for name in flows}])
    assert found.runs is not None
    assert found.runs["auth"] == {"key": "PET_STORE_OAUTH2"}
    assert "more_keys" not in found.runs


def test_two_keys_for_one_place_are_said_not_to_be_sent() -> None:
    ways = [{"login": [], "other": []}]
    found = one(parameters(ID), components={"securitySchemes": SCHEMES}, security=ways)
    assert found.runs is not None
    assert "auth" not in found.runs
    assert "login and other: both would be sent in the same place" in " ".join(found.notes)


def test_a_key_that_is_the_header_of_all_cookies_is_said_not_to_be_sent() -> None:
    schemes = {"jar": {"type": "apiKey", "in": "header", "name": "Cookie"}}
    found = one(parameters(ID), components={"securitySchemes": schemes}, security=[{"jar": []}])
    assert found.runs is not None
    assert "auth" not in found.runs
    assert "jar: a header of cookies" in " ".join(found.notes)


def test_a_key_that_is_listed_as_a_parameter_too_is_no_argument() -> None:
    listed = {"name": "k", "in": "query", "required": True, "schema": {"type": "string"}}
    schemes = {"key": {"type": "apiKey", "in": "query", "name": "k"}}
    found = one(parameters(ID, listed), components={"securitySchemes": schemes}, security=[{"key": []}])
    assert found.tool.input_schema["required"] == ["petId"]


def test_the_answer_of_an_operation_is_the_schema_of_the_result() -> None:
    pet = {
        "type": "object",
        "properties": {
            "id": {"type": "integer", "readOnly": True},
            "pin": {"type": "string", "writeOnly": True},
            "parent": {"$ref": "#/components/schemas/Pet"},
        },
        "required": ["id", "pin"],
    }
    answers = {
        "404": {"description": "none"},
        "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
    }
    paths = parameters(ID)
    paths["/pets/{petId}"]["get"]["responses"] = answers
    found = read(document(paths, components={"schemas": {"Pet": pet}}))
    schema = found.tools[0].output_schema
    assert schema is not None
    assert (schema["type"], schema["required"]) == ("object", ["id"])
    assert list(schema["properties"]) == ["id", "parent"]  # type: ignore[call-overload]
    assert check_schema(schema) == ()
    assert found.notes == ("recursive schemas stay references: Pet → Pet",)


@pytest.mark.parametrize(
    "answers",
    [
        {"204": {"description": "gone"}},
        {"200": {"content": {"text/csv": {"schema": {"type": "string"}}}}},
        {"200": {"$ref": "#/components/responses/None"}},
        {"200": 3},
        [],
    ],
)
def test_an_answer_that_is_no_json_says_nothing_of_the_result(answers: object) -> None:
    paths = parameters(ID)
    paths["/pets/{petId}"]["get"]["responses"] = answers
    assert one(paths).tool.output_schema is None


def test_a_schema_of_a_result_that_nobody_could_read_is_left_out() -> None:
    fields = {f"field_{number}": {"type": "string", "description": "words " * 20} for number in range(1_000)}
    paths = parameters(ID)
    schema = {"type": "object", "properties": fields}
    paths["/pets/{petId}"]["get"]["responses"] = {"200": {"content": {"application/json": {"schema": schema}}}}
    found = one(paths)
    assert found.tool.output_schema is None
    assert "the schema of its result is left out" in found.notes[0]


@pytest.mark.parametrize(
    ("url", "is_inside"),
    [
        ("http://169.254.169.254/latest", True),
        ("http://localhost:8080", True),
        ("http://10.0.0.7/api", True),
        ("http://[::1]/", True),
        ("http://intranet/api", True),
        ("https://api.example/v1", False),
        ("https://8.8.8.8/v1", False),
    ],
)
def test_an_address_of_this_machine_or_a_private_network_is_said(url: str, is_inside: bool) -> None:
    found = one(parameters(ID), servers=[{"url": url}])
    assert any("private network" in note for note in found.notes) is is_inside
    assert any("private network" in note for note in recognize(f"curl {url}").items[0].notes) is is_inside


@pytest.mark.parametrize(
    ("paths", "others", "words"),
    [
        (parameters(ID), {"servers": [{"url": "/api"}]}, "the API's host"),
        (parameters(ID), {"servers": []}, "the API's host"),
        (parameters(), {}, "petId, which is not a parameter"),
        (
            parameters(ID, {"name": "f", "in": "query", "required": True, "style": "deepObject", "schema": {}}),
            {},
            "deepObject",
        ),
        (parameters(ID, {"name": "s", "in": "cookie", "required": True, "schema": {}}), {}, "cookie"),
        ({"/x": {"post": {"requestBody": {"content": {"text/csv": {}}}}}}, {}, "its body is text/csv"),
    ],
)
def test_what_cannot_be_called_is_a_tool_that_says_why(paths: object, others: Any, words: str) -> None:
    found = one(paths, **others)
    assert found.runs is None
    assert words in " ".join(found.notes)


def test_names_are_the_same_each_time_and_short_enough_for_every_vendor() -> None:
    long = "x" * 300
    ids = ["users/list", "users_list", long, f"{long}y", "查询" * 150, "查询" * 149 + "x", "", "", "list-All.items"]
    paths = {f"/p{n}/{{id}}": {"get": {"operationId": name} if name else {}} for n, name in enumerate(ids)}
    names = [one.tool.name for one in read(document(paths)).items]
    assert names == [one.tool.name for one in read(document(paths)).items]
    assert len({name.casefold() for name in names}) == len(ids)
    assert names[0] == "users_list"
    assert names[6:] == ["get_p6_by_id", "get_p7_by_id", "list-All_items"]
    assert all(1 <= len(name) <= 64 and name.isascii() for name in names)
    more = {**paths, "/new": {"get": {"operationId": "other"}}}
    assert [one.tool.name for one in read(document(more)).items][:-1] == names


def cyclic(kind: str) -> JsonObject:
    """A corpus of schemas, each recursive in one way."""
    ref: JsonObject = {"$ref": "#/components/schemas/A"}
    other: JsonObject = {"$ref": "#/components/schemas/B"}
    return {
        "direct": {"A": {"type": "object", "properties": {"a": ref}}},
        "items": {"A": {"type": "array", "items": ref}},
        "two": {"A": {"properties": {"b": other}}, "B": {"anyOf": [ref, {"type": "null"}]}},
        "only references": {"A": other, "B": ref},
        "itself alone": {"A": ref},
        "allOf": {"A": {"allOf": [ref, {"properties": {"x": {}}}]}},
        "allOf of two": {"A": {"allOf": [other]}, "B": {"allOf": [ref]}},
        "values": {"A": {"type": "object", "additionalProperties": ref}},
        "diamond": {"A": {"properties": {"l": other, "r": other}}, "B": {"type": "string"}},
    }[kind]  # type: ignore[return-value]


CYCLES = {"diamond": False}


@pytest.mark.parametrize(
    "kind",
    ["direct", "items", "two", "only references", "itself alone", "allOf", "allOf of two", "values", "diamond"],
)
def test_circles_are_reported_and_never_followed(kind: str) -> None:
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
    found = read(document({"/x": {"post": {"requestBody": body}}}, components={"schemas": cyclic(kind)}))
    [tool] = found.items
    json.dumps(tool.tool.document)
    is_circle = any("recursive" in note for note in found.notes)
    assert is_circle is CYCLES.get(kind, True)


def test_nothing_outside_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text('{"type": "string", "description": "secret"}')
    rows = [
        {"name": "a", "in": "query", "schema": {"$ref": (tmp_path / "secret.json").as_uri()}},
        {"name": "b", "in": "query", "schema": {"$ref": "https://elsewhere.example/s.json#/x"}},
        {"name": "c", "in": "query", "schema": {"$ref": "#/components/schemas/Gone"}},
    ]
    found = read(document(parameters(ID, *rows)))
    assert found.items[0].tool.input_schema["properties"] == {
        "petId": {"type": "integer"},
        "a": True,
        "b": True,
        "c": True,
    }
    assert "which are not read" in found.notes[0]
    assert "#/components/schemas/Gone" in found.notes[1]


ODD = st.sampled_from([None, True, 1, 1.5, "x", [], {}, [None], {"$ref": "#"}, {"$ref": "#/paths"}, "https://a/{b}"])


@given(st.data())
def test_any_odd_document_is_read_or_refused(data: st.DataObject) -> None:
    body = {"content": {"application/json": {"schema": {"allOf": [{"$ref": "#/components/schemas/Pet"}]}}}}
    seed: Any = data.draw(
        st.sampled_from(
            [
                document(parameters(ID), components={"schemas": {"Pet": PET}}, security=[{"key": []}]),
                document({"/x": {"post": {"requestBody": body}}}, components={"schemas": {"Pet": PET}}),
                POSTMAN,
                BRUNO,
                json.loads(har(entry("POST", "https://s.example/a", postData={"mimeType": "x", "text": "{}"}))),
            ]
        )
    )

    def bent(value: Any) -> Any:
        if data.draw(st.integers(0, 24)) == 0:
            return data.draw(ODD)
        if isinstance(value, dict):
            return {key: bent(one) for key, one in value.items()}
        return [bent(one) for one in value] if isinstance(value, list) else value

    found = recognize(json.dumps(bent(seed)))
    assert found.items or found.obstacle


def test_1200_operations_that_share_schemas_are_read() -> None:
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}
    schemas = {
        f"S{n}": {"properties": {"next": {"$ref": f"#/components/schemas/S{(n + 1) % 300}"}}} for n in range(300)
    }
    paths = {f"/p{n}": {"post": {"requestBody": body}} for n in range(1_200)}
    found = read(document(paths, components={"schemas": schemas}))
    assert len(found.items) == 1_200
    assert found.notes == ("recursive schemas stay references: S0 → S1 → S2 → … → S299 → S0",)
    assert len(found.items[-1].tool.input_schema["$defs"]) == 300  # type: ignore[arg-type]
