"""The status bar: what waits, what it cost, where one stands."""

from typing import TYPE_CHECKING

from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.tone import Tone
from workbench.viewmodels.trace.trace_figures import TraceFigures

if TYPE_CHECKING:
    from workbench.app.session import Session


def badge(waiting: int) -> str:
    """`2 approvals wait (F8)`; empty when nothing waits."""
    if not waiting:
        return ""
    return "1 approval waits  F8" if waiting == 1 else f"{waiting} approvals wait  F8"


def spent_text(trace: TraceFigures) -> str:
    """Tokens and cost of the shown conversation."""
    usage = trace.usage
    parts = (figures.tokens(usage) if usage.total_tokens else "", str(trace.cost))
    return " · ".join(part for part in parts if part)


def trust_text(session: "Session") -> tuple[str, Tone]:
    """Whether the project's code may run, in words and as a tone."""
    if session.needs_trust:
        return ("rules not trusted" if session.is_trusted else "not trusted"), "warn"
    return ("trusted", "ok") if session.code_files() else ("no code", "plain")


def policy_text(session: "Session") -> str:
    """The approval policy in a few words."""
    rules = session.project.policy.rules
    if not rules:
        return "asks before every call"
    if len(rules) == 1 and rules[0].tool == "*" and not rules[0].arguments and not rules[0].annotations:
        return {"allow": "allows every call", "ask": "asks before every call", "deny": "denies every call"}[
            rules[0].action
        ]
    return figures.count(len(rules), "approval rule")
