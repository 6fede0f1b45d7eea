"""What a model said about how sure it was, in a few words. It is always named as its own."""

from workbench.core.confidence import confidence_of, token_chances
from workbench.core.exchange import ModelResponse
from workbench.viewmodels.shared.plain import one_line


def own_word(response: ModelResponse) -> tuple[str, ...]:
    """`stated confidence 86 %`, `least likely token “may” 12 %`; nothing where nothing was said."""
    said = []
    share = confidence_of(response)
    if share is not None:
        said.append(f"stated confidence {share:.0%}".replace("%", " %"))
    tokens = token_chances(response)
    if tokens:
        least = min(tokens, key=lambda token: token.chance)
        said.append(f"least likely token “{one_line(least.text, 24)}” {least.chance:.0%}".replace("%", " %"))
    return tuple(said)
