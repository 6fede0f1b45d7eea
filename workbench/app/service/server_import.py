"""The server is an extra, and is imported when somebody serves."""

import importlib
from typing import Any

from workbench.core.errors import UsageError


def import_server(module: str = "server") -> Any:
    """A module of `workbench.service`; raises `UsageError` without the extra `serve`."""
    try:
        return importlib.import_module(f"workbench.service.{module}")
    except ImportError as error:
        raise UsageError(
            f"serving needs the extra `serve` ({error.name} is missing)",
            hint="Install it with: pip install 'tool-calling-workbench[serve]'",
        ) from None
