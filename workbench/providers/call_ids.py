"""Ids of calls on the wire. Providers leave them empty, repeat them in one message and reuse them in the next."""

import hashlib
import re
from collections.abc import Sequence

from workbench.core.json_text import JsonValue, canonical, without_surrogates
from workbench.providers.door import json_value

_PORTABLE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def unique_call_ids(given: Sequence[str]) -> list[str]:
    """One id per call of a message, in order: the given one where it can be used, else a new one.

    Deterministic, so that reading the same answer twice gives the same ids.
    """
    given = [str(without_surrogates(call_id)) if call_id.strip() else "" for call_id in given]
    taken = {call_id for call_id in given if call_id}
    seen: set[str] = set()
    made: list[str] = []
    for position, call_id in enumerate(given, 1):
        if not call_id or call_id in seen:
            call_id = _free(f"{call_id or 'call'}_{position}", taken)
            taken.add(call_id)
        seen.add(call_id)
        made.append(call_id)
    return made


def same_arguments(one: str, other: str) -> bool:
    """Whether two argument texts mean the same."""
    if one.strip() == other.strip():
        return True
    try:
        return canonical(_value(one)) == canonical(_value(other))
    except (ValueError, RecursionError):
        return False


class RequestCallIds:
    """The ids used in one request, where each must be unique over the whole conversation.

    Take the assistant messages in order; results are then named after the newest of them.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._sent: dict[str, str] = {}

    def of_message(self, wire_call_ids: Sequence[str], *, is_foreign: bool) -> list[str]:
        """The ids to send for a message's calls. Ids from another vendor are made acceptable to every vendor."""
        sent: list[str] = []
        self._sent = {}
        for call_id in wire_call_ids:
            preferred = _portable(call_id) if is_foreign else call_id
            free = _free(preferred, self._taken) if preferred in self._taken else preferred
            self._taken.add(free)
            self._sent[call_id] = free
            sent.append(free)
        return sent

    def of_result(self, wire_call_id: str) -> str:
        """The id under which the call of this result was sent."""
        return self._sent.get(wire_call_id, wire_call_id)


def _value(arguments: str) -> JsonValue:
    return json_value(arguments.encode("utf-8", "surrogatepass"))


def _portable(call_id: str) -> str:
    if _PORTABLE.fullmatch(call_id):
        return call_id
    return f"call_{hashlib.sha256(call_id.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def _free(preferred: str, taken: set[str]) -> str:
    number, found = 2, preferred
    while found in taken:
        found = f"{preferred}_{number}"
        number += 1
    return found
