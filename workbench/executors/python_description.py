"""Which tools a module offers. Runs in the child process, because inspecting means importing.

Each function is described as {"function": "module:name", "tool": tool document, "decorated": bool}; one
whose signature cannot become a schema has "problem": text in place of "tool".
"""

import inspect
from types import ModuleType
from typing import Any


def describe(module: ModuleType) -> list[dict[str, Any]]:
    """The `@tool` functions of the module, then its other public functions, each in the order of the file."""
    described = [_described(module, name, value) for name, value in vars(module).items() if _is_offered(module, value)]
    return sorted(described, key=lambda one: not one["decorated"])


def _is_offered(module: ModuleType, value: object) -> bool:
    if hasattr(getattr(value, "tool", None), "document"):
        return callable(value)
    return inspect.isfunction(value) and value.__module__ == module.__name__ and not value.__name__.startswith("_")


def _described(module: ModuleType, name: str, value: Any) -> dict[str, Any]:
    one: dict[str, Any] = {"function": f"{module.__name__}:{name}", "decorated": hasattr(value, "tool")}
    if one["decorated"]:
        return one | {"tool": value.tool.document}
    try:
        from workbench.core.authoring import tool_from_function

        return one | {"tool": tool_from_function(value).document}
    except ImportError as error:
        return one | {"problem": f"describing needs {error.name}, which this interpreter does not have"}
    except Exception as error:  # noqa: BLE001 — door: annotations and defaults are a person's code
        return one | {"problem": str(error)}
