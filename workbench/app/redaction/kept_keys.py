"""Texts without keys that lie in the keyring and that nobody has asked for yet, with or without an open project."""

import re

from workbench.store.keys import KeyStore
from workbench.store.redaction import Redactor

_LONG_WORD = re.compile(r"[^\s/\\]{12}")


def without_kept_keys(text: str) -> str:
    """`text` without the keys of vendors and of the user's connections.

    A keyring takes long to read, and one that is locked may ask the person: it is read only for complaints, which print
    back what was typed, and only where a word is as long as a key.
    """
    if not _LONG_WORD.search(text):
        return text
    from workbench.app.models.connections import Connections  # takes long to import, and is seldom needed
    from workbench.app.models.wires import KEY_OF_WIRE

    redactor = Redactor()
    keys = KeyStore(redactor)
    names = (*KEY_OF_WIRE.values(), *Connections(keys).key_names)
    keys.watch_keyring(dict.fromkeys(name for name in names if name))
    return redactor.text(text)
