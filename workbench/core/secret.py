"""The shapes in which a secret can be in a text, and addresses without the secrets people put into them."""

import base64
import json
import re
from html import escape
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

MIN_SECRET_CHARS = 8
"""Shorter ones would be found in ordinary text."""

_PLACEHOLDERS = frozenset(
    [
        "anything",
        "api-key",
        "changeme",
        "dummy-key",
        "fake-key",
        "llama.cpp",
        "lm-studio",
        "localhost",
        "no-api-key",
        "no-key-required",
        "none-needed",
        "not-a-key",
        "not-a-real-key",
        "not-needed",
        "not-required",
        "not-used",
        "password",
        "placeholder",
        "sk-dummy",
        "sk-no-key-required",
        "sk-test",
        "test-key",
        "your-api-key",
        "your_api_key",
    ]
)
"""What people enter for local servers that require a key but do not check it."""


def is_secret(text: str) -> bool:
    """Whether `text` is to be kept out of sight. Short words and placeholders (`x`, `EMPTY`, `ollama`, `lm-studio`) are
    how local servers are used; hiding them would hide ordinary words everywhere."""
    return len(text) >= MIN_SECRET_CHARS and text.lower() not in _PLACEHOLDERS


def spellings(secret: str) -> tuple[str, ...]:
    """Every text that gives `secret` away, the longest first: as it is, escaped as in JSON (also twice, as in a body
    that is kept inside an event, and with `\\/`), in addresses (also twice, and in small letters) and in HTML, in
    hexadecimal, and in base64, at any place in the encoded bytes."""
    plain = secret.encode("utf-8", "surrogateescape" if _is_escaped(secret) else "surrogatepass")
    quoted = quote(plain, safe="")
    small = re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), quoted)
    found = {secret, plain.hex(), plain.hex().upper(), quoted, small, quote(quoted, safe=""), escape(secret)}
    for ascii_only in (True, False):
        once = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        found |= {once, json.dumps(once, ensure_ascii=ascii_only)[1:-1], once.replace("/", "\\/")}
    for offset in range(3):
        # What follows from the secret alone, whatever comes before and after it.
        begin, end = (0, 2, 3)[offset], (offset + len(plain)) * 8 // 6
        core = base64.b64encode(bytes(offset) + plain)[begin:end].decode()
        found |= {core, core.replace("+", "-").replace("/", "_")}
    found = {text for text in found if len(text) >= MIN_SECRET_CHARS} | {secret}
    return tuple(sorted(found, key=lambda text: (-len(text), text)))


_LOOKS_LIKE_A_KEY = re.compile(
    r"\b(sk-|sk_|rk-|key-(?=[A-Za-z_-]*[0-9]))[A-Za-z0-9_-]{12,}([A-Za-z0-9_-]{4})"
    r"|(Bearer )(?=[A-Za-z._~+/=-]*[0-9])[^\s\"']{8,}"
)
"""Without a digit, `key-` and `Bearer ` begin ordinary words: "key-value-store", "Bearer authentication required"."""


def without_likely_keys(text: str) -> str:
    """`text` without anything that looks like a key."""
    return _LOOKS_LIKE_A_KEY.sub(_likely_mark, text)


def _likely_mark(found: re.Match[str]) -> str:
    if not is_secret(found[0]):
        return found[0]
    return f"{found[3]}[hidden]" if found[3] else f"{found[1]}[hidden]…{found[2]}"


def shown_ending(secret: str) -> str:
    """Enough to distinguish two keys: the last four characters, of a key that is long enough to keep its secret."""
    return f"…{secret[-4:]}" if len(secret) >= 12 else ""


def mark_of(secret: str) -> str:
    """What replaces a secret."""
    ending = shown_ending(secret)
    return f"[key {ending}]" if ending else "[key]"


def shown_address(url: str) -> str:
    """`url` for people to read: without user, password and query, in which some keep a key."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "an address that cannot be read"
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


_OPEN_PARAMETERS = frozenset(["api-version", "api_version", "deployment", "model", "project", "region", "version"])
"""What vendors' addresses carry besides keys. `2024-10-21` of Azure's api-version is in many ordinary texts."""


def secrets_in(url: str) -> tuple[str, ...]:
    """What `shown_address` leaves out of `url` and may be a secret, as it is written there and as it is sent."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ()
    user = parts.netloc.rpartition("@")[0]
    name, _, password = user.partition(":")
    pairs = [pair for pair in parse_qsl(parts.query) if pair[0].lower() not in _OPEN_PARAMETERS]
    written = [name, password, *(value for _, value in pairs)]
    written += [text for text in parts.query.split("&") if text.partition("=")[0].lower() not in _OPEN_PARAMETERS]
    return tuple(dict.fromkeys(text for each in written for text in (each, unquote(each)) if text))


def _is_escaped(text: str) -> bool:
    """Whether this is what the environment gives for bytes that are no text."""
    return any("\udc80" <= character <= "\udcff" for character in text)
