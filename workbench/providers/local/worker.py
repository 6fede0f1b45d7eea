"""The child process that holds the model: JSON lines on standard input and output.

The engine is native code of a third party. It gets no keys, it is refused every network connection, and what
it prints cannot be taken for an answer, because the protocol is moved to private descriptors first.

Commands   {"op": "complete", "system", "tools", "inputs", "called", "must_call", "max_new_tokens"} ·
           {"op": "load", "system", "tools"} · {"op": "embed", "texts"}
Answers    {"ok": value, …} · {"failed": {"kind", "message", "hint"}, …}, both with "load_s" and "took_s", the seconds
           for reading tools and in all, and "inputs", how many inputs the engine has answered

Needle remembers one conversation. Inputs it has already heard, with the same system text and tools, are not
repeated to it; everything else starts a fresh conversation. It is greedy, so both ways give the same answer.

Where one of a tool's `triggers` is found in an input, the engine allows only calls of tools with such a trigger, and
requires one. It compares them without regard to capitals, and not with results. Changing triggers takes it
milliseconds, while any other change of the tools makes it read all of them again. So a call is forced by a trigger
that finds exactly the beginning of one input.
"""

import contextlib
import json
import os
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from workbench.providers.local.processors import limit_processors

_ENGINE_FILES = ("libneedle3.*", "needle3.cact")
_TRIGGER_CHARS = 200
_REFUSED_TRIGGER = "needle: ignoring invalid trigger for "
INSTALL = "pip install 'tool-calling-workbench[local]'"


