"""The child process that holds the model: JSON lines on standard input and output.

The engine is native code of a third party. It gets no keys, it is refused every network connection, and what
it prints cannot be taken for an answer, because the protocol is moved to private descriptors first.

Commands   {"op": "complete", "system", "tools", "inputs", "max_new_tokens"} · {"op": "load", "system", "tools"} ·
           {"op": "embed", "texts"}
Answers    {"ok": value} · {"failed": {"kind", "message", "mend"}}

Needle remembers one conversation. Inputs it has already heard, with the same system text and tools, are not
repeated to it; everything else starts a fresh conversation. It is greedy, so both ways give the same answer.
"""

import contextlib
import json
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

_ENGINE_FILES = ("libneedle3.*", "needle3.cact")
INSTALL = "pip install 'tool-calling-workbench[local]'"


class Failed(Exception):
    """A command that cannot be carried out, with the kind and the mend of a provider failure."""

    def __init__(self, kind: str, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.document = {"kind": kind, "message": message, "mend": mend}


class Conversation:
    """The one conversation of this process. What was heard is None when nobody can be sure of it."""

    def __init__(self) -> None:
        self._needle: Any = None
        self._loaded = ""
        self._heard: list[str] | None = []
        self._max_new_tokens = 0

    def load(self, system: str, tools: list[Any]) -> None:
        """Make ready for this system text and these tools; nothing happens when they are the same as before."""
        wanted = json.dumps([system, tools])
        if wanted == self._loaded:
            return
        self._loaded, self._heard = "", None
        module = _needle_module()
        try:
            self._needle = module.Needle(tools=json.dumps(tools), system=system, auto_date=False)
        except (RuntimeError, ValueError) as error:
            said = f"Needle cannot take these {len(tools)} tools ({error})"
            raise Failed("invalid_request", said, "Offer fewer tools, or shorten their descriptions.") from None
        except OSError as error:
            raise Failed("unavailable", f"the engine of the local model does not load: {error}", _REINSTALL) from None
        self._loaded, self._heard = wanted, []

    def complete(self, system: str, tools: list[Any], inputs: list[str], max_new_tokens: int) -> Any:
        """Needle's answer to the last input."""
        self.load(system, tools)
        heard, limit = self._heard, self._max_new_tokens
        self._heard = None
        is_continued = heard is not None and inputs[: len(heard)] == heard and len(inputs) > len(heard)
        if heard is None or not is_continued or (heard and limit != max_new_tokens):
            self._needle.reset()
            heard = []
        answer: Any = None
        for text in inputs[len(heard) :]:
            try:
                answer = self._needle.complete(text, max_new_tokens)
            except RuntimeError as error:
                raise Failed("server", f"Needle failed: {error}") from None
        self._heard, self._max_new_tokens = inputs, max_new_tokens
        return answer

    def embed(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text."""
        if self._needle is None:
            self.load("", [])
        return [self._needle.embed(text) for text in texts]


def main(_arguments: list[str]) -> int:
    """Serve commands until the input closes."""
    commands, answers = _take_protocol()
    sys.addaudithook(_refuse_network)
    warnings.simplefilter("ignore")  # about the length of conversations, on standard error
    conversation = Conversation()
    for line in commands:
        answers.write(json.dumps(_answer(conversation, json.loads(line))).encode("ascii") + b"\n")
        answers.flush()
    return 0


def _answer(conversation: Conversation, command: dict[str, Any]) -> dict[str, Any]:
    operations: dict[str, Callable[..., Any]] = {
        "complete": conversation.complete, "load": conversation.load, "embed": conversation.embed,
    }  # fmt: skip
    try:
        return {"ok": operations[command.pop("op")](**command)}
    except Failed as error:
        return {"failed": error.document}
    except Exception as error:  # noqa: BLE001 — door: the package is a third party's and may raise anything
        return {"failed": Failed("server", f"Needle failed: {type(error).__name__}: {error}").document}


def _needle_module() -> Any:
    try:
        import needle  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError as error:
        raise Failed("unavailable", f"the local model is not installed ({error})", f"{INSTALL}, {_OR}") from None
    folder = Path(needle.__file__).parent
    for pattern in _ENGINE_FILES:
        if not any(folder.glob(pattern)):  # the package would try to download what is missing
            said = f"the local model has no {pattern.replace('*', 'so/dylib/dll')} for this platform"
            raise Failed("unavailable", said, _REINSTALL)
    return needle


_OR = "or choose another model."
_REINSTALL = f"{INSTALL} on a supported platform, {_OR}"


def _take_protocol() -> tuple[BinaryIO, BinaryIO]:
    commands = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    sys.stdout = sys.stderr
    return commands, answers


def _refuse_network(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"):
        raise PermissionError("the local model has no network")


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
