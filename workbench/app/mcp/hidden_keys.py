"""Keys in addresses and arguments of other hosts' configurations: found, and replaced by names. Pure.

A key in an address or an argument would be stored in the project for everybody to read. `${key:NAME}` replaces it;
the key itself goes to the key store.
"""

import base64
import re
from urllib.parse import unquote, unquote_plus, urlsplit, urlunsplit

from workbench.core.key_reference import key_reference

_SECRET = r"(?:[a-z0-9]+[-_])*(?:api)?(?:key|token|secret|password|passwd|pwd|pat|credentials?|authorization|bearer)"
_FLAG = re.compile(rf"--?{_SECRET}", re.IGNORECASE)
_ASSIGNED = re.compile(rf"((?:--?)?{_SECRET})=(.+)", re.IGNORECASE | re.DOTALL)
_HEADER = re.compile(rf"(cookie|{_SECRET})(\s*:\s*(?:(?:bearer|basic|token)\s+)?)(.+)", re.IGNORECASE)
_LIKE_A_KEY = re.compile(
    r"(?:sk|rk|pk|ghp|gho|ghs|github_pat|glpat|xox[abp]|hf|npm|sbp|pat|key)[-_][A-Za-z0-9_-]{12,}"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|(?=[^/]*[0-9])(?=[^/]*[a-f])[0-9a-f]{16,}"
    r"|(?=[^/]*[0-9])(?=[^/]*[a-z])(?=[^/]*[A-Z])[A-Za-z0-9_~=%-]{20,}"
)
_HARMLESS = re.compile(r"true|false|yes|no|on|off|\d{1,3}", re.IGNORECASE)
_URL = re.compile(r"[a-z][a-z0-9+.-]{0,30}://\S+", re.IGNORECASE)


class HiddenKeys:
    """Replaces the keys of one server. `found` has their values by their new names."""

    def __init__(self, server: str) -> None:
        self._server = server
        self.found: dict[str, str] = {}

    def address(self, url: str) -> tuple[str, str]:
        """A server's `url` without keys, and the name of the key that its user and password have become."""
        parts = urlsplit(url)
        user, at, host = parts.netloc.rpartition("@")
        basic = ""
        if at:
            plain = unquote(user) if ":" in user else f"{unquote(user)}:"
            basic = self._put("AUTHORIZATION", base64.b64encode(plain.encode()).decode())
        path = "/".join(self._segment(part, unquote(part)) for part in parts.path.split("/"))
        query = "&".join(self._parameter(part, is_decoded=True) for part in parts.query.split("&"))
        return urlunsplit((parts.scheme, host, path, query, "")), basic

    def arguments(self, arguments: list[str]) -> list[str]:
        """The arguments of a command without keys. Everything else stays exactly as it was written."""
        return [self._argument(before, text) for before, text in zip(["", *arguments], arguments, strict=False)]

    def _argument(self, before: str, text: str) -> str:
        header = _HEADER.fullmatch(text) if before.lower() in ("--header", "-h") else None
        assigned = _ASSIGNED.fullmatch(text)
        if header is not None:
            return f"{header[1]}{header[2]}{self._reference(header[1], header[3])}"
        if assigned is not None:
            return f"{assigned[1]}={self._reference(assigned[1], assigned[2])}"
        if _FLAG.fullmatch(before) and not text.startswith("-"):
            return self._reference(before, text)
        if _LIKE_A_KEY.fullmatch(text):
            return self._reference("KEY", text)
        return _URL.sub(lambda url: self._inner_address(url[0]), text)

    def _inner_address(self, url: str) -> str:
        try:
            parts = urlsplit(url)
        except ValueError:
            return url
        known = len(self.found)
        user, at, host = parts.netloc.rpartition("@")
        if at:
            name, colon, password = user.partition(":")
            kept = f"{name}:" if colon else ""
            host = f"{kept}{self._reference('PASSWORD', password if colon else name)}@{host}"
        path = "/".join(self._segment(part, part) for part in parts.path.split("/"))
        query = "&".join(self._parameter(part, is_decoded=False) for part in parts.query.split("&"))
        return urlunsplit((parts.scheme, host, path, query, parts.fragment)) if len(self.found) > known else url

    def _segment(self, written: str, meant: str) -> str:
        return self._reference("PATH", meant) if _LIKE_A_KEY.fullmatch(written) else written

    def _parameter(self, part: str, *, is_decoded: bool) -> str:
        name, equals, value = part.partition("=")
        if not equals:
            name, value = "", part
        if not value or _HARMLESS.fullmatch(value):
            return part
        meant = unquote_plus(value) if is_decoded and "${" not in value else value
        return f"{name}{equals}{self._reference(name or 'QUERY', meant)}"

    def _reference(self, what: str, value: str) -> str:
        """The reference that replaces `value`, unless it already contains one."""
        return value if "${" in value else key_reference(self._put(what, value))

    def _put(self, what: str, value: str) -> str:
        base = re.sub(r"[^A-Z0-9]+", "_", f"MCP_{self._server}_{what}".upper()).strip("_")
        name, number = base, 1
        while self.found.get(name, value) != value:
            number += 1
            name = f"{base}_{number}"
        self.found[name] = value
        return name
