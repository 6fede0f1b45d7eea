"""Typed signals without Qt: what happened, told to the one who listens."""

from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Signal(Generic[P]):
    """Calls its listeners in the order in which they connected. `Signal[[int, str]]()` carries an int and a str."""

    def __init__(self) -> None:
        self._listeners: list[Callable[P, object]] = []

    def connect(self, listener: Callable[P, object]) -> Callable[[], None]:
        """Hear every later emission; call the returned function to stop, as often as you like."""
        self._listeners.append(listener)

        def disconnect() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return disconnect

    def emit(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Tell everybody who listened when the emission began."""
        for listener in tuple(self._listeners):
            listener(*args, **kwargs)
