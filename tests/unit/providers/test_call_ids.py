from hypothesis import given
from hypothesis import strategies as st

from workbench.providers.call_ids import RequestCallIds, unique_call_ids


def test_ids_that_are_good_stay() -> None:
    assert unique_call_ids(["a", "b"]) == ["a", "b"]


def test_missing_and_repeated_ids_are_minted_by_position() -> None:
    assert unique_call_ids(["", "x", "x", ""]) == ["call_1", "x", "x_3", "call_4"]


def test_a_minted_id_never_takes_one_that_was_given() -> None:
    assert unique_call_ids(["", "call_1"]) == ["call_1_2", "call_1"]


@given(st.lists(st.sampled_from(["", "a", "a_2", "a_3", "call_1", "call_2", "b"]), max_size=8))
def test_ids_are_unique_and_minted_the_same_way_every_time(given_ids: list[str]) -> None:
    minted = unique_call_ids(given_ids)
    assert len(set(minted)) == len(minted) == len(given_ids)
    assert minted == unique_call_ids(given_ids)
    assert all(minted)


def test_an_id_used_in_an_earlier_message_is_renamed_with_its_result() -> None:
    ids = RequestCallIds()
    assert ids.of_message(["call_0"], is_foreign=False) == ["call_0"]
    assert ids.of_result("call_0") == "call_0"
    assert ids.of_message(["call_0"], is_foreign=False) == ["call_0_2"]
    assert ids.of_result("call_0") == "call_0_2"


def test_a_foreign_id_is_made_acceptable_and_a_result_follows_it() -> None:
    ids = RequestCallIds()
    (sent,) = ids.of_message(["functions.f:0"], is_foreign=True)
    assert sent.replace("_", "").isalnum()
    assert ids.of_result("functions.f:0") == sent
    assert RequestCallIds().of_message(["functions.f:0"], is_foreign=True) == [sent]
    assert len(RequestCallIds().of_message(["x" * 65], is_foreign=True)[0]) <= 64


def test_the_vendors_own_id_is_kept_whatever_it_looks_like() -> None:
    assert RequestCallIds().of_message(["functions.f:0"], is_foreign=False) == ["functions.f:0"]
