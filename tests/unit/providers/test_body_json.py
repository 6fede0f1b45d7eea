import json

from workbench.providers.body_json import body_text, raw_json


def test_a_body_is_compact_and_keeps_the_order_of_its_keys() -> None:
    assert body_text({"b": 1, "a": [1.0, "ü", None]}) == '{"b":1,"a":[1.0,"ü",null]}'


def test_raw_json_is_embedded_as_it_is() -> None:
    assert body_text({"a": raw_json('{ "x" : 1.50, "y":"\\u00e9" }')}) == '{"a":{ "x" : 1.50, "y":"\\u00e9" }}'


def test_half_a_surrogate_pair_becomes_a_sign_every_server_can_read() -> None:
    text = body_text({"a": "x\ud83dy", "b": raw_json('{"n": 1}')})
    assert json.loads(text) == {"a": "x\ufffdy", "b": {"n": 1}}


def test_two_halves_that_belong_together_become_their_character() -> None:
    assert json.loads(body_text({"a": "\ud83d\ude00"})) == {"a": "😀"}


def test_numbers_of_any_size_are_kept() -> None:
    assert json.loads(body_text({"maximum": 2**80})) == {"maximum": 2**80}
