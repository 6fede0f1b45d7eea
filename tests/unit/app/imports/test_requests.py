"""Requests that somebody made or wrote down: curl, HAR, Postman, Bruno. Their shape is kept, and no value of them."""

import json
from typing import Any

import pytest

from workbench.app.imports.found import Found, FoundTool
from workbench.app.imports.pasted import recognize
from workbench.app.tools.executors import endpoint_of
from workbench.core.json_text import pretty
from workbench.executors.http_request import outgoing
from workbench.store.executor_row import HttpRow

SECRETS = ("sk-live-1234567890abcdef", "hunter2hunter2", "c2VjcmV0OnNlY3JldA", "Ana")


def one(text: str) -> FoundTool:
    [found] = recognize(text).items
    return found


def sent(found: FoundTool, **arguments: Any) -> tuple[str, str, bytes]:
    request = outgoing(endpoint_of(HttpRow.model_validate(dict(found.runs or {}))), arguments)
    return request.method, request.url, request.content


def names(found: FoundTool) -> list[str]:
    properties = found.tool.input_schema["properties"]
    assert isinstance(properties, dict)
    return list(properties)


def key(header: str, scheme: str) -> dict[str, str]:
    return {"key": "E_EXAMPLE_KEY", "header": header, "scheme": scheme}


CURL = r"""
# create an order
curl -sSL -XPOST 'https://api.example.com/v1/users/42/orders?dry_run=true&api_key=sk-live-1234567890abcdef' \
  -H 'Authorization: Bearer sk-live-1234567890abcdef' \
  -H "Cookie: session=hunter2hunter2" -H $'X-Api-Version: 2' --compressed \
  --data-raw '{"customer": "Ana", "lines": [{"sku": "a", "count": 1}]}' | jq .
"""


def test_a_curl_command_becomes_a_tool_without_its_keys_and_values() -> None:
    found = one(CURL)
    assert (found.tool.name, found.shape) == ("post_users_by_user_id_orders", "curl")
    assert names(found) == ["user_id", "dry_run", "customer", "lines"]
    assert found.runs == {
        "kind": "http",
        "url": "https://api.example.com/v1/users/{user_id}/orders",
        "method": "POST",
        "auth": {"key": "EXAMPLE_COM_KEY"},
        "headers": {"X-Api-Version": "2"},
        "query": {"dry_run": "{dry_run}"},
    }
    assert sent(found, user_id="7", dry_run=False, customer="Bo", lines=[]) == (
        "POST",
        "https://api.example.com/v1/users/7/orders?dry_run=false",
        b'{"customer":"Bo","lines":[]}',
    )
    written = pretty(found.tool.document) + json.dumps(found.runs) + "".join(found.notes)
    assert not any(secret in written for secret in SECRETS)


@pytest.mark.parametrize(
    ("command", "method", "arguments", "row"),
    [
        ("curl example.com/items", "GET", [], {"url": "https://example.com/items"}),
        ("curl -G https://e.example/s -d q=a -d n=2", "GET", ["q", "n"], {}),
        ("curl https://e.example/s -d q=a", "POST", ["q"], {"body_as": "form"}),
        ("curl -X DELETE https://e.example/s/7f3b9c2a1d4e5f60", "DELETE", ["s_id"], {}),
        ("curl -I https://e.example/s", "HEAD", [], {}),
        ("curl -u ana:pw https://e.example/s", "GET", [], {"auth": key("Authorization", "Basic")}),
        ("curl --json '[1]' https://e.example/s", "POST", ["body"], {"body": "{body}"}),
        ("curl https://ana:hunter2hunter2@e.example/s", "GET", [], {"url": "https://e.example/s"}),
        ("curl -H 'x-api-key: 1' https://e.example/s", "GET", [], {"auth": key("x-api-key", "")}),
        ("curl 'https://e.example/s?a=1&a=2'", "GET", ["a"], {}),
        ("curl ^\n  https://e.example/s ^\n  -H 'Accept: text/csv'", "GET", [], {"headers": {"Accept": "text/csv"}}),
    ],
)  # fmt: skip
def test_the_options_of_curl(command: str, method: str, arguments: list[str], row: dict[str, Any]) -> None:
    found = one(command)
    assert found.runs is not None
    assert found.runs.get("method", "GET") == method
    assert names(found) == arguments
    assert row.items() <= found.runs.items()
    HttpRow.model_validate(dict(found.runs))


def test_what_curl_would_read_from_files_is_not_read() -> None:
    for command in ("curl https://e.example/s -d @/etc/passwd", "curl https://e.example/s -F file=@/etc/passwd"):
        found = one(command)
        assert found.runs is None
        assert "calls wait for a result from you" in found.notes[-1]
    assert "no address" in recognize("curl -s").obstacle
    assert "Tools cannot send" in recognize("curl -X PURGE https://e.example").obstacle


def entry(method: str, url: str, **more: Any) -> dict[str, Any]:
    answer = more.pop("answer", "application/json")
    headers = [{"name": "authorization", "value": f"Bearer {SECRETS[0]}"}, {"name": ":path", "value": "/"}]
    return {
        "request": {"method": method, "url": url, "headers": headers, **more},
        "response": {"status": 200, "content": {"mimeType": answer, "text": '{"secret": "Ana"}'}},
    }


def har(*entries: Any) -> str:
    return json.dumps({"log": {"version": "1.2", "creator": {}, "entries": entries}})


