"""Groups of tools that belong together, proposed from how alike their texts are: the intents of `two-stage`."""

from collections import Counter

from workbench.core.similarity import map_of_words
from workbench.core.tool import PORTABLE_NAME, Toolset
from workbench.core.word_overlap import word_counts

LARGEST = 5
MOST_TOOLS = 200
"""Half a million pairs of more would be compared."""


def proposed_intents(tools: Toolset) -> dict[str, tuple[str, ...]]:
    """Every tool in one group of at most five, the most similar ones together. Of too many tools, none."""
    if len(tools) > MOST_TOOLS:
        return {}
    texts = [f"{tool.name} {tool.name} {tool.description}" for tool in tools]
    group: dict[str, list[str]] = {name: [name] for name in tools.names}
    for one, other, similarity in map_of_words(tools.names, texts).closest_pairs:
        first, second = group[one], group[other]
        if similarity > 0 and first is not second and len(first) + len(second) <= LARGEST:
            first += second
            group.update(dict.fromkeys(second, first))
    found: dict[str, tuple[str, ...]] = {}
    for name in tools.names:
        if group[name][0] == name:
            found[_free(_title(group[name]), found)] = tuple(each for each in tools.names if each in group[name])
    return found


def _title(names: list[str]) -> str:
    """The words that most of the names have."""
    shared = Counter(word for name in names for word in word_counts(name))
    best = "_".join(word for word, _ in shared.most_common(2)) or "tools"
    return best if PORTABLE_NAME.fullmatch(best) else "tools"


def _free(title: str, taken: dict[str, tuple[str, ...]]) -> str:
    number = 2
    name = title
    while name in taken:
        name, number = f"{title}_{number}", number + 1
    return name
