import httpx2
import pytest

from workbench.core.errors import ProviderFailure
from workbench.providers.account import Account
from workbench.providers.anthropic.failures import kind_of as anthropic_kind
from workbench.providers.api_key import ApiKey
from workbench.providers.openai_chat.failures import kind_of as openai_kind
from workbench.providers.sse import SseEvent
from workbench.providers.transport import TransportErrors
from workbench.providers.wire_failure import (
    ErrorDetail,
    KindOf,
    body_error,
    error_detail,
    event_document,
    failure_of_exception,
    failure_of_status,
)

ERRORS = TransportErrors(
    status=type("APIStatusError", (Exception,), {}),
    timeout=type("APITimeoutError", (Exception,), {}),
    other=type("APIError", (Exception,), {}),
)


def caused_by(cause: Exception) -> Exception:
    error = ERRORS.other("Connection error.")
    error.__cause__ = cause
    assert isinstance(error, Exception)
    return error


def of_exception(error: Exception, *, has_begun: bool) -> ProviderFailure:
    failure = failure_of_exception(error, ERRORS, openai_kind, has_begun=has_begun)
    assert failure is not None
    return failure


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "a", "type": "t", "code": "c", "param": "p"}}, "a"),
        ({"error": "a"}, "a"),
        ({"message": "a"}, "a"),
        ({"detail": "a"}, "a"),
        ({"detail": [{"loc": ["body"]}]}, '[{"loc":["body"]}]'),
        ("a", "a"),
        ([], ""),
        ({}, ""),
        ({"error": {"message": None, "code": 429}}, ""),
    ],
)
def test_an_error_is_found_wherever_a_server_puts_it(body: object, message: str) -> None:
    assert error_detail(body).message == message  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("insufficient_quota", "quota"),
        ("rate_limit_exceeded", "rate_limit"),
        ("server_error", "server"),
        ("invalid_prompt", "invalid_request"),
        ("misalignment_policy_violation", "refused"),
        ("model_not_found", "not_found"),
        ("something_new", None),
    ],
)
def test_openais_codes_have_their_kinds(code: str, kind: str | None) -> None:
    assert openai_kind(ErrorDetail(code=code)) == kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("overloaded_error", "overloaded"),
        ("billing_error", "quota"),
        ("permission_error", "permission"),
        ("api_error", "server"),
        ("invalid_request_error", None),
        ("something_new", None),
    ],
)
def test_anthropics_types_have_their_kinds(word: str, kind: str | None) -> None:
    assert anthropic_kind(ErrorDetail(type=word)) == kind


def test_an_account_without_money_is_told_from_a_wrong_request() -> None:
    said = "Your credit balance is too low to access the API."
    assert anthropic_kind(ErrorDetail(type="invalid_request_error", message=said)) == "quota"


@pytest.mark.parametrize("kind_of", [openai_kind, anthropic_kind])
@pytest.mark.parametrize(
    "word", ["", "server_error", "overloaded_error", "api_error", "invalid_request_error", "tokens"]
)
@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "invalid_request"), (408, "timeout"), (425, "server"), (500, "server"), (503, "overloaded")],
)
def test_a_status_has_one_kind_whatever_general_word_comes_with_it(
    kind_of: KindOf, word: str, status: int, kind: str
) -> None:
    if word == "tokens" and kind_of is openai_kind:
        kind = "rate_limit"  # a finer word than any status but 429
    answer = httpx2.Response(status, json={"error": {"message": "m", "type": word}})
    assert failure_of_status(answer, kind_of).kind == kind


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_without_what_its_address_may_keep_secret(status: int) -> None:
    answer = httpx2.Response(status, headers={"location": "https://user:pass@other.example/v1/chat?key=secret"})
    failure = failure_of_status(answer, openai_kind)
    assert "https://other.example/v1/chat" in failure.message
    assert "secret" not in failure.message + failure.hint
    assert "pass" not in failure.message + failure.hint
    assert (failure.kind, failure.status) == ("malformed", status)


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (b'[{"error": {"code": 400, "message": "No signature"}}]', "application/json", "No signature"),
        (b"Internal Server Error: CUDA out of memory", "text/plain", "CUDA out of memory"),
        (b"<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>", "text/html", "Bad Gateway"),
        (b'data: {"error": {"message": "no such model"}}\n\n', "text/event-stream", "no such model"),
        (b'{"status": 400, "path": "/v1"}', "application/json", '"path":"/v1"'),
    ],
)  # fmt: skip
def test_the_servers_own_words_are_in_the_message_whatever_the_body(body: bytes, content_type: str, words: str) -> None:
    answer = httpx2.Response(500, content=body, headers={"content-type": content_type})
    assert words in failure_of_status(answer, openai_kind).message


def test_without_words_the_status_is_named() -> None:
    assert failure_of_status(httpx2.Response(502), openai_kind).message.endswith("status 502 Bad Gateway")


