"""How a project handles calls around their execution: by tool name, where `*` is for every tool."""

from collections.abc import Mapping

import msgspec

from workbench.core.error_handler import ErrorHandler, handler_for
from workbench.core.rate_limit import RateLimit
from workbench.core.sanitizer import Sanitizer

EVERY = "*"


class Handling(msgspec.Struct, frozen=True):
    """`sanitizers` by tool and argument, `on_error` by tool and kind of error, `rates` by tool.

    `strict_results`: a result that does not fit the tool's output schema is an error instead of a warning.
    """

    sanitizers: dict[str, dict[str, Sanitizer]] = {}
    on_error: dict[str, dict[str, ErrorHandler]] = {}
    rates: dict[str, RateLimit] = {}
    strict_results: bool = False

    def sanitizers_for(self, tool: str) -> Mapping[str, Sanitizer]:
        """The sanitizers of a tool by argument; its own go before those for every tool."""
        return {**self.sanitizers.get(EVERY, {}), **self.sanitizers.get(tool, {})}

    def on_error_of(self, tool: str, kind: str) -> ErrorHandler:
        """What to do about this kind of error of that tool."""
        return handler_for(self.on_error, tool, kind)

    def rate_for(self, tool: str) -> RateLimit | None:
        """How often the tool may be called. A limit for every tool applies to each tool separately."""
        return self.rates.get(tool) or self.rates.get(EVERY)
