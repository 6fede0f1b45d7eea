"""How long an approval shall hold, and for which arguments: chosen beside Approve, before it is pressed."""

from workbench.core.argument_glob import glob_of, misfits
from workbench.core.errors import MalformedJson
from workbench.core.grant import GrantRequest
from workbench.core.json_text import JsonObject, parse_strict_object
from workbench.viewmodels.shared.plain import one_line

ONCE = GrantRequest()
WISHES: tuple[tuple[GrantRequest, str], ...] = (
    (ONCE, "Only this call"),
    (GrantRequest("conversation", "exact"), "These exact arguments, in this conversation"),
    (GrantRequest("conversation", "patterns"), "Arguments matching a pattern, in this conversation…"),
    (GrantRequest("conversation", "any"), "This tool with any arguments, in this conversation"),
    (GrantRequest("project", "exact"), "These exact arguments, in this project"),
    (GrantRequest("project", "patterns"), "Arguments matching a pattern, in this project…"),
    (GrantRequest("project", "any"), "This tool with any arguments, in this project"),
)
"""How long an approval can hold, in the words of the picker."""


class GrantChoice:
    """A row of `WISHES`, and a glob for each argument where the row wants them.

    The globs begin as the arguments are, so that nothing is allowed by accident but what was asked about.
    """

    def __init__(self, arguments_json: str) -> None:
        self.place = 0
        self._arguments = _read(arguments_json)
        self._patterns = {name: glob_of(value) for name, value in self._arguments.items()}

    @property
    def patterns(self) -> dict[str, str]:
        """The glob of each argument, in the order of the call."""
        return dict(self._patterns)

    @property
    def wants_patterns(self) -> bool:
        """Whether the chosen row is bound to patterns."""
        return WISHES[self.place][0].binds == "patterns"

    @property
    def words(self) -> str:
        """The chosen row."""
        return WISHES[self.place][1].rstrip("…")

    @property
    def wish(self) -> GrantRequest | None:
        """What is sent with the approval; None for a single call."""
        wish = WISHES[self.place][0]
        if wish == ONCE:
            return None
        return GrantRequest(wish.scope, wish.binds, self.patterns) if self.wants_patterns else wish

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong with the patterns, by argument. A permission that does not fit its own call is none."""
        return misfits(self._patterns, self._arguments) if self.wants_patterns else {}

    @property
    def summary(self) -> str:
        """What the permission will say, in a line; empty for a single call."""
        if not self.wants_patterns:
            return "" if WISHES[self.place][0] == ONCE else self.words
        globs = ", ".join(f"{one_line(name, 40)}={one_line(glob, 80)}" for name, glob in self._patterns.items())
        return f"{self.words}: {globs or 'no arguments'}"

    def be_about(self, arguments_json: str) -> None:
        """The call will run with these arguments: a glob that somebody wrote stays, every other one follows them."""
        arguments = _read(arguments_json)
        self._patterns = {
            name: glob
            if (glob := self._patterns.get(name)) is not None and glob != glob_of(self._arguments[name])
            else glob_of(value)
            for name, value in arguments.items()
        }
        self._arguments = arguments

    def choose(self, wish: GrantRequest) -> bool:
        """Take the row of this wish, and its patterns where it brings some; False when that is how it stands."""
        known = next(
            place for place, (row, _) in enumerate(WISHES) if (row.scope, row.binds) == (wish.scope, wish.binds)
        )
        patterns = {**self._patterns, **wish.patterns}
        if (known, patterns) == (self.place, self._patterns):
            return False
        self.place, self._patterns = known, patterns
        return True

    def write(self, name: str, glob: str) -> None:
        """The glob of one argument."""
        if name in self._patterns:
            self._patterns[name] = glob


def _read(arguments_json: str) -> JsonObject:
    try:
        return parse_strict_object(arguments_json or "{}")
    except MalformedJson:
        return {}