@pytest.mark.parametrize(
    ("event", "words", "kind"),
    [
        (SseEvent("", b'{"object": "error", "message": "too long", "code": 400}'), "too long", "invalid_request"),
        (SseEvent("", b'{"error": "too long"}'), "too long", "server"),
        (SseEvent("", b'{"detail": "too long"}'), "too long", "server"),
        (SseEvent("", b'{"detail": [{"loc": ["body", "x"], "msg": "too long"}]}'), "body.x: too long", "server"),
        (SseEvent("", b'{"errors": [{"message": "too long"}]}'), "too long", "server"),
        (SseEvent("", b'{"type": "BadRequestError", "message": "too long", "code": 404}'), "too long", "not_found"),
        (SseEvent("", b'[{"error": {"code": 429, "message": "too long"}}]'), "too long", "rate_limit"),
        (SseEvent("error", b"too long"), "too long", "server"),
        (SseEvent("error", b'"too long"'), "too long", "server"),
        (SseEvent("error", b'{"message": "too long"}'), "too long", "server"),
        (SseEvent("", b"upstream died: too long"), "too long", "malformed"),
        (SseEvent("", b"[1]"), "[1]", "malformed"),
        (SseEvent("", b"{"), "{", "malformed"),
        (SseEvent("", b"\xff" * 40), "40 bytes", "malformed"),
        (SseEvent("", b"[" * 100_000), "[[[", "malformed"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind_of", [openai_kind, anthropic_kind])
def test_an_error_in_a_stream_is_known_by_whatever_it_says(
    event: SseEvent, words: str, kind: str, kind_of: KindOf
) -> None:
    with pytest.raises(ProviderFailure) as caught:
        event_document(event, kind_of)
    assert words in caught.value.message
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    "data",
    [
        b'{"choices": [], "usage": {}}',
        b'{"choices": [{"delta": {}}], "message": "x"}',
        b'{"type": "ping"}',
        b'{"type": "response.failed", "response": {"error": {"message": "x"}}}',
        b'{"type": "response.created", "error": null}',
        b'{"type": "message_start", "message": {"role": "assistant"}}',
        b'{"message": {"role": "assistant", "content": "x"}}',
        b"{}",
    ],
)
def test_an_event_of_an_answer_is_no_error(data: bytes) -> None:
    assert isinstance(event_document(SseEvent("message", data), openai_kind), dict)


def test_a_whole_body_can_be_an_error() -> None:
    failure = body_error(b'[{"error": {"code": 404, "message": "no such model"}}]', anthropic_kind)
    assert failure is not None
    assert (failure.kind, "no such model" in failure.message) == ("not_found", True)
    assert body_error(b'{"choices": [{"message": {"content": "hi"}}]}', openai_kind) is None
    assert body_error(b"not json", openai_kind) is None


def test_a_quota_behind_a_429_is_not_a_rate_limit() -> None:
    answer = httpx2.Response(429, json={"error": {"message": "m", "code": "insufficient_quota"}})
    assert failure_of_status(answer, openai_kind).kind == "quota"


def test_the_parameter_the_provider_objects_to_is_named() -> None:
    answer = httpx2.Response(400, json={"error": {"message": "m", "param": "reasoning_effort"}})
    assert "'reasoning_effort'" in failure_of_status(answer, openai_kind).hint


@pytest.mark.parametrize(
    ("error", "has_begun", "kind"),
    [
        (httpx2.ReadTimeout("x"), True, "timeout"),
        (httpx2.ConnectTimeout("x"), False, "timeout"),
        (TimeoutError(), False, "timeout"),
        (ERRORS.timeout(), False, "timeout"),
        (httpx2.RemoteProtocolError("x"), True, "cut_off"),
        (httpx2.RemoteProtocolError("x"), False, "connection"),
        (httpx2.RemoteProtocolError("Nothing came."), False, "connection"),
        (ConnectionResetError(), True, "cut_off"),
        (httpx2.UnsupportedProtocol("x"), False, "connection"),
        (RuntimeError("the client was closed"), False, "connection"),
        (httpx2.DecodingError("incorrect header check"), True, "malformed"),
        (caused_by(httpx2.DecodingError("incorrect header check")), False, "malformed"),
        (caused_by(httpx2.TooManyRedirects("20")), False, "malformed"),
        (caused_by(ProviderFailure("m", kind="quota")), False, "quota"),
        (AssertionError(), True, "malformed"),
        (ValueError("x"), True, "malformed"),
    ],
)
def test_what_libraries_raise_becomes_one_kind_of_failure(error: Exception, has_begun: bool, kind: str) -> None:
    found = of_exception(error, has_begun=has_begun)
    assert found.kind == kind
    assert ".." not in found.message


def test_a_bug_of_ours_is_not_blamed_on_the_provider() -> None:
    assert failure_of_exception(TypeError("x"), ERRORS, openai_kind, has_begun=True) is None


def test_the_reason_behind_an_sdks_exception_is_told() -> None:
    error = RuntimeError("Connection error.")
    error.__cause__ = httpx2.ConnectError("All connection attempts failed")
    assert "All connection attempts failed" in of_exception(error, has_begun=False).message


def test_a_failure_is_presented_with_the_vendors_name_and_advice_and_without_the_key() -> None:
    key = ApiKey("sk-canary-0123456789-WXYZ")
    found = ProviderFailure(
        "The provider answered with status 401: sk-canary-0123456789-WXYZ",
        kind="authentication",
        status=401,
        retry_after_s=3.0,
        partial_text="sk-canary-0123456789-WXYZ",
    )
    shown = Account("OpenAI", "OPENAI_API_KEY").present(found, key)
    assert shown.message == "OpenAI answered with status 401: [key …WXYZ]"
    assert shown.hint == "The key used ends in …WXYZ. Check OPENAI_API_KEY, or enter the key again in the settings."
    assert (shown.status, shown.retry_after_s, shown.has_partial) == (401, 3.0, True)
    assert "0123456789" not in shown.partial_text


def test_a_message_of_any_length_is_shown_in_part() -> None:
    shown = Account("OpenAI", "K").present(ProviderFailure("x" * 10_000, kind="server"), ApiKey(""))
    assert len(shown.message) == 2_001
