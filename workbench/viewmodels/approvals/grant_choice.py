"""How long an approval applies, and for which arguments: chosen beside Approve, before it is pressed."""

from workbench.core.argument_glob import glob_of, misfits
from workbench.core.errors import MalformedJson
from workbench.core.grant import GrantRequest
from workbench.core.json_text import JsonObject, parse_strict_object
from workbench.viewmodels.shared.plain import one_line

ONCE = GrantRequest()
GRANT_OPTIONS: tuple[tuple[GrantRequest, str], ...] = (
    (ONCE, "Only this call"),
    (GrantRequest("conversation", "exact"), "These exact arguments, in this conversation"),
    (GrantRequest("conversation", "patterns"), "Arguments matching a pattern, in this conversation…"),
    (GrantRequest("conversation", "any"), "This tool with any arguments, in this conversation"),
    (GrantRequest("project", "exact"), "These exact arguments, in this project"),
    (GrantRequest("project", "patterns"), "Arguments matching a pattern, in this project…"),
    (GrantRequest("project", "any"), "This tool with any arguments, in this project"),
)
"""How long an approval can apply, in the words of the picker."""


class GrantChoice:
    """A row of `GRANT_OPTIONS`, and a glob for each argument if the row has them.

    The globs start as the exact arguments, so that nothing else is allowed by accident.
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
        """Whether the chosen row has patterns."""
        return GRANT_OPTIONS[self.place][0].binds == "patterns"

    @property
    def words(self) -> str:
        """The chosen row."""
        return GRANT_OPTIONS[self.place][1].rstrip("…")

    @property
    def request(self) -> GrantRequest | None:
        """What is sent with the approval; None for a single call."""
        request = GRANT_OPTIONS[self.place][0]
        if request == ONCE:
            return None
        return GrantRequest(request.scope, request.binds, self.patterns) if self.wants_patterns else request

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong with the patterns, by argument. A permission that does not match its own call is invalid."""
        return misfits(self._patterns, self._arguments) if self.wants_patterns else {}

    @property
    def summary(self) -> str:
        """What the permission will say, in a line; empty for a single call."""
        if not self.wants_patterns:
            return "" if GRANT_OPTIONS[self.place][0] == ONCE else self.words
        globs = ", ".join(f"{one_line(name, 40)}={one_line(glob, 80)}" for name, glob in self._patterns.items())
        return f"{self.words}: {globs or 'no arguments'}"

    def be_about(self, arguments_json: str) -> None:
        """The call will run with these arguments: an edited glob stays, every other one follows them."""
        arguments = _read(arguments_json)
        self._patterns = {
            name: glob
            if (glob := self._patterns.get(name)) is not None and glob != glob_of(self._arguments[name])
            else glob_of(value)
            for name, value in arguments.items()
        }
        self._arguments = arguments

    def choose(self, request: GrantRequest) -> bool:
        """Choose the row of this request, with its patterns if it has some; False when nothing changes."""
        known = next(
            place
            for place, (row, _) in enumerate(GRANT_OPTIONS)
            if (row.scope, row.binds) == (request.scope, request.binds)
        )
        patterns = {**self._patterns, **request.patterns}
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
