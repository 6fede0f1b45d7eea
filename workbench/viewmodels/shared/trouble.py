"""Why something cannot be done, in sentences."""

import re

from workbench.core.errors import WorkbenchError
from workbench.viewmodels.shared.plain import one_line

_PLAIN_START = re.compile(r"[a-z]+(?=[ ,.]|$)")
_MAX_CHARS = 600


def trouble_words(message: str, hint: str = "") -> str:
    """What happened and what helps. The first letter is capitalized if it begins a word, not a name."""
    said = f"{message[:1].upper()}{message[1:]}" if _PLAIN_START.match(message) else message
    ending = "" if said.endswith((".", "!", "?", "…")) else "."
    return one_line(f"{said}{ending} {hint}".strip(), _MAX_CHARS) if said else ""


def error_words(error: WorkbenchError) -> str:
    """The same for an error."""
    return trouble_words(error.message, error.hint)
