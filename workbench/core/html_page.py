"""One HTML file that needs nothing else: a content policy lets it load and run nothing but its own style sheet."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from workbench.core.visible_text import visible


def html_text(text: str) -> str:
    """`text` as text: nothing in it is markup, and nothing in it hides."""
    return escape(visible(text), quote=True)


def html_page(title: str, style: str, body: Iterable[str]) -> str:
    """The page with its title as heading, complete. `body` is markup, line by line."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{html_text(title)}</title><style>{style}</style></head><body>",
            f"<h1>{html_text(title)}</h1>",
            *body,
            "</body></html>",
            "",
        )
    )
