"""Bodies of requests that repeat each other."""

import json

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.shared_bodies import SharedBodies
from workbench.core.shared_text import SharedText

MESSAGES = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "tool"]), "content": st.text(max_size=400)}), max_size=6
)


def body(messages: list[dict[str, str]]) -> str:
    tools = [{"name": f"tool_{number}", "description": "Does one thing. " * 20} for number in range(15)]
    return json.dumps({"model": "m", "messages": messages, "tools": tools}, separators=(",", ":"))


def held(texts: list[SharedText]) -> int:
    """The characters of all pieces, each object once."""
    return sum(len(piece) for piece in {id(piece): piece for text in texts for piece in text.pieces}.values())


def test_a_conversation_holds_what_is_new_in_each_request() -> None:
    bodies, messages, sent = SharedBodies(), [], []
    for turn in range(100):
        messages.append({"role": "user", "content": f"Turn {turn}. " + "Some words that were said. " * 40})
        sent.append(bodies.share(body(messages)))
    assert sent[-1].text == body(messages)
    assert held(sent) < 4 * len(body(messages))
    assert sum(len(text.text) for text in sent) > 40 * len(body(messages))


def test_conversations_that_go_on_side_by_side_share_each_with_itself() -> None:
    bodies, sent = SharedBodies(), []
    talks: list[list[dict[str, str]]] = [[] for _ in range(8)]
    for turn in range(30):
        for number, messages in enumerate(talks):
            messages.append({"role": "user", "content": f"Talk {number}, turn {turn}. " + "More words. " * 60})
            sent.append(bodies.share(body(messages)))
    assert held(sent) < 4 * sum(len(body(messages)) for messages in talks)


@given(st.lists(MESSAGES, min_size=1, max_size=6), st.lists(st.text(min_size=1, max_size=300), max_size=3))
def test_a_body_says_the_same_whatever_was_sent_before(
    requests: list[list[dict[str, str]]], pictures: list[str]
) -> None:
    bodies = SharedBodies()
    for messages in requests:
        text = body([*messages, *({"role": "user", "content": picture} for picture in pictures)])
        assert bodies.share(text, pictures).text == text


def test_a_picture_is_the_one_that_was_attached() -> None:
    picture = "iVBORw0KGgo" * 1000
    bodies, messages = SharedBodies(), [{"role": "tool", "content": picture}]
    for turn in range(3):
        messages.append({"role": "user", "content": f"What is in it? {turn}"})
        sent = bodies.share(body(messages), (picture,))
        assert sent.text == body(messages)
        assert any(piece is picture for piece in sent.pieces)
