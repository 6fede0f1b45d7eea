"""Numbers in readable form."""

from datetime import datetime

from workbench.core.exchange import Usage


def duration(ms: float) -> str:
    """`38 ms`, `3.1 s`, `2 m 05 s`."""
    if ms < 1:
        return "<1 ms" if ms > 0 else "0 ms"
    if ms < 999.5:
        return f"{ms:.0f} ms"
    if ms < 59_950:
        return f"{ms / 1000:.1f} s"
    minutes, seconds = divmod(round(ms / 1000), 60)
    if minutes < 60:
        return f"{minutes} m {seconds:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} m"


def count(number: int, noun: str) -> str:
    """`1 call`, `3 calls`, `1,204 tokens`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def tokens(usage: Usage) -> str:
    """`1,204 tokens`, with the parts worth naming: from the cache, written to it, spent on reasoning."""
    kinds = (("cached", usage.cached_tokens), ("cache write", usage.cache_write_tokens))
    parts = [f"{number:,} {kind}" for kind, number in (*kinds, ("reasoning", usage.reasoning_tokens)) if number]
    text = count(usage.total_tokens, "token")
    return f"{text} ({', '.join(parts)})" if parts else text


def clock_time(at: float, now: float | None = None) -> str:
    """Local time of day, with the date if it is not today. Takes seconds since the epoch."""
    moment = datetime.fromtimestamp(at).astimezone()
    today = datetime.fromtimestamp(now).astimezone() if now is not None else datetime.now().astimezone()
    if moment.date() == today.date():
        return moment.strftime("%H:%M")
    if moment.year == today.year:
        return moment.strftime("%d %b %H:%M")
    return moment.strftime("%d %b %Y")


def day(at: float) -> str:
    """`30 Nov 2026` in local time. Takes seconds since the epoch."""
    return datetime.fromtimestamp(at).astimezone().strftime("%d %b %Y")


def sentence(words: str) -> str:
    """The text with its first letter capitalized."""
    return words[:1].upper() + words[1:]
