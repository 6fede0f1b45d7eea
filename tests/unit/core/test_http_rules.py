"""What is read of HTTP's own words about failures."""

from datetime import UTC, datetime

import pytest

from workbench.core.errors import FailureKind, ProviderFailure
from workbench.core.failure_advice import advice_for
from workbench.core.http_rules import kind_of_status, retry_after_s, status_words, wait_words

NOW = datetime(2026, 10, 21, 7, 28, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": " 7 "}, 7.0),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:29:40 GMT"}, 100.0),
        ({"retry-after": "Wednesday, 21-Oct-26 07:29:40 GMT"}, 100.0),
        ({"retry-after": "Wed Oct 21 07:29:40 2026"}, 100.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:00:00 GMT"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:29:40 GMT", "date": "Wed, 21 Oct 2026 07:29:00 GMT"}, 40.0),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "99 Foo 99999 99:99:99"}, None),
        ({}, None),
    ],
)
def test_the_wait_a_server_asks_for_is_read_as_seconds_or_as_a_date(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after_s(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.25, "0.25 s"),
        (4.0, "4 s"),
        (9.99, "10 s"),
        (39.2, "40 s"),
        (100, "1 min 40 s"),
        (18_000, "5 h 0 min"),
        (864_000, "10 days"),
    ],
)
def test_a_wait_is_said_as_people_say_it(seconds: float, words: str) -> None:
    assert wait_words(seconds) == words


def test_a_status_is_named_where_it_has_a_name() -> None:
    assert (status_words(404), status_words(529)) == ("404 Not Found", "529")
    assert [kind_of_status(status) for status in (399, 418, 599)] == ["malformed", "invalid_request", "server"]


@pytest.mark.parametrize("kind", FailureKind.__args__)  # type: ignore[attr-defined]
@pytest.mark.parametrize("has_partial", [False, True])
@pytest.mark.parametrize("status", [None, 200, 405, 407, 413, 500, 501, 511])
def test_every_failure_has_advice(kind: FailureKind, has_partial: bool, status: int | None) -> None:
    advice = advice_for(ProviderFailure("m", kind=kind, has_partial=has_partial, status=status))
    assert advice.endswith(".")
    if has_partial and not status:
        assert "network" not in advice


@pytest.mark.parametrize("kind", ["invalid_request", "refused", "authentication"])
def test_nobody_is_told_to_repeat_what_would_be_refused_again(kind: FailureKind) -> None:
    assert "again" not in advice_for(ProviderFailure("m", kind=kind, retry_after_s=5.0))


def test_a_wait_that_the_server_asks_for_is_told() -> None:
    assert "1 min 40 s" in advice_for(ProviderFailure("m", kind="rate_limit", retry_after_s=100.0))
