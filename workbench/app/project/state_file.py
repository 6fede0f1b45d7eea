"""Small things the program remembers for its user, as JSON in the user's own folder. Losing them does no harm."""

import json
import logging
from pathlib import Path

from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, parse_strict_object
from workbench.store.tool_file import write_whole

_log = logging.getLogger(__name__)
_MAX_BYTES = 2_000_000


def read_state(file: Path) -> JsonObject:
    """The file's content; empty without a file. A damaged file is logged and counts as missing."""
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise ValueError(f"it has more than {_MAX_BYTES:,} bytes")
        return parse_strict_object(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, MalformedJson) as error:
        _log.info("Cannot read the saved state in %s; ignoring it: %s", file.name, error)
        return {}


def keep_state(file: Path, state: JsonObject) -> bool:
    """Write the whole file, for this user only. If the disk refuses, log that and return False."""
    try:
        write_whole(file, json.dumps(state, ensure_ascii=True, indent=1), is_private=True)
    except OSError as error:
        _log.info("%s cannot be written: %s", file.name, error)
        return False
    return True
