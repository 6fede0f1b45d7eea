"""What differs between the arguments of two calls: by meaning, not by spelling."""

from workbench.core.json_difference import Difference, differences
from workbench.core.json_equality import same_json
from workbench.core.json_text import JsonValue


def argument_differences(old: JsonValue, new: JsonValue) -> tuple[Difference, ...]:
    """Every difference that means something. The order of keys does not, and 1 and 1.0 are the same number."""
    return tuple(
        difference
        for difference in differences(old, new)
        if difference.kind != "reordered"
        and not (difference.kind == "changed" and same_json(difference.old, difference.new))
    )
