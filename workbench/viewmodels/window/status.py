"""The status bar: what waits, what it cost, where one stands."""

from typing import Protocol

from workbench.app.parts import HasProject, HasTrust
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.tone import Tone
from workbench.viewmodels.trace.trace_figures import TraceFigures


def badge(waiting: int, keys: str) -> str:
    """`2 approvals waiting  F8`; empty when nothing waits. `keys` go to the next one."""
    if not waiting:
        return ""
    return f"{figures.count(waiting, 'approval')} waiting  {keys}".rstrip()


def spent_text(trace: TraceFigures) -> str:
    """Tokens and cost of the shown conversation."""
    usage = trace.usage
    parts = [part for part in (figures.tokens(usage) if usage.total_tokens else "", str(trace.cost)) if part]
    return " · ".join((*trace.part_words, *parts) if parts else ())


class StatusParts(HasProject, HasTrust, Protocol):
    """What the status bar speaks of."""


def trust_text(parts: StatusParts) -> tuple[str, Tone]:
    """Whether the project's code may run, in words and as a tone."""
    seen = parts.trust_seen
    if seen.needs_trust:
        return ("rules not trusted" if seen.is_trusted else "not trusted"), "warn"
    return ("trusted", "ok") if seen.code_files else ("no code", "plain")


def policy_text(parts: StatusParts) -> str:
    """The approval policy in a few words."""
    rules = parts.project.policy.rules
    if not rules:
        return "asks before every call"
    if len(rules) == 1 and rules[0].tool == "*" and rules[0].is_plain:
        return {"allow": "allows every call", "ask": "asks before every call", "deny": "denies every call"}[
            rules[0].action
        ]
    return figures.count(len(rules), "approval rule")
