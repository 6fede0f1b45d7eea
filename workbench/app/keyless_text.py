"""Text without keys, for whatever shows it or lets it out: one register of every key that an open project knows."""

import weakref

from workbench.store.redaction import Redactor

LONGEST_SPELLING = 600
"""Who cuts a text looks for keys so many characters further: half a key would not be known for one."""
_redactors: "weakref.WeakSet[Redactor]" = weakref.WeakSet()


def keep_keys_out_of_sight(redactor: Redactor) -> None:
    """From now on `keyless` leaves out every key that `redactor` knows, as long as it lives."""
    _redactors.add(redactor)


def keyless(text: str) -> str:
    """`text` with a mark in place of every key of an open project."""
    for redactor in tuple(_redactors):
        text = redactor.text(text)
    return text