def test_a_har_file_gives_one_tool_for_each_call_of_an_api() -> None:
    posted = {"mimeType": "application/json", "text": json.dumps({"name": "Ana", "pin": None})}
    found = recognize(
        har(
            entry("GET", "https://s.example/api/users/1?page=1&sort=a"),
            entry("GET", "https://s.example/api/users/2?page=2"),
            entry("GET", "https://s.example/api/users/2/orders/91"),
            entry("POST", "https://s.example/api/users", postData=posted),
            entry("GET", "https://s.example/app.js", answer="text/javascript"),
            entry("OPTIONS", "https://s.example/api/users"),
        )
    )
    assert found.shape == "HAR"
    assert [tool.name for tool in found.tools] == [
        "get_users_by_user_id",
        "get_users_by_user_id_orders_by_order_id",
        "post_users",
    ]
    assert found.tools[0].input_schema["required"] == ["user_id", "page"]
    assert found.tools[2].input_schema["properties"] == {"name": {"type": "string"}, "pin": {}}
    assert found.notes == ("2 of 6 requests are not API calls and were skipped",)
    assert all((one.runs or {}).get("auth") == {"key": "S_EXAMPLE_KEY"} for one in found.items)
    written = json.dumps([[one.tool.document, one.runs, one.notes] for one in found.items])
    assert not any(secret in written for secret in SECRETS)


def test_a_har_file_that_is_cut_off_or_has_no_calls_says_so() -> None:
    whole = har(entry("GET", "https://s.example/api/users"))
    found = recognize(whole[: len(whole) - 40])
    assert found.items == ()
    assert "cut off" in found.obstacle
    assert "no API to call" in recognize(har(entry("GET", "https://s.example/", answer="text/html"))).obstacle


POSTMAN = {
    "info": {"name": "Shop", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "variable": [{"key": "baseUrl", "value": "https://shop.example/v1"}],
    "auth": {"type": "bearer", "bearer": [{"key": "token", "value": SECRETS[0]}]},
    "item": [
        {
            "name": "Orders",
            "item": [
                {
                    "name": "Get order",
                    "request": {
                        "method": "GET",
                        "url": {"raw": "{{baseUrl}}/orders/:orderId?full=true"},
                        "description": "One order.",
                    },
                },
                {
                    "name": "Create order",
                    "request": {
                        "method": "POST",
                        "url": "{{baseUrl}}/shops/{{shop}}/orders",
                        "header": [{"key": "X-Old", "value": "1", "disabled": True}],
                        "body": {"mode": "raw", "raw": '{"item": "{{item}}", "count": {{count}}}'},
                    },
                },
            ],
        },
        {"name": "Elsewhere", "request": {"method": "GET", "url": "{{unknown}}/x"}},
        {"name": "Upload", "request": {"method": "POST", "url": "{{baseUrl}}/f", "body": {"mode": "file"}}},
    ],
}


def test_a_postman_collection_gives_its_requests() -> None:
    found = recognize(json.dumps(POSTMAN))
    get, post, upload = found.items
    assert found.shape == "Postman"
    assert (get.tool.name, get.tool.description) == ("Get_order", "One order.")
    assert sent(get, orderId="7", full=False)[:2] == ("GET", "https://shop.example/v1/orders/7?full=false")
    assert sent(post, shop="s", item="pen", count=2)[1:] == (
        "https://shop.example/v1/shops/s/orders",
        b'{"item":"pen","count":2}',
    )
    assert get.runs is not None
    assert get.runs["auth"]["key"] == "SHOP_EXAMPLE_KEY"
    assert upload.runs is None
    assert "{{unknown}}, whose value is not in the file" in found.skipped[0][1]
    assert SECRETS[0] not in json.dumps([[one.tool.document, one.runs, one.notes] for one in found.items])


BRU = """meta {
  name: Create order
  type: http
}

post {
  url: https://shop.example/v1/orders
  body: json
  auth: bearer
}

headers {
  X-Api-Key: sk-live-1234567890abcdef
  ~X-Off: 1
}

auth:bearer {
  token: sk-live-1234567890abcdef
}

body:json {
  {
    "item": "pen"
  }
}
"""
BRUNO = {
    "name": "Shop",
    "version": "1",
    "environments": [{"name": "e", "variables": [{"name": "host", "value": "shop.example"}]}],
    "items": [
        {
            "type": "folder",
            "items": [
                {
                    "type": "http-request",
                    "name": "Create order",
                    "request": {
                        "method": "POST",
                        "url": "https://{{host}}/v1/orders",
                        "body": {"mode": "json", "json": '{"item": "pen"}'},
                        "auth": {"mode": "bearer", "bearer": {"token": SECRETS[0]}},
                    },
                }
            ],
        }
    ],
}


@pytest.mark.parametrize("text", [BRU, json.dumps(BRUNO)])
def test_requests_of_bruno(text: str) -> None:
    found = one(text)
    assert (found.tool.name, found.shape) == ("Create_order", "Bruno")
    assert sent(found, item="pen") == ("POST", "https://shop.example/v1/orders", b'{"item":"pen"}')
    assert SECRETS[0] not in json.dumps([found.tool.document, found.runs, found.notes])


def test_the_same_requests_have_the_same_names() -> None:
    def read() -> Found:
        return recognize(json.dumps(POSTMAN))

    assert read() == read()
