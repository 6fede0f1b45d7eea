"""The result of routing, in a few words."""

from collections.abc import Sequence

from workbench.core.content import ToolCallPart
from workbench.core.exchange import ToolSearch
from workbench.core.routing.routed import Routed

_SHOWN = 4


def routed_line(routed: Routed) -> str:
    """`words: 3 of 15 tools: track_order 0.41, get_order_details 0.18, … ; about 600 tokens saved`."""
    if routed.forced:
        return f"{routed.selector}: calls {routed.forced}, the router's choice, not the model's{saved_words(routed)}"
    if routed.how == "fallback":
        return f"{routed.selector}: {routed.note}"
    scores = {each.tool: each.score for each in routed.candidates}
    best = sorted(routed.offered, key=lambda name: -scores.get(name, 0.0))[:_SHOWN]
    shown = ", ".join(f"{name} {scores[name]:.2f}" if scores.get(name) else name for name in best)
    more = ", …" if len(routed.offered) > _SHOWN else ""
    note = f" ({routed.note})" if routed.note else ""
    return f"{routed.selector}: offers {shown or 'no tools'}{more}{note}{saved_words(routed)}"


def saved_words(routed: Routed) -> str:
    """`, ≈ 600 tokens saved`; empty where nothing was."""
    saved = routed.tokens[0] - routed.tokens[1] - routed.spent
    return f", ≈ {saved:,} tokens saved" if saved > 0 else ""


def search_line(search: ToolSearch, calls: Sequence[ToolCallPart]) -> str:
    """`the vendor's tool search “parcel”: found track_order, get_order; then called track_order`."""
    found = f"found {', '.join(search.found) or 'nothing'}" if not search.error else f"failed: {search.error}"
    called = dict.fromkeys(call.tool for call in calls if call.tool in search.found)
    then = f"; then called {', '.join(called)}" if called else "; called none of them" if search.found else ""
    return f"the vendor's tool search{f' “{search.query}”' if search.query else ''}: {found}{then}"
