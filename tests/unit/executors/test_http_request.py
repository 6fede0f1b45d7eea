"""The request that a call makes of an endpoint."""

import pytest

from workbench.core.errors import ToolError
from workbench.core.json_text import JsonObject
from workbench.executors.http_request import HttpEndpoint, outgoing

BASE = "https://a.example"


def url(template: str, arguments: JsonObject, **fields: object) -> str:
    return outgoing(HttpEndpoint(url=BASE + template, **fields), arguments).url.removeprefix(BASE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("template", "arguments", "sent"),
    [
        ("/w/{city}", {"city": "Århus/../x?y#z"}, "/w/%C3%85rhus%2F..%2Fx%3Fy%23z"),
        ("/w/{city}", {"city": "Oslo", "days": 2, "hourly": True}, "/w/Oslo?days=2&hourly=true"),
        ("/w?fixed=1", {"q": "a b&c"}, "/w?fixed=1&q=a+b%26c"),
        ("/w?q={q}", {"q": "a&admin=1"}, "/w?q=a%26admin%3D1"),
        ("/w", {"tags": ["a", "b"], "none": None}, "/w?tags=a&tags=b"),
        ("/w/{n}#part{n}", {"n": 7}, "/w/7"),
        ("/w", {}, "/w"),
    ],
)
def test_arguments_are_encoded_into_the_address(template: str, arguments: JsonObject, sent: str) -> None:
    assert url(template, arguments) == sent


@pytest.mark.parametrize("value", ["..", ".", "", "a\nb", "\x00"])
def test_an_argument_cannot_lead_to_another_path(value: str) -> None:
    with pytest.raises(ToolError) as caught:
        url("/items/{id}", {"id": value})
    assert caught.value.kind == "arguments"


def test_an_argument_that_the_address_needs_has_to_be_there() -> None:
    with pytest.raises(ToolError, match="needs the argument 'id'"):
        url("/items/{id}", {})


def test_a_query_of_its_own_says_what_goes_where_and_leaves_out_what_is_absent() -> None:
    assert url("/w", {"city": "Oslo", "secret": 1}, query={"q": "{city}", "unit": "metric", "d": "{days}"}) == (
        "/w?q=Oslo&unit=metric"
    )


def test_other_methods_send_what_the_address_does_not_name_as_json() -> None:
    sent = outgoing(HttpEndpoint(method="POST", url=f"{BASE}/o/{{id}}"), {"id": 3, "n": None, "t": "ä"})
    assert (sent.url, sent.content, sent.content_type) == (
        f"{BASE}/o/3",
        '{"n":null,"t":"ä"}'.encode(),
        "application/json",
    )


def test_a_body_of_its_own_keeps_the_types_of_the_arguments() -> None:
    body: JsonObject = {"order": {"lines": ["{line}"], "text": "for {who}", "gift": "{gift}"}, "v": 1}
    made = HttpEndpoint(method="POST", url=BASE, body=body, has_body=True)
    sent = outgoing(made, {"line": {"sku": "x", "n": 2}, "who": "Ann {who}"})
    assert sent.content == b'{"order":{"lines":[{"sku":"x","n":2}],"text":"for Ann {who}"},"v":1}'


def test_a_form_is_sent_as_one() -> None:
    sent = outgoing(HttpEndpoint(method="POST", url=BASE, body_as="form"), {"a": "1&2", "b": [1, 2]})
    assert (sent.content, sent.content_type) == (b"a=1%262&b=1&b=2", "application/x-www-form-urlencoded")


def test_post_with_a_query_of_its_own_keeps_the_rest_in_the_body() -> None:
    sent = outgoing(HttpEndpoint(method="POST", url=BASE, query={"dry": "{dry}"}), {"dry": True, "x": 1})
    assert (sent.url, sent.content) == (f"{BASE}?dry=true", b'{"x":1}')


def test_headers_take_arguments_and_lists_are_joined_where_the_template_says_so() -> None:
    endpoint = HttpEndpoint(
        url="https://a.example/{ids,}",
        headers={"X-Trace": "{trace}", "X-Kind": "plain", "X-Tags": "{tags|}"},
        query={"a": "{a,}", "b": "{b}", "c": "{c }"},
    )
    made = outgoing(endpoint, {"ids": [1, 2], "tags": ["x", "y"], "a": ["p", "q"], "b": ["r", "s"], "c": ["t", "u"]})
    assert made.url == "https://a.example/1%2C2?a=p%2Cq&b=r&b=s&c=t+u"
    assert made.headers == {"X-Kind": "plain", "X-Tags": "x|y"}
    with pytest.raises(ToolError, match="X-Trace cannot carry"):
        outgoing(endpoint, {"ids": [1], "trace": "a\r\nEvil: 1"})
