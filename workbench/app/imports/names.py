"""Names for imported tools that every vendor takes. The same source gives the same names. Pure."""

import hashlib
import re

MAX_CHARS = 64
_OTHER = re.compile(r"[^A-Za-z0-9_-]+")
_HASH_CHARS = 8


def portable_name(wanted: str, identity: str = "") -> str:
    """`wanted` as a name: other characters become `_`. A short hash of the full name is appended if it was cut or
    lost letters, so that different names stay different."""
    plain = _OTHER.sub("_", wanted).strip("_")
    has_lost = any(not character.isascii() and character.isalnum() for character in wanted)
    if plain and len(plain) <= MAX_CHARS and not has_lost:
        return plain
    return with_hash(plain or "tool", wanted or identity)


def with_hash(name: str, whole: str) -> str:
    """`name`, cut if necessary, and a short hash of `whole`."""
    code = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_CHARS]
    return f"{name[: MAX_CHARS - _HASH_CHARS - 1].rstrip('_-')}_{code}"


class Names:
    """Gives each tool of a source a unique name; case is ignored, as in file names."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str, identity: str) -> str:
        """A name that no earlier tool has. Tools with the same name are distinguished by identity."""
        name = portable_name(wanted, identity)
        if name.casefold() in self._taken:
            name = with_hash(name, f"{wanted}\n{identity}")
        number = 2
        while name.casefold() in self._taken:
            name = with_hash(name, f"{wanted}\n{identity}\n{number}")
            number += 1
        self._taken.add(name.casefold())
        return name


def words_of_path(method: str, path: str) -> str:
    """A name for a request without one: `GET /pets/{id}` → `get_pets_by_id`."""
    parts = [part for part in path.split("/") if part]
    words = [f"by_{part.strip('{}:')}" if part[:1] in "{:" else part for part in parts]
    return re.sub(r"\W+", "_", "_".join([method.lower(), *words])).strip("_")


def key_name(*parts: str) -> str:
    """The name of a key, as environment variables are named: `PETSTORE_API_KEY`."""
    words = [re.sub(r"[^A-Za-z0-9]+", "_", part).strip("_").upper() for part in parts]
    name = "_".join(dict.fromkeys(word for word in words if word))[:80].strip("_") or "API_KEY"
    return f"KEY_{name}" if name[0].isdigit() else name
