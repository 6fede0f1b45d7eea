"""What a project says about routing: which selector, how many tools, and what holds whatever it says."""

from typing import Literal, get_args

import msgspec

SelectorKind = Literal["words", "rules", "examples", "meaning", "learned", "model", "two-stage", "simulated-search"]
KINDS: tuple[SelectorKind, ...] = get_args(SelectorKind)
Reroute = Literal["turn", "round"]
Narrow = Literal["tools", "allowed-tools", "tool-search"]
ALL_TOOLS = "all"
"""The selector that leaves nothing out; also the fallback that offers everything."""
NO_TOOLS = "none"
ENCODER = "encoder"
"""The packaged sentence encoder; `local` is the local model."""
DEFAULT_TOP = 5
WEIGHTS: dict[SelectorKind, float] = {
    "simulated-search": 1.0,
    "words": 1.0,
    "examples": 0.6,
    "meaning": 1.0,
    "learned": 1.0,
    "model": 1.0,
    "two-stage": 1.0,
}
"""How much each counts where several are fused; rules narrow instead."""


class RoutingRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """When it applies, only its `tools` are candidates, together with those of other rules that apply.

    `match` and `unless` are ECMA 262 regular expressions that are searched in the request, as it is and in lower case;
    `words` are compared as whole words, and one of them is enough; `after` names a tool that must have been called in
    the conversation. What is empty does not count. A rule without any condition is the default: it is for requests to
    which no other rule applies.
    """

    tools: tuple[str, ...]
    match: str = ""
    unless: str = ""
    words: tuple[str, ...] = ()
    after: str = ""

    @property
    def is_default(self) -> bool:
        """Whether it applies where no other rule does."""
        return not (self.match or self.unless or self.words or self.after)

    @property
    def why(self) -> str:
        """Its conditions, in words."""
        parts = [f"matches {self.match}"] if self.match else []
        parts += [f"does not match {self.unless}"] if self.unless else []
        parts += [f"has {' or '.join(self.words)}"] if self.words else []
        parts += [f"{self.after} was called"] if self.after else []
        return ", ".join(parts) or "no other rule applies"


class RoutingPlan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the tools of a round are chosen. It is written into `run.started`, so that a log explains itself.

    `use` are the selectors whose rankings are fused; rules among them narrow first. At most `top` tools are offered
    besides those of `always`, each with a score of `threshold` or more, and those of `never` not at all. Where nothing
    is found, the `fallback` is offered: `all`, `none`, or names. `force`: where the best tool leads by this share of
    its score, it has to be called. `embeddings` says what makes vectors for `meaning` and `learned`: `encoder`,
    `local`, or a SPEC; `model` is the SPEC of what the selectors `model` and `two-stage` ask, empty for the run's own;
    `intents` are the groups of tools that `two-stage` chooses among first.
    """

    name: str
    use: tuple[SelectorKind, ...] = ("words",)
    top: int = DEFAULT_TOP
    threshold: float = 0.0
    always: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    fallback: tuple[str, ...] = (ALL_TOOLS,)
    reroute: Reroute = "turn"
    narrow: Narrow = "tools"
    """How a request is narrowed to what was chosen: to these `tools`; by the choice `allowed-tools` among all tools, so
    that a prompt cache keeps them; or by the vendor's `tool-search`, which the others are left to. Where a wire has no
    such thing, only the chosen tools are sent."""
    force: float | None = None
    rules: tuple[RoutingRule, ...] = ()
    nothing: tuple[str, ...] = ()
    """Examples of requests for which no tool is right."""
    embeddings: str = ENCODER
    model: str = ""
    intents: dict[str, tuple[str, ...]] = {}
    seconds: float = 30.0
    """How long the selectors may take together."""

    @property
    def simulates_search(self) -> bool:
        """Whether the model gets a tool of the workbench's own that searches the others."""
        return "simulated-search" in self.use

    @property
    def each_round(self) -> bool:
        """Whether tools are chosen again in each round."""
        return self.reroute == "round" or self.simulates_search
