"""A request to run elsewhere."""

import json
import shlex
import sys
import urllib.request

import pytest

from workbench.app.models.model_spec import ModelTarget
from workbench.app.runs.request_copy import request_copy
from workbench.core.errors import UsageError
from workbench.core.event import RequestSent
from workbench.core.ids import RunId, SpanPath, WireId
from workbench.core.shared_text import SharedText
from workbench.core.tool_choice import AUTO

BODY = json.dumps({"model": "m", "messages": [{"content": 'It\'s "quoted" $HOME `x` \\ \n and """ more'}]})
OPENAI = ModelTarget("openai-chat:m", WireId("openai-chat"), "m", "", "OPENAI_API_KEY")


def sent(path: str = "/chat/completions", body: str = BODY) -> RequestSent:
    return RequestSent(
        run_id=RunId("r"),
        seq=1,
        at=1.0,
        span=SpanPath("turn-1"),
        attempt=1,
        wire_format="openai-chat",
        path=path,
        tool_choice=AUTO,
        offered=(),
        parallel_calls=True,
        body=SharedText(body),
    )


def test_curl_sends_the_same_body_with_the_key_by_name() -> None:
    words = shlex.split(request_copy(sent(), OPENAI, "curl"))
    assert words[:3] == ["curl", "-N", "https://api.openai.com/v1/chat/completions"]
    assert "Authorization: Bearer $OPENAI_API_KEY" in words
    assert json.loads(words[words.index("--data-raw") + 1]) == json.loads(BODY)


def test_python_sends_the_same_body_with_the_key_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[urllib.request.Request] = []

    def answer(request: urllib.request.Request) -> object:
        asked.append(request)
        return __import__("io").BytesIO(b"data: yes\n")

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a secret")
    target = ModelTarget("anthropic:m", WireId("anthropic"), "m", "", "ANTHROPIC_API_KEY")
    code = request_copy(sent("/v1/messages"), target, "python")
    assert "a secret" not in code
    exec(compile(code, "copied", "exec"), {})
    [request] = asked
    assert request.full_url == "https://api.anthropic.com/v1/messages"
    assert request.get_header("X-api-key") == "a secret"
    assert isinstance(request.data, bytes)
    assert json.loads(request.data) == json.loads(BODY)
    assert "data: yes" in capsys.readouterr().out
    assert "urllib" in sys.modules


def test_a_server_of_ones_own_is_asked_at_its_own_address_without_a_key() -> None:
    target = ModelTarget("mine", WireId("openai-chat"), "m", "http://127.0.0.1:11434/v1/", "")
    words = shlex.split(request_copy(sent(), target, "curl"))
    assert words[2] == "http://127.0.0.1:11434/v1/chat/completions"
    assert "Authorization" not in " ".join(words)
    assert "import os" not in request_copy(sent(), target, "python")


def test_a_request_that_never_left_cannot_be_copied_as_one() -> None:
    with pytest.raises(UsageError, match="did not leave"):
        request_copy(sent(), ModelTarget("local", "local", "needle-3"), "curl")
