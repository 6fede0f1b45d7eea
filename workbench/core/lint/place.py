"""Where a finding is in a tool's text."""

from workbench.core.json_place import JsonPlaces
from workbench.core.lint.finding import Finding


def span_of(finding: Finding, places: JsonPlaces) -> tuple[int, int]:
    """Start and end of the finding's place in characters, or of the nearest thing that is there."""
    node = places.node(finding.path)
    nearest = node or places.nearest(finding.path)
    if nearest is None:
        return 0, 1
    is_key = nearest.key_start >= 0 and (finding.on_key or node is None)
    if is_key:
        return nearest.key_start, nearest.key_end
    return nearest.start, nearest.start + 1 if nearest.kind in ("object", "array") else nearest.end
