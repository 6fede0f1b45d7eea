"""The OpenAPI document as one page of HTML without scripts: nothing is loaded from elsewhere."""

import html
from typing import Any

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2430 }
h2 { margin-top: 2rem; text-transform: capitalize }
code { background: #eef1f5; padding: 0 .3em; border-radius: 3px }
.method { display: inline-block; width: 4rem; font-weight: 600 }
"""


def openapi_page(document: dict[str, Any]) -> str:
    """Every operation by its tag, with its parameters."""
    groups: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            group = (operation.get("tags") or ["other"])[0]
            groups.setdefault(group, []).append(_operation(method, path, operation))
    parts = [f"<h2>{html.escape(group)}</h2>{''.join(rows)}" for group, rows in groups.items()]
    title = html.escape(document["info"]["title"])
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><style>{_STYLE}</style>"
        f'<h1>{title}</h1><p>The same as a document: <a href="/openapi.json">openapi.json</a>. Every request needs '
        f"<code>Authorization: Bearer TOKEN</code>.</p>{''.join(parts)}"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    named = ", ".join(html.escape(each["name"]) for each in operation.get("parameters", []))
    about = html.escape(operation.get("summary", ""))
    return (
        f"<p><span class=method>{method.upper()}</span> <code>{html.escape(path)}</code> {about}"
        f"{f' ({named})' if named else ''}</p>"
    )
