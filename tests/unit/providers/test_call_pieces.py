"""Which call does a piece belong to? One table of what servers send, and the calls it stands for."""

import pytest

from tests.support.call_pieces import CASES, OSLO, w
from workbench.core.json_text import JsonValue
from workbench.providers.openai_chat.call import GrowingCalls


def calls_of(chunks: list[list[JsonValue]]) -> list[tuple[str, str]]:
    growing = GrowingCalls()
    for entries in chunks:
        growing.grow(entries)
    return [(call.name, call.arguments) for call in growing.without_doubles()]


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_every_piece_finds_its_call(case: tuple[list[list[JsonValue]], list[tuple[str, str]]]) -> None:
    chunks, expected = case
    assert calls_of(chunks) == expected


@pytest.mark.parametrize("entries", [["x"], [7], [[w(OSLO)]], [w(OSLO), True]])
def test_an_entry_that_is_no_call_is_not_passed_over(entries: list[JsonValue]) -> None:
    with pytest.raises(TypeError):
        GrowingCalls().grow(entries)


def test_a_call_keeps_its_first_id_and_goes_back_with_what_the_server_added() -> None:
    growing = GrowingCalls()
    signature = {"thought_signature": "SIG"}
    growing.grow([w("", index=0, id="a1", extra_content=signature)])
    growing.grow([{"index": 0, "id": "a2", "function": {"arguments": OSLO, "provider_specific_fields": signature}}])
    (call,) = growing.all
    assert call.given_id == "a1"
    assert call.wire_copy("a1") == {
        "id": "a1",
        "type": "function",
        "function": {"name": "get_weather", "arguments": OSLO, "provider_specific_fields": signature},
        "extra_content": signature,
    }
