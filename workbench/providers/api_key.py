"""The key of one request: handed to the SDK, never shown."""

from collections.abc import Callable

from workbench.core.errors import ProviderFailure
from workbench.core.secret import is_secret, mark_of, shown_ending, spellings, without_likely_keys

KeySource = Callable[[], str | None] | str | None
"""Where the key comes from; a callable is asked before every request, so a changed key is used at once."""


class ApiKey:
    """Holds a key so that no repr and no traceback with local variables can print it."""

    __slots__ = ("_text",)

    def __init__(self, source: KeySource) -> None:
        """Raise `ProviderFailure` when the key cannot be put into a header."""
        text = (source() if callable(source) else source) or ""
        self._text = text.strip()
        if not (self._text.isascii() and self._text.isprintable()):
            self._text = ""
            raise ProviderFailure(
                "The API key contains characters that cannot be sent.",
                kind="authentication",
                hint="Copy the key again; it has only letters, digits and dashes.",
            )

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return f"ApiKey({self.ending or 'none'})"

    @property
    def ending(self) -> str:
        """Enough to distinguish two keys: their last four characters, of a key long enough to keep its secret."""
        return shown_ending(self._text)

    @property
    def bearer(self) -> str:
        """The value of the Authorization header."""
        return self.with_prefix("Bearer ")

    def with_prefix(self, prefix: str) -> str:
        """The value of a header that carries the key behind `prefix`."""
        return f"{prefix}{self._text}"

    def scrub(self, text: str) -> str:
        """`text` without this key, however it is spelled, and without anything that looks like another."""
        if is_secret(self._text):
            for spelling in spellings(self._text):
                text = text.replace(spelling, mark_of(self._text))
        return without_likely_keys(text)
