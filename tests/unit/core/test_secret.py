"""A secret is found in every spelling, and addresses are shown without the secrets in them."""

import base64
import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.secret import mark_of, secrets_in, shown_address, spellings

SECRET = "sk-canary/0123+456789=WXYZ"


def hidden(text: str, secret: str = SECRET) -> str:
    for spelling in spellings(secret):
        text = text.replace(spelling, "*")
    return text


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"Bearer {SECRET}",
        f"https://user:{SECRET}@host/?key={SECRET}",
        f"?key={quote(SECRET, safe='')}",
        SECRET.encode().hex(),
        SECRET.encode().hex().upper(),
        json.dumps(SECRET),
        json.dumps(SECRET).replace("/", "\\/"),
        f"?next={quote(quote(SECRET, safe=''), safe='')}",
        quote(SECRET, safe="").replace("%2F", "%2f").replace("%2B", "%2b").replace("%3D", "%3d"),
    ],
)
def test_a_secret_is_found_as_other_programs_write_it(text: str) -> None:
    left = hidden(text)
    assert "0123" not in left
    assert SECRET.encode().hex()[8:20] not in left.lower()


@given(before=st.binary(max_size=7), after=st.binary(max_size=7))
def test_a_secret_is_found_in_base64_wherever_it_stands(before: bytes, after: bytes) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        left = hidden(encode(before + SECRET.encode() + after).decode())
        assert "*" in left
        assert len(left) <= len(base64.b64encode(before + after)) + 8


@given(st.text(st.characters(codec="utf-8"), min_size=8, max_size=40))
def test_a_secret_with_quotes_and_backslashes_is_found_in_an_event_within_an_event(secret: str) -> None:
    body = json.dumps({"body_json": json.dumps({"text": f"<{secret}>"}, ensure_ascii=False)}, ensure_ascii=False)
    assert "<*>" in hidden(body, secret)


def test_a_key_of_bytes_that_are_no_text_is_spelled_too() -> None:
    assert "ff303132333435363738" in spellings("\udcff012345678")


def test_a_short_word_is_replaced_as_it_is_and_not_by_its_pieces() -> None:
    assert spellings("abc") == ("abc",)


def test_a_short_key_leaves_no_ending_behind() -> None:
    assert (mark_of("12345678901"), mark_of("123456789012")) == ("[key]", "[key …9012]")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://localhost:11434/v1", "http://localhost:11434/v1"),
        ("https://ana:secret@host.example:8443/v1?key=secret#secret", "https://host.example:8443/v1"),
        ("https://secret@host/", "https://host/"),
        ("https://a@b@host/", "https://host/"),
        ("http://[::1/", "an address that cannot be read"),
    ],
)
def test_an_address_is_shown_without_what_could_be_a_secret(url: str, shown: str) -> None:
    assert shown_address(url) == shown


def test_what_an_address_hides_is_known_as_written_and_as_sent() -> None:
    hidden_in = secrets_in("https://ana:p%40ss-word@host/v1?key=a%2Bb&flag")
    assert set(hidden_in) >= {"ana", "p%40ss-word", "p@ss-word", "a+b"}
    assert secrets_in("http://localhost:11434/v1") == ()
    assert secrets_in("http://[::bad") == ()


def test_the_version_and_the_model_in_an_address_are_no_secrets() -> None:
    assert secrets_in("https://x.example/openai?api-version=2024-10-21&model=gpt-4o-mini&key=a0b1c2d3") == (
        "a0b1c2d3",
        "key=a0b1c2d3",
    )


def test_a_secret_is_found_in_a_page() -> None:
    secret = 'sk-<canary>&"0123456789"'
    assert "0123456789" not in hidden(f"<td>{html.escape(secret)}</td>", secret)
