"""Conditions as workbench.toml has them: one a text, in single quotes where that spares backslashes."""

from collections.abc import Sequence

import tomlkit
from tomlkit.items import Array


def condition_texts(texts: Sequence[str]) -> Array:
    """An array of the texts of conditions."""
    written = tomlkit.array()
    for text in texts:
        is_literal = '"' in text and "'" not in text and text.isprintable()
        written.append(tomlkit.string(text, literal=True) if is_literal else text)
    return written
