import base64

import pytest

from workbench.core.errors import ProviderFailure
from workbench.providers.api_key import ApiKey

KEY = "sk-canary-0123456789-WXYZ"


def test_a_key_shows_its_ending_and_nothing_else() -> None:
    key = ApiKey(KEY)
    assert key.ending == "…WXYZ"
    assert repr(key) == "ApiKey(…WXYZ)"
    assert key.bearer == f"Bearer {KEY}"


def test_a_short_key_has_no_ending_to_show() -> None:
    assert ApiKey("secret").ending == ""
    assert "secret" not in repr(ApiKey("secret"))


@pytest.mark.parametrize("source", [None, "", lambda: None, "  "])
def test_no_key_is_false(source: object) -> None:
    assert not ApiKey(source)  # type: ignore[arg-type]


def test_space_around_a_key_is_not_part_of_it() -> None:
    assert ApiKey(f" {KEY}\n").bearer == f"Bearer {KEY}"


def test_the_source_is_asked_each_time() -> None:
    keys = iter(["one", "two"])
    assert [ApiKey(lambda: next(keys)).bearer for _ in range(2)] == ["Bearer one", "Bearer two"]


@pytest.mark.parametrize("text", ["kéy-0123456789", "a\nb", "a\x00b"])
def test_a_key_no_header_can_carry_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ProviderFailure) as caught:
        ApiKey(text)
    assert caught.value.kind == "authentication"
    assert text not in str(caught.value)


@pytest.mark.parametrize("shape", [KEY, base64.b64encode(KEY.encode()).decode(), f"Bearer {KEY}", f"?key={KEY}&x"])
def test_the_key_is_taken_out_of_a_text_in_every_shape(shape: str) -> None:
    scrubbed = ApiKey(KEY).scrub(f"before {shape} after")
    assert "0123456789" not in scrubbed
    assert base64.b64encode(KEY.encode()).decode()[:20] not in scrubbed
    assert scrubbed.startswith("before ")
    assert scrubbed.endswith(" after")


def test_what_looks_like_another_key_is_taken_out_too() -> None:
    scrubbed = ApiKey("").scrub("used sk-proj-abcdefghijklmnop and Bearer abcdefgh1jkl")
    assert "abcdefgh" not in scrubbed


def test_ordinary_words_stay() -> None:
    text = "The task-based desk-research risk-assessment failed; see max_tokens."
    assert ApiKey(KEY).scrub(text) == text


@pytest.mark.parametrize(
    "text", ["Bearer authentication is required", "the key-value-store-of-models is down", "give sk-no-key-required"]
)
def test_words_that_only_begin_like_a_key_stay(text: str) -> None:
    assert ApiKey(KEY).scrub(text) == text


@pytest.mark.parametrize("word", ["x", "e", "EMPTY", "ollama", "lm-studio"])
def test_what_is_no_secret_wrecks_no_message(word: str) -> None:
    text = f"EMPTY content blocks: no ollama model llama9 in lm-studio; {base64.b64encode(word.encode())!r}"
    assert ApiKey(word).scrub(text) == text
