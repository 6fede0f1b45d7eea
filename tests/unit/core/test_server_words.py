"""What is read of an error, no matter where a server puts its words."""

from typing import Any

import pytest

from workbench.core.server_words import error_object, words_of_body, words_of_json


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"error": {"message": "a"}}, "a"),
        ([{"error": {"message": "a"}}], "a"),
        ([[{"error": {"message": "a"}}]], "a"),
        ({"error": '{"error": {"message": "a"}}'}, "a"),
        ({"error": "a"}, "a"),
        ({"error": "Bad Request", "message": "no such model", "statusCode": 400}, "Bad Request: no such model"),
        ({"error": "invalid_token", "error_description": "It has expired."}, "invalid_token: It has expired."),
        ({"title": "Wrong.", "detail": "x is missing"}, "Wrong. x is missing"),
        ({"detail": [{"loc": ["body", "n"], "msg": "a"}, {"loc": ["body", "m"], "msg": "b"}]}, "body.n: a; body.m: b"),
        ({"success": False, "errors": [{"code": 7003, "message": "a"}, {"message": "b"}]}, "a; b"),
        ({"object": "error", "message": {"detail": [{"msg": "a"}]}}, "a"),
        ({"error": {"message": "a", "innererror": {"message": "b", "code": "x"}}}, "a: b"),
        ({"message": "a", "details": [{"fieldViolations": [{"field": "f", "description": "b"}]}]}, "a: f: b"),
        (
            {"error": {"message": "It failed", "metadata": {"raw": '{"message":"a"}', "provider_name": "P"}}},
            "It failed: P: a",
        ),
        ({"error": {"message": "e", "metadata": {"raw": "<html><b>a</b></html>"}}}, "e: a"),
        ({"error": {"message": "e", "metadata": {"raw": {"x": 1}}}}, 'e: {"x":1}'),
        ({"error": {"message": "e", "metadata": {"reasons": ["a", "b"]}}}, "e: a; b"),
        ({"Message": "a", "__type": "ValidationException"}, "a"),
        ({"error": {"message": None, "code": 429}}, ""),
        ("a", "a"),
        ([], ""),
        (7, ""),
        (None, ""),
    ],
)  # fmt: skip
def test_the_words_are_found_and_said_once(document: Any, words: str) -> None:
    assert words_of_json(document) == words


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (b"  out of memory\n", "", "out of memory"),
        ("größer".encode("latin-1"), "text/plain; charset=ISO-8859-1", "größer"),
        (b"x", "text/plain; charset=no-such-thing", "x"),
        (b"\xef\xbb\xbf{\"message\": \"a\"}", "application/json", "a"),
        (b"data: {\"error\": \"a\"}\n\ndata: [DONE]\n\n", "", "a"),
        (b"<title>502</title><h1>502</h1><script>x = 1 < 2</script>a &amp; b <!-- > --> c", "text/html", "502 a & b c"),
        (b"<?xml version=\"1.0\"?><Error><Code>Slow</Code><Message>Down</Message></Error>", "", "Slow Down"),
        (b"<html>" + b"<script>" * 50_000, "text/html", ""),
        (b"if a < b then <tell>", "", "if a < b then <tell>"),
        (b"\xff\xfe" * 50, "image/png", "[image/png, 100 bytes]"),
        (b"", "text/html", ""),
    ],
)  # fmt: skip
def test_the_words_of_any_body_are_found(body: bytes, content_type: str, words: str) -> None:
    assert words_of_body(body, content_type) == words


def test_hostile_bodies_are_read_to_their_end() -> None:
    for body in (b"<" * 250_000, b"<!--" * 60_000, b"[" * 250_000, b'{"error":' * 25_000, b"<script>" * 30_000):
        assert isinstance(words_of_body(body, "text/html"), str)


def test_the_error_itself_is_found_under_whatever_is_around_it() -> None:
    inner = {"code": "x", "message": "a"}
    for document in (inner, {"error": inner}, [{"error": inner}], {"errors": [inner]}, {"error": '{"code":"x"}'}):
        assert error_object(document)["code"] == "x"  # type: ignore[arg-type]
    assert error_object("a") == error_object([]) == {}
