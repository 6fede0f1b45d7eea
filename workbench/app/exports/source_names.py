"""Names for classes and interfaces in exported source: those of tools and definitions, each once."""

import re
import unicodedata

_WORDS = re.compile(r"[A-Za-z0-9]+")
_UPPER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class SourceNames:
    """Gives out names; a name that is taken gets a number."""

    def __init__(self, reserved: frozenset[str]) -> None:
        self._taken = set(reserved)

    def take(self, *words: str) -> str:
        """`get_weather`, `unit` → `GetWeatherUnit`."""
        plain = unicodedata.normalize("NFKD", " ".join(words))
        parts = [part for word in _WORDS.findall(plain) for part in _UPPER.split(word)]
        name = "".join(part[0].upper() + part[1:] for part in parts)[:80] or "Arguments"
        name = f"T{name}" if name[0].isdigit() else name
        found, number = name, 2
        while found in self._taken:
            found, number = f"{name}{number}", number + 1
        self._taken.add(found)
        return found
