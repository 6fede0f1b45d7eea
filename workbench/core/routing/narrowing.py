"""The selector `rules`: which rules apply to a request, and to which tools they narrow the choice."""

from collections.abc import Collection, Sequence

import msgspec

from workbench.core.routing.plan import RoutingRule
from workbench.core.routing.terms import terms_of


class Narrowing(msgspec.Struct, frozen=True):
    """The tools of all rules that apply, with the reason for each. Without any, nothing is narrowed."""

    why: dict[str, str] = {}

    @property
    def is_empty(self) -> bool:
        """Whether no rule applied."""
        return not self.why


def narrowing(
    rules: Sequence[RoutingRule], request: str, *, called: Collection[str], found: Collection[str]
) -> Narrowing:
    """What the rules say. `called` are tools that were called before, `found` the patterns that are in the request."""
    own = frozenset(terms_of(request, keep_empty=True))
    applying = [rule for rule in rules if not rule.is_default and _applies(rule, own, called, found)]
    applying = applying or [rule for rule in rules if rule.is_default]
    why: dict[str, str] = {}
    for rule in applying:
        for tool in rule.tools:
            why.setdefault(tool, rule.why)
    return Narrowing(why)


def patterns_of(rules: Sequence[RoutingRule]) -> tuple[str, ...]:
    """All patterns that have to be looked for."""
    return tuple(dict.fromkeys(pattern for rule in rules for pattern in (rule.match, rule.unless) if pattern))


def _applies(rule: RoutingRule, own: frozenset[str], called: Collection[str], found: Collection[str]) -> bool:
    if rule.match and rule.match not in found:
        return False
    if rule.unless and rule.unless in found:
        return False
    if rule.after and rule.after not in called:
        return False
    return not rule.words or any(set(terms_of(word, keep_empty=True)) <= own for word in rule.words)
