"""curl commands, as people and browsers write them. Files named in a command are never read."""

import re
from urllib.parse import parse_qsl, quote

from workbench.app.imports.found import Found
from workbench.app.imports.request import Header, Request, tools_of_requests
from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonValue, parse_strict

LABEL = "curl"
_COMMAND = re.compile(r"(?m)^\s*(?:\$ +|> +)?curl(?:\.exe)?\s")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_LONG = (
    "output max-time connect-timeout write-out proxy cookie-jar cert cacert capath key retry "
    "retry-delay retry-max-time limit-rate upload-file referer user-agent config dump-header resolve "
    "interface dns-servers ciphers range max-redirs proxy-user tls-max cert-type key-type unix-socket "
    "connect-to noproxy request header form form-string user url cookie oauth2-bearer data data-raw "
    "data-binary data-ascii data-urlencode json "
)
_LONG_WITH_VALUE = frozenset(_LONG.split())
_DATA = frozenset(["d", "data", "data-raw", "data-binary", "data-ascii", "data-urlencode", "json"])
_SHORT_WITH_VALUE = frozenset("XHdFubAeomwxcECTKDyYzrPQtU")


def is_curl(text: str) -> bool:
    """Whether a text begins with a curl command, possibly after comments."""
    plain = re.sub(r"(?m)^\s*#.*$", "", text).lstrip()
    return _COMMAND.match(plain) is not None


def tools_of_curl(text: str) -> Found:
    """Every command as a tool."""
    plain = re.sub(r"(?m)^\s*#.*$", "", text)
    starts = [found.start() for found in _COMMAND.finditer(plain)]
    commands = [plain[start:end] for start, end in zip(starts, [*starts[1:], len(plain)], strict=True)]
    requests, skipped = [], []
    for command in commands:
        made = _request(words_of(command))
        if isinstance(made, str):
            skipped.append((" ".join(command.split())[:60], made))
        else:
            requests.append(made)
    items, others = tools_of_requests(requests, LABEL)
    skipped += others
    obstacle = "" if items else "; ".join(why for _, why in skipped)
    return Found(items, LABEL, obstacle[:1].upper() + obstacle[1:], (), tuple(skipped) if items else ())


def words_of(command: str) -> list[str]:
    """The words of a command as a shell would pass them on, up to its end: `|`, `;`, `&` or `>` outside of quotes."""
    words: list[str] = []
    word, has_word = "", False
    place = 0
    while place < len(command):
        sign = command[place]
        if sign in "\\^" and command[place + 1 : place + 2] in ("\n", "\r"):
            place += 2
        elif sign == "\\" and place + 1 < len(command):
            word, has_word = word + command[place + 1], True
            place += 2
        elif sign == "'":
            end = command.find("'", place + 1)
            end = end if end >= 0 else len(command)
            word, has_word, place = word + command[place + 1 : end], True, end + 1
        elif command.startswith("$'", place):
            piece, place = _escaped(command, place + 2, "'", _ESCAPES)
            word, has_word = word + piece, True
        elif sign == '"':
            piece, place = _escaped(command, place + 1, '"', {"\\": "\\", '"': '"', "$": "$", "`": "`", "\n": ""})
            word, has_word = word + piece, True
        elif sign in "|;&>" and not has_word:
            break
        elif sign.isspace() or sign in "|;&":
            if has_word:
                words.append(word)
            word, has_word = "", False
            if sign in "|;&":
                break
            place += 1
        else:
            word, has_word = word + sign, True
            place += 1
    return [*words, word] if has_word else words


def _escaped(command: str, place: int, end: str, escapes: dict[str, str]) -> tuple[str, int]:
    made = ""
    while place < len(command) and command[place] != end:
        if command[place] == "\\" and place + 1 < len(command):
            code = re.match(r"u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})", command[place + 1 :]) if "n" in escapes else None
            if code is not None:
                made += chr(int(code[1] or code[2], 16))
                place += 1 + len(code[0])
                continue
            following = command[place + 1]
            made += escapes.get(following, f"\\{following}")
            place += 2
        else:
            made += command[place]
            place += 1
    return made, place + 1


def _options(words: list[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """The options with their values, and the addresses."""
    found: list[tuple[str, str]] = []
    addresses: list[str] = []
    rest = iter(words)
    for word in rest:
        if word.startswith("--") and len(word) > 2:
            name, equals, value = word[2:].partition("=")
            found.append((name, value if equals else next(rest, "") if name in _LONG_WITH_VALUE else ""))
        elif word.startswith("-") and len(word) > 1:
            for place, letter in enumerate(word[1:], 1):
                if letter in _SHORT_WITH_VALUE:
                    found.append((letter, word[place + 1 :] or next(rest, "")))
                    break
                found.append((letter, ""))
        else:
            addresses.append(word)
    return found, addresses


def _request(words: list[str]) -> Request | str:
    options, addresses = _options(words[1:])
    addresses += [value for name, value in options if name == "url"]
    if not addresses:
        return "the command has no address"
    url = addresses[0] if "://" in addresses[0] else f"https://{addresses[0]}"
    headers = [_header(value) for name, value in options if name in ("H", "header")]
    data = [(name, value) for name, value in options if name in _DATA]
    forms = [value for name, value in options if name in ("F", "form", "form-string")]
    method = next((value for name, value in options if name in ("X", "request")), "")
    is_get = any(name in ("G", "get") for name, _ in options)
    obstacle = "its body is a form with parts" if forms else ""
    body: JsonValue = None
    is_form = False
    if data and is_get:
        url += ("&" if "?" in url else "?") + "&".join(_sent(name, value) for name, value in data)
    elif data:
        if any(value.startswith("@") for name, value in data if name != "data-raw"):
            obstacle = "its body comes from a file, which is not read"
        body, is_form = _body("&".join(_sent(name, value) for name, value in data), data[0][0])
        if body is None and not obstacle:
            obstacle = "its body is neither JSON nor a form"
    if not method:
        method = (
            "HEAD"
            if any(name in ("I", "head") for name, _ in options)
            else "POST"
            if (data and not is_get) or forms
            else "GET"
        )
    user = any(name in ("u", "user") for name, _ in options)
    bearer = any(name == "oauth2-bearer" for name, _ in options)
    return Request(
        method=method,
        url=url,
        headers=tuple(one for one in headers if one is not None),
        body=body,
        is_form=is_form,
        auth="Basic" if user else "Bearer" if bearer else "",
        obstacle=obstacle,
    )


def _header(text: str) -> Header | None:
    name, colon, value = text.partition(":")
    return Header(name.strip(), value.strip()) if colon and name.strip() else None


def _sent(option: str, value: str) -> str:
    if option == "data-urlencode":
        name, equals, rest = value.partition("=")
        return f"{name}={quote(rest)}" if equals else quote(value)
    return value


def _body(text: str, option: str) -> tuple[JsonValue, bool]:
    """The text's JSON, or the fields of a form."""
    try:
        return parse_strict(text), False
    except MalformedJson:
        pairs = parse_qsl(text, keep_blank_values=True) if option != "json" else []
    return (dict(pairs) if pairs else None), bool(pairs)
