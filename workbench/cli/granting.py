"""At the terminal: for which later calls an approval shall hold as well."""

from workbench.cli.keyboard import Keyboard
from workbench.cli.terminal import Terminal
from workbench.core.approval import Question
from workbench.core.argument_glob import glob_of, misfits
from workbench.core.errors import MalformedJson
from workbench.core.grant import GrantRequest, GrantScope
from workbench.core.json_text import canonical, parse_strict_object
from workbench.core.visible_text import visible_line

_WHICH = "for which arguments: exactly these [e] · any [a] · a pattern for each [g] · back [b]"


async def ask_for_grant(
    scope: GrantScope, question: Question, keyboard: Keyboard, terminal: Terminal
) -> GrantRequest | None:
    """The permission the person wants to give; None to go back, also at the end of input."""
    while True:
        answer = await keyboard.line(f"  {_WHICH} > ")
        match answer.strip().lower() if answer is not None else None:
            case "e" | "exact":
                return GrantRequest(scope, "exact")
            case "a" | "any":
                return GrantRequest(scope, "any")
            case "g" | "glob" | "pattern":
                patterns = await _patterns(question, keyboard, terminal)
                return GrantRequest(scope, "patterns", patterns) if patterns is not None else None
            case None | "b" | "back" | "":
                return None


async def _patterns(question: Question, keyboard: Keyboard, terminal: Terminal) -> dict[str, str] | None:
    """A glob for each argument of the call; each must fit the call itself."""
    try:
        arguments = parse_strict_object(question.arguments_json or "{}")
    except MalformedJson:
        terminal.say("  These arguments are not JSON, so there is no pattern for them.", "bad")
        return None
    patterns: dict[str, str] = {}
    for name, value in arguments.items():
        exact = glob_of(value)
        without = "empty for exactly this" if exact else "only * matches an object or a list"
        while name not in patterns:
            shown = visible_line(f"{name} ({canonical(value)[:80]})")
            glob = await keyboard.line(f"  {shown}: a pattern with * and ?, or {without} > ")
            if glob is None:
                return None
            glob = glob or exact
            if why := misfits({name: glob}, {name: value}).get(name, ""):
                terminal.say(f"  {why}", "bad")
            else:
                patterns[name] = glob
    return patterns
