"""The table `routing` of workbench.toml: which tools a round offers."""

from collections.abc import Collection, Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from workbench.core.ecma_pattern import BadPattern, UncheckedPattern, python_pattern
from workbench.core.errors import UsageError
from workbench.core.routing.plan import (
    ALL_TOOLS,
    DEFAULT_TOP,
    ENCODER,
    KINDS,
    NO_TOOLS,
    Narrow,
    Reroute,
    RoutingPlan,
    RoutingRule,
)
from workbench.core.routing.plan import SelectorKind as Kind
from workbench.core.tool import PORTABLE_NAME, Tool

_ALONE: dict[str, tuple[Kind, ...]] = {kind: (kind,) for kind in KINDS}


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Use = Annotated[tuple[Kind, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
Fallback = Annotated[_Names, BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]
"""`all`, `none`, or names of tools."""


class RoutingRuleRow(_Row):
    """`[[routing.rules]]`; see `core.routing.plan.RoutingRule`."""

    tools: _Names = Field(min_length=1)
    match: str = ""
    unless: str = ""
    words: _Names = ()
    after: str = ""

    @model_validator(mode="after")
    def _patterns_can_be_read(self) -> "RoutingRuleRow":
        for pattern in filter(None, (self.match, self.unless)):
            try:
                python_pattern(pattern)
            except (BadPattern, UncheckedPattern) as error:
                raise ValueError(f"{pattern!r} is not a valid ECMA 262 regular expression: {error}") from None
        return self

    def rule(self) -> RoutingRule:
        """The rule as a value."""
        return RoutingRule(self.tools, self.match, self.unless, self.words, self.after)


class _Settings(_Row):
    top: int | None = Field(default=None, ge=1, le=1000)
    threshold: float | None = Field(default=None, ge=0, le=1, strict=False)
    fallback: Fallback | None = None
    reroute: Reroute | None = None
    narrow: Narrow | None = None
    force: float | None = Field(default=None, ge=0, le=1, strict=False)
    seconds: float | None = Field(default=None, gt=0, le=120, strict=False)

    def changes(self) -> dict[str, Any]:
        """What is set."""
        return {name: value for name in _Settings.model_fields if (value := getattr(self, name)) is not None}


class SelectorRow(_Settings):
    """`[routing.selectors.NAME]`: selectors that are fused, with settings of their own."""

    use: Use


class RoutingSection(_Settings):
    """`[routing]`: `selector` chooses the tools of every run; without it all tools are offered. See
    `core.routing.plan.RoutingPlan`."""

    selector: str = ALL_TOOLS
    always: _Names = ()
    never: _Names = ()
    nothing: _Names = ()
    embeddings: str = ENCODER
    model: str = ""
    intents: dict[str, _Names] = {}
    rules: Annotated[tuple[RoutingRuleRow, ...], BeforeValidator(_as_tuple)] = ()
    selectors: dict[str, SelectorRow] = {}

    @model_validator(mode="after")
    def _names_are_free(self) -> "RoutingSection":
        for name in self.selectors:
            if name in (*KINDS, ALL_TOOLS) or not PORTABLE_NAME.fullmatch(name):
                raise ValueError(f"{name!r} cannot be a selector's name: use letters, digits, _ or -; no built-in name")
        self.plan(self.selector)
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """What can be selected, the project's own selectors first."""
        return (*self.selectors, *KINDS, ALL_TOOLS)

    def plan(self, name: str) -> RoutingPlan | None:
        """The plan of a selector; None for all tools. Raises `ValueError` when there is none of that name."""
        if name == ALL_TOOLS:
            return None
        own = self.selectors.get(name)
        use = own.use if own is not None else _ALONE.get(name)
        if use is None:
            raise ValueError(f"there is no selector {name!r}; use {', '.join(self.names)}")
        settings = {"top": DEFAULT_TOP, **self.changes(), **(own.changes() if own is not None else {})}
        return RoutingPlan(
            name=name,
            use=use,
            always=self.always,
            never=self.never,
            nothing=self.nothing,
            embeddings=self.embeddings,
            model=self.model,
            intents=dict(self.intents),
            rules=tuple(row.rule() for row in self.rules),
            **settings,
        )


def plan_named(section: RoutingSection, name: str) -> RoutingPlan | None:
    """The plan of a selector; None for all tools. Raises `UsageError` when there is none of that name."""
    try:
        return section.plan(name)
    except ValueError:
        raise UsageError(f"there is no selector {name!r}", hint=f"Selectors: {', '.join(section.names)}.") from None


def unknown_tools(section: RoutingSection, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Place and name of each tool that the table names and that does not exist."""
    named = {"always": section.always, "never": section.never, "fallback": section.fallback or ()}
    named |= {f"rules.{number}": row.tools for number, row in enumerate(section.rules, 1)}
    named |= {f"intents.{intent}": tools for intent, tools in section.intents.items()}
    for place, tools in named.items():
        for tool in tools:
            if tool not in known and not (place == "fallback" and tool in (ALL_TOOLS, NO_TOOLS)):
                yield place, tool


def misshapen_keys(tool: Tool) -> Iterator[str]:
    """What is wrong with the keys of a tool that are for routing."""
    text, examples = tool.document.get("searchText"), tool.document.get("examples")
    if text is not None and not isinstance(text, str):
        yield '"searchText" must be a string'
    if examples is not None and not (isinstance(examples, list) and all(isinstance(each, str) for each in examples)):
        yield '"examples" must be a list of strings'
