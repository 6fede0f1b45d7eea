"""Who decides about calls when there is no window: a person at the terminal, or a fixed answer."""

import asyncio
import sys
import threading

from workbench.cli.terminal import Terminal
from workbench.core.approval import ALLOW_ALL, DENY_ALL, Decision, Policy, Question
from workbench.core.errors import MalformedJson
from workbench.core.json_text import canonical, parse_strict_object
from workbench.core.visible_text import visible, visible_line

_ANSWERS = "approve [a] · edit [e] · reject [r] · mock result [m] · stop the run [s]"


def policy_for(mode: str, own: Policy) -> Policy:
    """The policy a run uses for an `--approve` mode. `all` lets everything through but what the project denies."""
    match mode:
        case "all":
            return Policy((*(rule for rule in own.rules if rule.action == "deny"), *ALLOW_ALL.rules))
        case "deny":
            return DENY_ALL
        case _:
            return own


class AbsentApprover:
    """Nobody is there: a call that must be asked about is not made, and the model is told so."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    async def decide(self, question: Question) -> Decision:
        """See `engine.ports.Approver`."""
        if question.wants == "result":
            return Decision("expire", by="nobody", note=self._reason)
        return Decision("reject", by="nobody", note=self._reason)


class TerminalApprover:
    """A person at the terminal, asked about one call at a time."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._turn = asyncio.Lock()

    async def decide(self, question: Question) -> Decision:
        """See `engine.ports.Approver`. An unclear answer is asked again; the end of input is a no."""
        async with self._turn:
            self._show(question)
            return await (self._result(question) if question.wants == "result" else self._decision(question))

    async def _decision(self, question: Question) -> Decision:
        while True:
            answer = await _read_line(f"  {_ANSWERS} > ")
            if answer is None:
                return Decision("reject", by="nobody", note="the input ended")
            match answer.strip().lower()[:1]:
                case "a" | "y":
                    return Decision("approve", by="person")
                case "r" | "n":
                    return Decision("reject", by="person", note=await _read_line("  reason for the model > ") or "")
                case "m":
                    return Decision("mock", by="person", result_text=await _read_line("  result > ") or "")
                case "s":
                    return Decision("stop", by="person", note=await _read_line("  reason > ") or "")
                case "e":
                    text = await _read_line("  arguments as JSON > ") or ""
                    return Decision("edit", by="person", arguments_json=text)

    async def _result(self, question: Question) -> Decision:
        text = await _read_line("  the result of this call, or nothing to reject it > ")
        if text:
            return Decision("mock", by="person", result_text=text)
        return Decision("reject", by="person", note="no result was given")

    def _show(self, question: Question) -> None:
        self._terminal.say(f"  {visible_line(question.tool.name)} wants to run ({visible_line(question.rule)})", "warn")
        try:
            for name, value in parse_strict_object(question.arguments_json or "{}").items():
                self._terminal.say(f"    {visible_line(name)}: {visible(canonical(value))}")
        except MalformedJson:
            self._terminal.say(f"    {visible(question.arguments_json)}")
        for problem in question.problems:
            self._terminal.say(f"    {visible_line(str(problem))}", "bad")


def has_person() -> bool:
    """Whether somebody can type an answer."""
    return sys.stdin is not None and sys.stdin.isatty()


async def _read_line(prompt: str) -> str | None:
    """A line from the keyboard, or None at the end of input. Cancelling leaves the reading thread behind, which
    does not keep the program from ending."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[str | None] = loop.create_future()

    def give(line: str | None) -> None:
        if not answered.done():
            answered.set_result(line)

    def read() -> None:
        try:
            line: str | None = input(prompt)
        except (EOFError, OSError):
            line = None
        loop.call_soon_threadsafe(give, line)

    threading.Thread(target=read, name="keyboard", daemon=True).start()
    return await answered
