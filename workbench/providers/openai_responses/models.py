"""What single models want on this wire. From reports, not promises: a setting of the project always wins."""

import re

_REASONS = re.compile(r"(?:^|[./])(?:gpt-(?:[5-9]|\d{2,})(?:[.-]|$)|o[1-9](?:-|$)|codex-)")


def seals_reasoning(model: str) -> bool:
    """Whether to ask for sealed reasoning. Models that do not reason refuse the request for it."""
    return _REASONS.search(model) is not None and "-chat" not in model
