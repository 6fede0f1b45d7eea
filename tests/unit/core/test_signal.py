"""Signals without Qt."""

from workbench.core.signal import Signal


def test_listeners_hear_in_the_order_in_which_they_connected() -> None:
    heard: list[str] = []
    signal: Signal[[str]] = Signal()
    signal.connect(lambda word: heard.append(f"first {word}"))
    signal.connect(lambda word: heard.append(f"second {word}"))
    signal.emit("now")
    assert heard == ["first now", "second now"]


def test_a_disconnected_listener_hears_nothing_more() -> None:
    heard: list[int] = []
    signal: Signal[[int]] = Signal()
    disconnect = signal.connect(heard.append)
    signal.emit(1)
    disconnect()
    disconnect()
    signal.emit(2)
    assert heard == [1]


def test_connecting_while_it_is_told_is_heard_from_the_next_time_on() -> None:
    heard: list[str] = []
    signal: Signal[[]] = Signal()
    signal.connect(lambda: signal.connect(lambda: heard.append("late")))
    signal.emit()
    assert heard == []
    signal.emit()
    assert heard == ["late"]
