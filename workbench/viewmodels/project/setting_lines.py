"""The settings of a project that its page shows, in order: where each is in workbench.toml, and what it does."""

from dataclasses import dataclass
from typing import Any, Literal

from workbench.app.project.setting_text import SettingPath
from workbench.core.model_parameters import PARAMETERS

SettingKind = Literal["line", "text", "whole", "number", "flag", "model", "choice", "selector", "parameter"]


@dataclass(frozen=True)
class SettingLine:
    """`about` says what it does, `unit` stands behind a number, `example` in an empty field that has no default."""

    path: SettingPath
    label: str
    about: str
    kind: SettingKind = "line"
    unit: str = ""
    example: str = ""

    @property
    def key(self) -> str:
        """The setting's name, such as `request.temperature`."""
        return ".".join(self.path)


NAME = SettingLine(("name",), "Name", "Shown in the window's title and in lists; empty: the folder's name")
INSTRUCTIONS = SettingLine(
    ("instructions",),
    "Instructions",
    "The system prompt: sent with every request",
    "text",
    example="What the model should know before it reads any message",
)
PROMPT = SettingLine(
    ("prompt",),
    "Sample message",
    "Suggested in a new conversation; Ctrl+Enter sends it",
    "text",
    example="A message that shows what this project is for",
)
MODEL = SettingLine(("model",), "Default model", "Asked unless a conversation or a variant chooses another", "model")
CHOICE_WORDS = "auto, none, required, NAME[,NAME…] or auto:NAME[,NAME…]"
TOOL_CHOICE = SettingLine(("request", "tool_choice"), "First round", CHOICE_WORDS, "choice")
TOOL_CHOICE_AFTER = SettingLine(
    ("request", "tool_choice_after"), "Later rounds", CHOICE_WORDS, "choice", example="after none: none, else auto"
)
PARALLEL = SettingLine(
    ("request", "parallel_calls"), "Allow parallel calls", "The model may propose several calls at once", "flag"
)
PICTURES = SettingLine(
    ("request", "pictures"),
    "Send pictures that tools return",
    "The model is shown them, where its API takes pictures in results",
    "flag",
)
PARAMETER_LINES = tuple(
    SettingLine(("request", one.name), one.label, f"{one.about}. Empty: the vendor's default", "parameter")
    for one in PARAMETERS
)


def _limit(key: str, label: str, unit: str, about: str, kind: SettingKind = "whole") -> SettingLine:
    return SettingLine(("limits", key), label, about, kind, unit)


LIMIT_LINES = (
    _limit("rounds", "Rounds", "per message", "How many times the model may be asked for each message"),
    _limit("calls", "Calls", "per run", "Maximum tool calls in a run"),
    _limit("seconds", "Time", "seconds", "Maximum working time of a run, without waiting for you", "number"),
    _limit("tokens", "Tokens", "per run", "Maximum tokens in a run, input plus output"),
    _limit("concurrency", "In parallel", "calls", "Maximum calls running at once"),
    _limit("tool_seconds", "Time per call", "seconds", "Maximum time for one call", "number"),
    _limit("result_chars", "Result", "characters", "Maximum part of a result sent to the model"),
    _limit(
        "approval_seconds",
        "Time to decide",
        "seconds",
        "How long an approval waits; empty: until you decide",
        "number",
    ),
)
SELECTOR = SettingLine(
    ("routing", "selector"), "Selector", "Chooses the tools of each run; “all” offers every tool", "selector"
)
ROUTING_LINES = (
    SELECTOR,
    SettingLine(
        ("routing", "top"), "At most", "How many tools are offered besides those that always are", "whole", "tools", "5"
    ),
    SettingLine(
        ("routing", "threshold"),
        "Minimum score",
        "Tools that score below this, from 0 to 1, are not offered",
        "number",
        example="0",
    ),
    SettingLine(
        ("routing", "force"),
        "Force",
        "If the best tool leads by this share of its score, from 0 to 1, it must be called",
        "number",
        example="never",
    ),
)
LINES = (
    NAME,
    INSTRUCTIONS,
    PROMPT,
    MODEL,
    *PARAMETER_LINES,
    TOOL_CHOICE,
    TOOL_CHOICE_AFTER,
    PARALLEL,
    PICTURES,
    *ROUTING_LINES,
    *LIMIT_LINES,
)
BY_KEY = {line.key: line for line in LINES}


def setting_words(value: Any) -> str:
    """A value as it is typed: `8`, `2.5`, `500,000`, `true`; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:,.6f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) and value >= 10_000 else str(value)
