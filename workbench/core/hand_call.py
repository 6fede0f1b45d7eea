"""A call that a person makes: a run of one call, in which no model is asked. Its message says what is called.

The message is what the run is known by in lists, and all that is needed to go on with it after an interruption.
"""

import re
from typing import Final

HAND: Final = "hand"
"""The SPEC, provider and wire format of such runs."""
_MESSAGE = re.compile(r"Run (\S+) with (.*)", re.DOTALL)


def hand_message(tool: str, arguments_json: str) -> str:
    """The message of the run."""
    return f"Run {tool} with {arguments_json}"


def called_by_hand(message: str) -> tuple[str, str] | None:
    """The tool and the text of its arguments; None for any other message."""
    found = _MESSAGE.fullmatch(message)
    return (found[1], found[2]) if found is not None else None
