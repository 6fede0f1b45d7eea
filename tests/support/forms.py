"""What a form holds before anything is entered."""

from typing import Any


def form_defaults(schema: Any) -> dict[str, Any]:
    """The default of each field that has one."""
    return {name: field["default"] for name, field in schema["properties"].items() if "default" in field}
