"""`${key:NAME}` in a text of a project: the place of a key that is filled in when the text is used, and never kept."""

import re
from collections.abc import Callable

KEY_REFERENCE = re.compile(r"\$\{key:([A-Za-z_][A-Za-z0-9_.-]*)\}")


def key_reference(name: str) -> str:
    """How the key named `name` is written where it belongs."""
    return f"${{key:{name}}}"


def fill_keys(text: str, find: Callable[[str], str]) -> str:
    """`text` with its keys; `find` gives each by its name."""
    return KEY_REFERENCE.sub(lambda found: find(found[1]), text)
