"""A recorded request as a program to run elsewhere. Keys appear by the name of their variable, never by value."""

import json
import shlex
from typing import Literal

import msgspec

from workbench.app.models.model_spec import ModelTarget
from workbench.app.models.wires import KEY_OF_WIRE, wire_named
from workbench.core.errors import MalformedJson, UsageError
from workbench.core.event import RequestSent
from workbench.core.json_text import parse_strict, pretty

CopyForm = Literal["curl", "python"]


class _Parts(msgspec.Struct, frozen=True):
    url: str
    headers: dict[str, str]
    key_header: str
    key_prefix: str
    key_name: str
    body: str


def request_copy(sent: RequestSent, target: ModelTarget, form: CopyForm) -> str:
    """The request as a curl command or a Python program; raises `UsageError` when it was not sent over HTTP."""
    parts = _parts(sent, target)
    return _curl(parts) if form == "curl" else _python(parts)


def _parts(sent: RequestSent, target: ModelTarget) -> _Parts:
    if target.kind not in KEY_OF_WIRE:
        raise UsageError("this request did not leave the machine", hint="Copy its body from the inspector instead.")
    wire = wire_named(target.kind)
    base = (target.base_url or wire.base_url).rstrip("/")
    access = wire.shown_http
    return _Parts(
        url=f"{base}/{sent.path.lstrip('/')}",
        headers={"Content-Type": "application/json", **access.headers},
        key_header=access.key_header,
        key_prefix=access.key_prefix,
        key_name=target.key_name,
        body=sent.body_json,
    )


def _curl(parts: _Parts) -> str:
    lines = [f"curl -N {shlex.quote(parts.url)}"]
    lines += [f"  -H {shlex.quote(f'{name}: {value}')}" for name, value in parts.headers.items()]
    if parts.key_name:
        lines.append(f'  -H "{parts.key_header}: {parts.key_prefix}${parts.key_name}"')
    lines.append(f"  --data-raw {shlex.quote(_readable(parts.body))}")
    return " \\\n".join(lines) + "\n"


def _python(parts: _Parts) -> str:
    headers = [f"    {json.dumps(name)}: {json.dumps(value)},\n" for name, value in parts.headers.items()]
    if parts.key_name:
        key = f"os.environ[{json.dumps(parts.key_name)}]"
        value = f"{json.dumps(parts.key_prefix)} + {key}" if parts.key_prefix else key
        headers.append(f"    {json.dumps(parts.key_header)}: {value},\n")
    return (
        f"{'import os' + chr(10) if parts.key_name else ''}import urllib.request\n\n"
        f"BODY = {_python_text(_readable(parts.body))}\n"
        f"headers = {{\n{''.join(headers)}}}\n"
        f"request = urllib.request.Request({json.dumps(parts.url)}, data=BODY.encode(), headers=headers)\n"
        "with urllib.request.urlopen(request) as answer:\n"
        "    for line in answer:\n"
        '        print(line.decode(), end="")\n'
    )


def _python_text(text: str) -> str:
    """A literal for exactly this text; on several lines if that needs no escapes."""
    raw = f'r"""{text}"""'
    return raw if '"""' not in text and not text.endswith(('"', "\\")) and "\r" not in text else repr(text)


def _readable(body: str) -> str:
    try:
        return pretty(parse_strict(body))
    except MalformedJson:
        return body
