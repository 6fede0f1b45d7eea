"""Who decides about calls when there is no window: a person at the terminal, or a fixed answer."""

import asyncio
import sys

import msgspec

from workbench.cli.granting import ask_for_grant
from workbench.cli.keyboard import Keyboard
from workbench.cli.questions import ask_person
from workbench.cli.terminal import Terminal
from workbench.core.approval import ALLOW_ALL, DENY_ALL, Decision, Policy, Question, Rule
from workbench.core.errors import MalformedJson
from workbench.core.grant import GrantScope
from workbench.core.json_text import canonical, parse_strict_object
from workbench.core.server_question import Reply, ServerQuestion
from workbench.core.visible_text import visible, visible_line

_ANSWERS = (
    "approve [a] · and from now on in this conversation [c] or project [p] · edit [e] · reject [r] · mock result [m] · "
    "stop the run [s]"
)
_YES: dict[str, GrantScope] = {
    **dict.fromkeys(("a", "approve", "y", "yes"), "once"),
    **dict.fromkeys(("c", "conversation"), "conversation"),
    **dict.fromkeys(("p", "project"), "project"),
}
_NO_MORE = Decision("reject", by="nobody", note="end of input")


def policy_for(mode: str, own: Policy) -> Policy:
    """The policy a run uses for an `--approve` mode. `all` turns what the project asks about into what it allows; what
    is still asked, because an annotation can never allow, is left to `ConsentingApprover`."""
    match mode:
        case "all":
            return Policy((*(_allowing(rule) for rule in own.rules), *ALLOW_ALL.rules))
        case "deny":
            return DENY_ALL
        case _:
            return own


def _allowing(rule: Rule) -> Rule:
    return msgspec.structs.replace(rule, action="allow") if rule.action == "ask" and not rule.annotations else rule


class ConsentingApprover:
    """Somebody has said beforehand that whatever is asked about may run."""

    async def decide(self, question: Question) -> Decision:
        """See `engine.ports.Approver`."""
        if question.wants == "result":
            return Decision("expire", by="nobody", note="this run asks nobody")
        return Decision("approve", by="--approve all")


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

    def __init__(self, terminal: Terminal, keyboard: Keyboard | None = None) -> None:
        self._terminal = terminal
        self._keyboard = keyboard or Keyboard(terminal)
        self._turn = asyncio.Lock()

    async def decide(self, question: Question) -> Decision:
        """See `engine.ports.Approver`. An unclear answer is asked again; the end of input is a no."""
        async with self._turn:
            self._show(question)
            return await (self._result() if question.wants == "result" else self._decision(question))

    async def reply(self, question: ServerQuestion) -> Reply:
        """See `engine.ports.Answerer`. The end of input cancels."""
        async with self._turn:
            return await ask_person(question, self._terminal, self._keyboard)

    async def _decision(self, question: Question) -> Decision:
        while True:
            answer = await self._keyboard.line(f"  {_ANSWERS} > ")
            match answer.strip().lower() if answer is not None else None:
                case None:
                    return _NO_MORE
                case word if word in _YES:
                    if (decision := await self._approval(_YES[word], question)) is not None:
                        return decision
                case "r" | "reject" | "n" | "no":
                    note = await self._keyboard.line("  reason for the model > ")
                    return Decision("reject", by="person", note=note or "")
                case "m" | "mock":
                    result = await self._keyboard.line("  result > ")
                    return _NO_MORE if result is None else Decision("mock", by="person", result_text=result)
                case "s" | "stop":
                    return Decision("stop", by="person", note=await self._keyboard.line("  reason > ") or "")
                case "e" | "edit":
                    text = await self._keyboard.line("  arguments as JSON, or empty to keep them > ")
                    if text is None:
                        return _NO_MORE
                    if text.strip():
                        return Decision("edit", by="person", arguments_json=text)

    async def _approval(self, scope: GrantScope, question: Question) -> Decision | None:
        """A yes, for this call or for longer; None when it was none after all."""
        if question.problems:
            self._terminal.say("  These arguments do not fit the tool: edit them, or reject the call.", "bad")
            return None
        if scope == "once":
            return Decision("approve", by="person")
        request = await ask_for_grant(scope, question, self._keyboard, self._terminal)
        return Decision("approve", by="person", grant=request) if request is not None else None

    async def _result(self) -> Decision:
        text = await self._keyboard.line("  the result of this call, or empty to reject it > ")
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
        for change in question.changes:
            what = f"{change.path} was changed by {change.by}: {canonical(change.before)} → {canonical(change.after)}"
            self._terminal.say(f"    {visible_line(what)}", "warn")
        for remark in question.remarks:
            self._terminal.say(f"    {visible_line(remark)}", "warn")
        for problem in question.problems:
            self._terminal.say(f"    {visible_line(str(problem))}", "bad")


def has_person() -> bool:
    """Whether somebody can type an answer."""
    return sys.stdin is not None and sys.stdin.isatty()
