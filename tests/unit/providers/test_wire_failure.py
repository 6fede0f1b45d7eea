from types import SimpleNamespace

import httpx2
import pytest

from workbench.core.errors import ProviderFailure
from workbench.providers.account import Account
from workbench.providers.anthropic.failures import kind_of as anthropic_kind
from workbench.providers.api_key import ApiKey
from workbench.providers.openai_chat.failures import kind_of as openai_kind
from workbench.providers.wire_failure import (
    ErrorDetail,
    error_detail,
    failure_of_exception,
    failure_of_status,
    retry_after_s,
)

SDK = SimpleNamespace(
    APIError=type("APIError", (Exception,), {}),
    APIStatusError=type("APIStatusError", (Exception,), {}),
    APITimeoutError=type("APITimeoutError", (Exception,), {}),
)


def of_exception(error: Exception, *, has_begun: bool) -> ProviderFailure:
    failure = failure_of_exception(error, SDK, openai_kind, has_begun=has_begun)  # type: ignore[arg-type]
    assert failure is not None
    return failure


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({}, None),
    ],
)
def test_the_providers_wish_for_a_pause_is_read_in_seconds(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers) == seconds


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
        ("503", "overloaded"),
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


def test_a_quota_behind_a_429_is_not_a_rate_limit() -> None:
    answer = httpx2.Response(429, json={"error": {"message": "m", "code": "insufficient_quota"}})
    assert failure_of_status(answer, openai_kind).kind == "quota"


def test_the_parameter_the_provider_objects_to_is_named() -> None:
    answer = httpx2.Response(400, json={"error": {"message": "m", "param": "reasoning_effort"}})
    assert "'reasoning_effort'" in failure_of_status(answer, openai_kind).mend


@pytest.mark.parametrize(
    ("error", "has_begun", "kind"),
    [
        (httpx2.ReadTimeout("x"), True, "timeout"),
        (httpx2.ConnectTimeout("x"), False, "timeout"),
        (TimeoutError(), False, "timeout"),
        (SDK.APITimeoutError(), False, "timeout"),
        (httpx2.RemoteProtocolError("x"), True, "cut_off"),
        (httpx2.RemoteProtocolError("x"), False, "connection"),
        (ConnectionResetError(), True, "cut_off"),
        (httpx2.UnsupportedProtocol("x"), False, "connection"),
        (RuntimeError("the client was closed"), False, "connection"),
        (AssertionError(), True, "malformed"),
        (ValueError("x"), True, "malformed"),
    ],
)
def test_what_libraries_raise_becomes_one_kind_of_failure(error: Exception, has_begun: bool, kind: str) -> None:
    assert of_exception(error, has_begun=has_begun).kind == kind


def test_a_bug_of_ours_is_not_blamed_on_the_provider() -> None:
    assert failure_of_exception(TypeError("x"), SDK, openai_kind, has_begun=True) is None  # type: ignore[arg-type]


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
    assert shown.mend == "The key used ends in …WXYZ. Check OPENAI_API_KEY, or enter the key again in the settings."
    assert (shown.status, shown.retry_after_s, shown.has_partial) == (401, 3.0, True)
    assert "0123456789" not in shown.partial_text


def test_a_message_of_any_length_is_shown_in_part() -> None:
    shown = Account("OpenAI", "K").present(ProviderFailure("x" * 10_000, kind="server"), ApiKey(""))
    assert len(shown.message) == 2_001
