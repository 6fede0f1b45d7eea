"""No key gets through, however it is dressed."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.secret import MIN_SECRET_CHARS
from workbench.store.redaction import Redactor

KEY = 'sk-canary "0123\\456" äöü/+='


@pytest.mark.parametrize(
    "dressed",
    [
        KEY,
        json.dumps(KEY),
        json.dumps(KEY, ensure_ascii=False),
        f"https://x/?key={quote(KEY, safe='')}",
        base64.b64encode(KEY.encode()).decode(),
        base64.urlsafe_b64encode(f"user:{KEY}".encode()).decode(),
        base64.b64encode(f"u:{KEY}:more".encode()).decode(),
    ],
)
def test_a_key_is_replaced_by_its_mark_in_every_dress(dressed: str) -> None:
    redactor = Redactor()
    redactor.add(KEY)
    assert "[key …ü/+=]" in redactor.text(f"before {dressed} after")
    assert b"[key" in redactor.line(f"before {dressed} after".encode())


def test_a_line_of_json_without_its_key_is_still_json() -> None:
    redactor = Redactor()
    redactor.add('sk-canary-with"\\')
    line = redactor.line(json.dumps({"text": 'my sk-canary-with"\\ key'}).encode())
    assert json.loads(line)["text"].startswith("my [key …")
    assert "canary" not in json.loads(line)["text"]


@given(st.text(min_size=MIN_SECRET_CHARS, max_size=40), st.binary(max_size=5), st.binary(max_size=5))
def test_what_is_left_of_base64_does_not_hold_the_key(secret: str, before: bytes, after: bytes) -> None:
    redactor = Redactor()
    redactor.add(secret)
    plain = secret.encode()
    left = redactor.text(base64.b64encode(before + plain + after).decode())
    assert "[key" in left


def test_texts_too_short_to_be_keys_are_left_alone() -> None:
    redactor = Redactor()
    redactor.add("short")
    assert redactor.text("short") == "short"


def test_a_key_that_was_cut_off_is_replaced_from_its_first_half_on() -> None:
    redactor = Redactor()
    redactor.add("canary-0123456789abcdefghij")  # 27 characters, so 14 are half of it
    assert redactor.text("it is canary-0123456789abc") == "it is [key …ghij]"
    assert redactor.text("it is canary-0123456, or so") == "it is [key …ghij], or so"
    assert redactor.text("it is canary-01") == "it is canary-01"


def test_a_line_of_json_in_which_a_key_is_cut_off_is_still_json() -> None:
    redactor = Redactor()
    redactor.add('canary-"0123\\456"abcdefghijklmnop')
    for cut in range(8, 30):
        for rest in ("", "\n", '"', "\\", "ü", "x"):
            text = 'canary-"0123\\456"abcdefghijklmnop'[:cut] + rest
            line = json.loads(redactor.line(json.dumps({"text": text, "after": 1}).encode()))
            assert line["after"] == 1
            assert cut < 18 or "0123" not in line["text"]


def test_a_key_that_begins_like_another_gets_its_own_mark() -> None:
    redactor = Redactor()
    redactor.add("canary-0123456789-aaaa")
    redactor.add("canary-0123456789-aaaa-and-bbbb")
    assert redactor.text("canary-0123456789-aaaa.") == "[key …aaaa]."
    assert redactor.text("canary-0123456789-aaaa-and-bbbb.") == "[key …bbbb]."


@pytest.mark.parametrize("word", ["x", "EMPTY", "ollama", "none", "lm-studio", "not-needed", "sk-no-key-required"])
def test_what_local_servers_take_for_a_key_is_none_and_hides_nothing(word: str) -> None:
    redactor = Redactor()
    redactor.add(word)
    text = f"The {word} server has {word}s; {base64.b64encode(word.encode()).decode()}"
    assert redactor.text(text) == text
    assert redactor.line(text.encode()) == text.encode()
