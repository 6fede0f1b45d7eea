"""Keys in addresses and arguments of other hosts' configurations."""

import base64

import pytest

from workbench.app.mcp.hidden_keys import HiddenKeys

UUID = "8f14e45f-ceea-467f-a3b1-0123456789ab"
LONG = "NzY4MjAwMDA0Y2FuYXJ5MTIz"


@pytest.mark.parametrize(
    ("url", "kept", "keys"),
    [
        ("http://h:9/mcp?apiKey=abc123", "http://h:9/mcp?apiKey=${key:MCP_B_APIKEY}", {"MCP_B_APIKEY": "abc123"}),
        ("https://h/mcp?k=a%2Bb+c&x=1", "https://h/mcp?k=${key:MCP_B_K}&x=1", {"MCP_B_K": "a+b c"}),
        ("https://h/?k=a&k=b&k=a", "https://h/?k=${key:MCP_B_K}&k=${key:MCP_B_K_2}&k=${key:MCP_B_K}", None),
        ("https://h/mcp?abc123", "https://h/mcp?${key:MCP_B_QUERY}", {"MCP_B_QUERY": "abc123"}),
        (f"https://h/{UUID}/mcp", "https://h/${key:MCP_B_PATH}/mcp", {"MCP_B_PATH": UUID}),
        (f"https://h/s/{LONG}/mcp", "https://h/s/${key:MCP_B_PATH}/mcp", {"MCP_B_PATH": LONG}),
        ("https://h/sk-live-0123456789ab", "https://h/${key:MCP_B_PATH}", None),
        ("https://h/mcp#token=abc", "https://h/mcp", {}),
        ("https://h/mcp?debug=true&v=12&w=", "https://h/mcp?debug=true&v=12&w=", {}),
        ("https://h/mcp?a=${key:A}&b=${config:b}", "https://h/mcp?a=${key:A}&b=${config:b}", {}),
        ("https://h/api/v2/model-context-protocol", "https://h/api/v2/model-context-protocol", {}),
    ],
)
def test_a_key_in_an_address_is_put_aside(url: str, kept: str, keys: dict[str, str] | None) -> None:
    hidden = HiddenKeys("b")
    assert hidden.address(url) == (kept, "")
    assert keys is None or hidden.found == keys


@pytest.mark.parametrize(("user", "plain"), [("me:p%40ss", "me:p@ss"), ("token", "token:")])
def test_a_user_in_an_address_becomes_a_header(user: str, plain: str) -> None:
    hidden = HiddenKeys("b")
    assert hidden.address(f"https://{user}@h/mcp") == ("https://h/mcp", "MCP_B_AUTHORIZATION")
    assert base64.b64decode(hidden.found["MCP_B_AUTHORIZATION"]).decode() == plain


@pytest.mark.parametrize(
    ("arguments", "kept", "secret"),
    [
        (["--api-key", "abc"], ["--api-key", "${key:MCP_S_API_KEY}"], "abc"),
        (["--api-key=abc"], ["--api-key=${key:MCP_S_API_KEY}"], "abc"),
        (["--github-personal-access-token", "abc"], None, "abc"),
        (["-e", "GITHUB_TOKEN=abc"], ["-e", "GITHUB_TOKEN=${key:MCP_S_GITHUB_TOKEN}"], "abc"),
        (["--header", "Authorization: Bearer abc"], None, "abc"),
        (["--header", "X-Api-Key:abc"], ["--header", "X-Api-Key:${key:MCP_S_X_API_KEY}"], "abc"),
        (["https://h/mcp?apiKey=a%20b"], ["https://h/mcp?apiKey=${key:MCP_S_APIKEY}"], "a%20b"),
        (["--url=https://h/mcp?apiKey=abc"], ["--url=https://h/mcp?apiKey=${key:MCP_S_APIKEY}"], "abc"),
        (["postgresql://me:abc@h/db"], ["postgresql://me:${key:MCP_S_PASSWORD}@h/db"], "abc"),
        (["https://abc@h/x"], ["https://${key:MCP_S_PASSWORD}@h/x"], "abc"),
        (["sk-live-0123456789ab"], ["${key:MCP_S_KEY}"], "sk-live-0123456789ab"),
    ],
)  # fmt: skip
def test_a_key_in_an_argument_is_put_aside(arguments: list[str], kept: list[str] | None, secret: str) -> None:
    hidden = HiddenKeys("s")
    found = hidden.arguments(arguments)
    assert list(hidden.found.values()) == [secret]
    assert secret not in " ".join(found)
    assert kept is None or found == kept


@pytest.mark.parametrize(
    "arguments",
    [
        ["-y", "@modelcontextprotocol/server-github@2025.4.8"],
        ["--key-file", "x.pem", "--token-limit=5", "--keys"],
        ["--token", "--verbose"],
        ["git+https://github.com/a/b@0123456789abcdef"],
        ["https://h/mcp?x=true", "scheme://", "http://[", "a=b"],
        ["${key:A}", "--token", "${key:A}", "--api-key=${config:x}", "--header", "Authorization: Bearer ${key:A}"],
    ],
)
def test_what_is_no_key_stays(arguments: list[str]) -> None:
    hidden = HiddenKeys("s")
    assert hidden.arguments(arguments) == arguments
    assert hidden.found == {}


def test_long_arguments_are_read_to_their_end() -> None:
    for text in ("a_" * 50_000, "--" + "a-" * 50_000, "a" * 100_000, "a://" * 20_000, "key=" * 20_000):
        assert len(HiddenKeys("s").arguments(["--header", text])) == 2
