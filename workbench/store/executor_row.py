"""The table `executors` of workbench.toml: what runs a tool."""

import math
import re
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from workbench.core.condition import read_condition
from workbench.core.ecma_pattern import BadPattern, UncheckedPattern, check_pattern
from workbench.core.errors import MalformedJson
from workbench.core.json_path import BadJsonPath, check_json_path
from workbench.core.json_text import JsonObject, parse_strict_object
from workbench.core.mock import MockError, MockPlan, MockReply, MockRule, When
from workbench.core.prepared_failure import FailureName

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

_FUNCTION = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_REPLIES = ("static", "template", "error", "fail", "python", "model")


def _json(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case float() if math.isfinite(value):
            return value
        case list():
            return [_json(item) for item in value]
        case dict():
            return {key: _json(item) for key, item in value.items()}
        case _:
            raise ValueError(f"{value} ({type(value).__name__}) is not a JSON value; write it in quotes")


def _path(path: str) -> str:
    if path:
        try:
            check_json_path(path)
        except BadJsonPath as error:
            raise ValueError(str(error)) from None
    return path


def _pattern(text: str) -> str:
    try:
        check_pattern(text)
    except (BadPattern, UncheckedPattern) as error:
        raise ValueError(f"{text[:80]!r} cannot be used as a pattern: {error}") from None
    return text


def _condition(text: str) -> str:
    read_condition(text)
    return text


def _function(text: str) -> str:
    if text and not _FUNCTION.fullmatch(text):
        raise ValueError("a function is written module:function")
    return text


def _arguments(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return parse_strict_object(value)
        except MalformedJson as error:
            raise ValueError(f"not a JSON object: {error}") from None
    return _json(value)


Json = Annotated[Any, AfterValidator(_json)]
JsonPathText = Annotated[str, AfterValidator(_path)]
PatternText = Annotated[str, AfterValidator(_pattern)]
ConditionText = Annotated[str, AfterValidator(_condition)]
"""See `core.condition`."""
FunctionText = Annotated[str, AfterValidator(_function)]
_Arguments = Annotated[dict[str, Any] | str, AfterValidator(_arguments)]
"""A table, or the same as JSON text, because TOML has no null."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PythonRow(_Row):
    """A function of the project's own code. `loader`: another one, which completes the tool when routing first chooses
    it."""

    kind: Literal["python"]
    function: str = ""
    loader: FunctionText = ""
    time_limit_s: float | None = Field(default=None, gt=0, strict=False)


class AuthRow(_Row):
    """Where a key is sent: in a header, or as a parameter of the query, or in a cookie. `key` is the *name* of a key,
    never a key."""

    key: str = Field(min_length=1)
    header: str = Field(default="Authorization", pattern=f"^{_HEADER.pattern}$")
    scheme: str = "Bearer"
    query: str = ""
    cookie: str = Field(default="", pattern=f"^({_HEADER.pattern})?$")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        places = [bool(self.query), bool(self.cookie), bool(self.model_fields_set & {"header", "scheme"})]
        if sum(places) > 1:
            raise ValueError("a key is sent in one place: header, query, or cookie")
        if self.header.casefold() == "cookie":
            raise ValueError("a key in a cookie is written as cookie, with the cookie's name")
        return self

    @property
    def place(self) -> str:
        """Where it is sent; two keys cannot be in one place."""
        return f"?{self.query}" if self.query else f"={self.cookie}" if self.cookie else self.header.casefold()


class HttpRow(_Row):
    """An HTTP endpoint; see `executors.http_request` for what the templates mean."""

    kind: Literal["http"]
    url: str
    method: Method = "GET"
    headers: dict[str, str] = {}
    auth: AuthRow | None = None
    more_keys: tuple[AuthRow, ...] = Field(default=(), strict=False)
    query: dict[str, Json] | None = None
    body: Json = None
    body_as: Literal["json", "form"] = "json"
    response: JsonPathText = ""
    retries: int = Field(default=2, ge=0, le=5)
    retry_unsafe: bool = False
    time_limit_s: float | None = Field(default=None, gt=0, strict=False)
    max_bytes: int = Field(default=1_000_000, ge=1, le=100_000_000)

    @model_validator(mode="after")
    def _fixed_origin(self) -> Self:
        problem = origin_problem(self.url)
        if problem:
            raise ValueError(problem)
        if self.more_keys and self.auth is None:
            raise ValueError("the first key goes into auth; more_keys are sent in addition to it")
        if len({each.place for each in self.keys}) < len(self.keys):
            raise ValueError("two keys would be sent in the same place")
        for name, value in self.headers.items():
            if not _HEADER.fullmatch(name) or not value.isprintable() or not value.isascii():
                raise ValueError(f"{name!r} is not a header that can be sent")
            if name.lower() in ("authorization", "proxy-authorization", "cookie"):
                raise ValueError(f"{name} would put a key into this file; use auth with the name of a key")
        return self

    @property
    def keys(self) -> tuple[AuthRow, ...]:
        """All keys that are sent."""
        return (self.auth, *self.more_keys) if self.auth is not None else ()


class WhenRow(_Row):
    """Conditions of a mock rule; see `core.mock.When`."""

    exact: _Arguments | None = None
    partial: _Arguments | None = None
    jsonpath: dict[JsonPathText, Json] = {}
    regex: dict[str, PatternText] = {}
    call: int | None = Field(default=None, ge=1)
    where: tuple[ConditionText, ...] = Field(default=(), strict=False)

    def value(self) -> When:
        """The conditions as a value."""
        exact: JsonObject | None = self.exact if isinstance(self.exact, dict) else None
        partial: JsonObject | None = self.partial if isinstance(self.partial, dict) else None
        where = tuple(map(read_condition, self.where))
        return When(exact=exact, partial=partial, jsonpath=self.jsonpath, regex=self.regex, call=self.call, where=where)


class MockErrorRow(_Row):
    """An error as a tool would raise it."""

    message: str
    kind: str = "error"


class ReplyRow(_Row):
    """What a mock answers; see `core.mock.MockReply`."""

    static: Json = None
    template: str | None = None
    is_error: bool = False
    error: MockErrorRow | str | None = None
    fail: FailureName | None = None
    python: FunctionText = ""
    model: str = ""
    delay_s: float = Field(default=0.0, ge=0, le=3600, strict=False)

    @model_validator(mode="after")
    def _one_reply(self) -> Self:
        given = [name for name in _REPLIES if name in self.model_fields_set]
        if len(given) > 1:
            raise ValueError(f"a reply is one of {', '.join(_REPLIES)}, not {' and '.join(given)}")
        return self

    def value(self) -> MockReply:
        """The reply as a value."""
        return MockReply(
            static=self.static,
            template=self.template,
            is_error=self.is_error,
            error=_error(self.error),
            fail=self.fail,
            python=self.python,
            model=self.model,
            delay_s=self.delay_s,
        )


def _error(row: MockErrorRow | str | None) -> MockError | None:
    if row is None:
        return None
    return MockError(row) if isinstance(row, str) else MockError(row.message, row.kind)


class MockRuleRow(_Row):
    """When → reply."""

    name: str = ""
    when: WhenRow = WhenRow()
    reply: ReplyRow


class McpToolRow(_Row):
    """A tool of one of the project's MCP servers, by the server's own name for it."""

    kind: Literal["mcp"]
    server: str = Field(min_length=1)
    tool: str = Field(min_length=1)


RealRow = Annotated[PythonRow | HttpRow | McpToolRow, Field(discriminator="kind")]


class MockRow(_Row):
    """Rules in place of the tool. `result` is short for a default reply; `real` is what the mock replaces.

    `by_hand`: no rule answers and nothing runs; the person is asked for each result.
    """

    kind: Literal["mock"]
    result: Json = None
    rules: tuple[MockRuleRow, ...] = Field(default=(), strict=False)
    default: ReplyRow | None = None
    strict: bool = False
    by_hand: bool = False
    real: RealRow | None = None

    def plan(self) -> MockPlan:
        """The mock as a value."""
        default = self.default.value() if self.default is not None else MockReply(static=self.result)
        rules = tuple(MockRule(rule.when.value(), rule.reply.value(), rule.name) for rule in self.rules)
        return MockPlan(rules, default, self.strict)


AnyRow = PythonRow | HttpRow | McpToolRow | MockRow
ExecutorRow = Annotated[AnyRow, Field(discriminator="kind")]
"""One row: what runs a tool."""


def needs_trust(row: AnyRow) -> bool:
    """Whether carrying out calls runs the project's code, or sends data and keys where the project says. An MCP server
    has an approval of its own."""
    match row:
        case PythonRow() | HttpRow():
            return True
        case McpToolRow():
            return False
        case MockRow():
            replies = [rule.reply for rule in row.rules] + ([row.default] if row.default else [])
            return not row.by_hand and any(reply.python for reply in replies)


def in_words(row: AnyRow) -> str:
    """How a row runs its tool, as shown to people and in records."""
    match row:
        case PythonRow():
            return f"python {row.function}"
        case HttpRow():
            return f"http {row.method} {row.url}"
        case McpToolRow():
            return f"mcp {row.server}:{row.tool}"
        case MockRow():
            return "by hand: you give each result" if row.by_hand else "mock"


def origin_problem(url: str) -> str:
    """Why `url` cannot be the address of an HTTP tool; empty when it can. Its scheme and host must be fixed."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"{url!r} is not an address: {error}"
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return f"{url!r} does not begin with http:// or https:// and a host"
    if any(mark in parts.netloc for mark in "{}@\\ ") or not url.isprintable():
        return "the host must be written out: no {argument}, no user name, no password"
    return ""


def sends_keys_in_the_clear(row: HttpRow) -> bool:
    """Whether a key would travel unencrypted to another machine."""
    return row.auth is not None and urlsplit(row.url).scheme == "http" and not is_this_machine(row.url)


def is_this_machine(url: str) -> bool:
    """Whether what is sent to this address stays on the machine."""
    try:
        return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")
    except ValueError:
        return False
