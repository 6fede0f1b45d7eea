"""Text without keys, for whatever shows it or lets it out: one register of every key that an open project knows."""

import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.store.redaction import Redactor

LONGEST_SPELLING = 600
"""Who cuts a text looks for keys this many characters further: half a key would not be known for one."""
_redactors: "tuple[weakref.ref[Redactor], ...]" = ()
"""Those that live; a plain tuple, because every text that is shown comes by here."""


def keep_keys_out_of_sight(redactor: "Redactor") -> None:
    """From now on `keyless` leaves out every key that `redactor` knows, as long as it lives."""
    global _redactors
    _redactors = (*(known for known in _redactors if known() is not redactor), weakref.ref(redactor, _forget))


def known_keys() -> object:
    """Another value once another key is known: what was made without keys before is to be made again."""
    return tuple((id(redactor), redactor.key_count) for known in _redactors if (redactor := known()) is not None)


def keyless(text: str) -> str:
    """`text` with a mark in place of every key of an open project."""
    for known in _redactors:
        redactor = known()
        if redactor is not None:
            text = redactor.text(text)
    return text


def redacted_json(text: str) -> str:
    """As `keyless`, for JSON text; it stays JSON, whatever a mark shows of a key."""
    line = text.encode("utf-8", "surrogatepass")
    for known in _redactors:
        redactor = known()
        if redactor is not None:
            line = redactor.line(line)
    return line.decode("utf-8", "surrogatepass")


def _forget(gone: "weakref.ref[Redactor]") -> None:
    global _redactors
    _redactors = tuple(known for known in _redactors if known is not gone)
