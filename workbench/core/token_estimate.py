"""How many tokens a text is, about: without a vendor's tokenizer, which would have to be fetched first.

The estimate counts what today's byte-pair tokenizers mostly do: an ordinary word with the space before it is one token,
long words split about every six letters, digits go in threes, each other sign is one token, signs that repeat or belong
together (`":`, `},`) share one, a character of an East Asian script is about one, other scripts split about every three
letters. It is shown with "≈" and is meant for comparing two wordings, not for bills.
"""

import re

_PIECE = re.compile(
    r"(?P<word>[A-Za-z]+)|(?P<digits>[0-9]+)|(?P<east>[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff])"
    r"|(?P<letters>[^\W\d_]+)|(?P<lines>\s*\n\s*)|(?P<space>[^\S\n]+)|(?P<signs>[^\w\s]+|_)|(?P<rest>.)",
    re.DOTALL,
)
_LETTERS = {"word": 6, "digits": 3, "letters": 3, "signs": 2}
_WHOLE_WORD = 9
_MAX_CHARS = 200_000
_DATA = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{4000,}={0,2}")  # looked for only where a run begins
_PICTURE = 1_500
"""About the tokens of a picture, however it is encoded."""


def estimated_tokens(text: str) -> int:
    """About how many tokens `text` is; 0 only for the empty text. Long base64 in it counts as a picture."""
    if len(text) > 4_000:
        text, pictures = _DATA.subn("", text)
        if pictures:
            return estimated_tokens(text) + pictures * _PICTURE
    if len(text) > _MAX_CHARS:
        return round(len(text) / _MAX_CHARS * estimated_tokens(text[:_MAX_CHARS]))
    count = 0
    for found in _PIECE.finditer(text):
        kind, length = found.lastgroup or "rest", found.end() - found.start()
        if kind == "space":
            count += length > 1  # one space belongs to the word behind it
        elif kind == "word" and length <= _WHOLE_WORD:
            count += 1
        else:
            count += -(-length // _LETTERS.get(kind, length))
    return max(count, 1) if text else 0
