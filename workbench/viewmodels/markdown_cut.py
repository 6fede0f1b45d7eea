"""Where a growing Markdown text may be cut, so that what stands before the cut never changes its look again."""

import re

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


def last_cut(text: str, start: int = 0) -> int:
    """The offset after the last blank line outside a code fence at or after `start`; `start` when there is none.

    `start` must be such a cut itself (or 0). Only the text after it is looked at, so that following a
    stream costs no more than its tail.
    """
    cut = start
    fence = ""
    offset = start
    while (end := text.find("\n", offset)) >= 0:
        line = text[offset:end]
        match = _FENCE.match(line)
        if match is not None:
            mark = match.group(1)
            if not fence:
                fence = mark
            elif mark[0] == fence[0] and len(mark) >= len(fence) and not match.group(2).strip():
                fence = ""
        elif not fence and not line.strip():
            cut = end + 1
        offset = end + 1
    return cut
