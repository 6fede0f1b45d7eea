"""What serving needs is an extra, and is imported when somebody serves."""

from collections.abc import Iterator
from contextlib import contextmanager

from workbench.core.errors import UsageError


@contextmanager
def needs_serve_extra() -> Iterator[None]:
    """Around an import of the server: raises `UsageError` where the extra `serve` is missing."""
    try:
        yield
    except ImportError as error:
        raise UsageError(
            f"serving needs the extra `serve` ({error.name} is missing)",
            hint="Install it with: pip install 'tool-calling-workbench[serve]'",
        ) from None
