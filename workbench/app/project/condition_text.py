"""Conditions as workbench.toml has them: one per string, in single quotes where that saves backslashes."""

from collections.abc import Sequence

import tomlkit
from tomlkit.items import Array


def condition_texts(texts: Sequence[str]) -> Array:
    """An array of condition strings."""
    written = tomlkit.array()
    for text in texts:
        is_literal = '"' in text and "'" not in text and text.isprintable()
        written.append(tomlkit.string(text, literal=True) if is_literal else text)
    return written
