"""Whether scipy is installed; it is an extra."""

from importlib.util import find_spec

from workbench.core.errors import UsageError


def check_statistics() -> None:
    """Raise `UsageError` when comparisons cannot be computed here."""
    if find_spec("scipy") is None:
        raise UsageError(
            "comparing needs scipy, and it is not installed",
            hint="Install it with: pip install 'tool-calling-workbench[stats]'",
        )