class Failed(Exception):
    """A command that cannot be carried out, with the kind and the hint of a provider failure."""

    def __init__(self, kind: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.document = {"kind": kind, "message": message, "hint": hint}


class Conversation:
    """The one conversation of this process. What was heard is None when it is not known for certain."""

    def __init__(self, complaints: Callable[[], str], threads: int = 0) -> None:
        """`complaints` gives what the engine has printed since it was last asked; `threads` is how many threads the
        engine should use, 0 as many as it likes."""
        self._complaints = complaints
        self._threads = threads
        self._needle: Any = None
        self._loaded = ""
        self._heard: list[str] | None = []
        self._made: list[list[str]] = []
        """The tools called after each input that was heard."""
        self._max_new_tokens = 0
        self.load_s = 0.0
        self.answered = 0
        """How long loading took, and how many inputs were answered, since both were reset."""

    def load(self, system: str, tools: list[Any]) -> None:
        """Make ready for this system text and these tools; nothing happens when they are the same as before.

        Raises `Failed` when the engine does not load or the tools do not fit.
        """
        wanted = json.dumps([system, tools])
        if wanted == self._loaded:
            return
        self._loaded, self._heard = "", None
        module = self._module()
        began = time.perf_counter()
        try:
            self._needle = module.Needle(tools=json.dumps(tools), system=system, auto_date=False)
        except (RuntimeError, ValueError) as error:
            said = f"Needle cannot take these {len(tools)} tools ({error})"
            raise Failed("invalid_request", said, "Offer fewer tools, or shorten their descriptions.") from None
        except OSError as error:
            raise Failed("unavailable", f"the engine of the local model does not load: {error}", _REINSTALL) from None
        finally:
            self.load_s += time.perf_counter() - began
        _check_triggers(self._complaints())
        self._loaded, self._heard, self._made = wanted, [], []

    def complete(
        self,
        system: str,
        tools: list[Any],
        inputs: list[str],
        max_new_tokens: int,
        called: list[list[str]] | None = None,
        must_call: list[str] | None = None,
    ) -> Any:
        """Needle's answer to the last input, which is a call of one of `must_call` where that is given.

        `called` are the tools called after each input before it. Where Needle itself would have called others, it is
        limited to them.
        """
        names = {tool["name"] for tool in tools}
        past = [[name for name in each if name in names] for each in called or [[]] * (len(inputs) - 1)]
        confined: dict[str, list[str]] = {inputs[-1]: must_call} if must_call else {}
        own = not must_call
        answer, differs_at = self._answer(system, _triggered(tools, confined, own=own), inputs, past, max_new_tokens)
        if differs_at is not None:
            for text, wanted in zip(inputs[differs_at:], past[differs_at:], strict=False):
                if wanted:
                    confined[text] = [*confined.get(text, ()), *wanted]
            answer, _ = self._answer(system, _triggered(tools, confined, own=own), inputs, [], max_new_tokens)
        return answer

    def embed(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text."""
        if self._needle is None:
            self.load("", [])
        return [self._needle.embed(text) for text in texts]

    def _answer(
        self, system: str, tools: list[Any], inputs: list[str], past: list[list[str]], max_new_tokens: int
    ) -> tuple[Any, int | None]:
        """The answer; or the place of the first input after which others than `past` were called."""
        self.load(system, tools)
        heard, limit = self._heard, self._max_new_tokens
        self._heard = None
        is_continued = heard is not None and inputs[: len(heard)] == heard and len(inputs) > len(heard)
        if heard is None or not is_continued or (heard and limit != max_new_tokens):
            self._needle.reset()
            heard, self._made = [], []
        answer: Any = None
        for number, text in enumerate(inputs):
            if number >= len(heard):
                try:
                    answer = self._needle.complete(text, max_new_tokens)
                except RuntimeError as error:
                    raise Failed("server", f"Needle failed: {error}") from None
                self.answered += 1
                self._made.append([call.get("name", "") for call in answer.get("function_calls") or []])
            if number < len(past) and past[number] and set(past[number]) != set(self._made[number]):
                return None, number
        self._heard, self._max_new_tokens = inputs, max_new_tokens
        return answer, None

    def _module(self) -> Any:
        module, library = _needle_module()
        if self._threads and self._needle is None:
            limit_processors(library, self._threads)
        return module


def _triggered(tools: list[Any], confined: dict[str, list[str]], *, own: bool) -> list[Any]:
    """The tools with triggers that confine each text to its tools; `own` keeps those they have."""
    made = []
    for tool in tools:
        triggers = [*(tool.get("triggers", ()) if own else ())]
        triggers += [_exactly(text) for text, names in confined.items() if tool["name"] in names]
        plain = {key: value for key, value in tool.items() if key != "triggers"}
        made.append(plain | {"triggers": triggers} if triggers else plain)
    return made


def _exactly(text: str) -> str:
    """A regular expression that finds what begins like this text."""
    return "^" + re.sub(r"[\\^$.|?*+()\[\]{}/-]", r"\\\g<0>", text[:_TRIGGER_CHARS])


def _check_triggers(said: str) -> None:
    """Raise `Failed` where the engine left out a trigger; `said` is what it printed."""
    for line in said.splitlines():
        if line.startswith(_REFUSED_TRIGGER):
            tool, _, trigger = line.removeprefix(_REFUSED_TRIGGER).partition(": ")
            raise Failed(
                "invalid_request",
                f"the local model cannot use the trigger {trigger!r} of the tool {tool!r}",
                "Write a regular expression as in JavaScript, without flags; case is ignored.",
            )


def main(arguments: list[str]) -> int:
    """Serve commands until the input closes. The one argument is how many threads the engine should use."""
    commands, answers, complaints = _take_protocol()
    sys.addaudithook(_refuse_network)
    warnings.simplefilter("ignore")  # about the length of conversations, on standard error
    conversation = Conversation(complaints, int(arguments[0]) if arguments else 0)
    for line in commands:
        answers.write(json.dumps(_answer(conversation, json.loads(line))).encode("ascii") + b"\n")
        answers.flush()
        complaints()  # the rest is not read
    return 0


def _answer(conversation: Conversation, command: dict[str, Any]) -> dict[str, Any]:
    operations: dict[str, Callable[..., Any]] = {
        "complete": conversation.complete, "load": conversation.load, "embed": conversation.embed,
    }  # fmt: skip
    began, conversation.load_s, conversation.answered = time.perf_counter(), 0.0, 0
    try:
        answer = {"ok": operations[command.pop("op")](**command)}
    except Failed as error:
        answer = {"failed": error.document}
    except Exception as error:  # noqa: BLE001 — door: the package is a third party's and may raise anything
        answer = {"failed": Failed("server", f"Needle failed: {type(error).__name__}: {error}").document}
    took = {"load_s": conversation.load_s, "took_s": time.perf_counter() - began, "inputs": conversation.answered}
    return answer | took


def _needle_module() -> tuple[Any, Path]:
    """The package and its library."""
    try:
        import needle  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError as error:
        raise Failed("unavailable", f"the local model is not installed ({error})", f"{INSTALL}, {_OR}") from None
    folder = Path(needle.__file__).parent
    for pattern in _ENGINE_FILES:
        if not any(folder.glob(pattern)):  # the package would try to download what is missing
            said = f"the local model has no {pattern.replace('*', 'so/dylib/dll')} for this platform"
            raise Failed("unavailable", said, _REINSTALL)
    return needle, next(folder.glob(_ENGINE_FILES[0]))


_OR = "or choose another model."
_REINSTALL = f"{INSTALL} on a supported platform, {_OR}"


def _take_protocol() -> tuple[BinaryIO, BinaryIO, Callable[[], str]]:
    """Commands, answers, and what native code and prints have written since the last request for it."""
    commands = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    said = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 — it is open as long as the process runs
    os.dup2(said.fileno(), 1)
    os.dup2(said.fileno(), 2)
    sys.stdout = sys.stderr

    def complaints() -> str:
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
        said.seek(0)
        said.truncate()
        return text

    return commands, answers, complaints


def _refuse_network(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"):
        raise PermissionError("the local model has no network")


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
