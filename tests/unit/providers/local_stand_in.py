"""A stand-in for the local model's worker, as a child process: says what it is told to, or misbehaves on demand.

The last input decides: `hang FILE`, `exit`; anything else is answered with the process's environment names.
"""

import json
import os
import sys
import time
from pathlib import Path


def main(arguments: list[str]) -> int:
    for line in sys.stdin:
        command = json.loads(line)
        asked = command.get("inputs", [""])[-1]
        if asked.startswith("hang "):
            _tell(Path(asked.removeprefix("hang ")))
            time.sleep(3600)
        if asked == "exit":
            sys.stderr.write("terminate called: out of memory\n")
            return 5
        note = json.dumps([os.getpid(), sorted(os.environ)])
        envelope = {"success": True, "type": "respond", "function_calls": [], "reasoning": note}
        sys.stdout.write(json.dumps({"ok": envelope}) + "\n")
        sys.stdout.flush()
    return 0


def _tell(path: Path) -> None:
    """Write our process id; the file appears under its name when it is whole."""
    part = path.with_suffix(".part")
    part.write_text(str(os.getpid()))
    part.replace(path)
