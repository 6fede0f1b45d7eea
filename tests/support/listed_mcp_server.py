"""An MCP server that offers the tools of a file and speaks one version of the protocol. Standard library only.

python listed_mcp_server.py TOOLS.json VERSION [rubbish]

Called with `{"end": true}` anywhere in its arguments, it ends in the middle of the call.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

TOOLS = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["tools"]
VERSION = sys.argv[2]
IS_MODERN = VERSION >= "2026"
IS_NOISY = "rubbish" in sys.argv
PAGE = 10
ABOUT = {"name": "listed", "version": "1"}


def send(message: dict[str, Any]) -> None:
    if IS_NOISY:
        sys.stdout.write('INFO {"jsonrpc": "almost"}\n\x1b[31mnot json\x1b[0m\n')
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def answer(method: str, params: dict[str, Any]) -> dict[str, Any] | None:
    match method:
        case "server/discover" if IS_MODERN:
            return {"supportedVersions": [VERSION], "capabilities": {"tools": {}}, "serverInfo": ABOUT}
        case "initialize" if not IS_MODERN:
            return {"protocolVersion": VERSION, "capabilities": {"tools": {}}, "serverInfo": ABOUT}
        case "tools/list":
            start = int(params.get("cursor") or 0)
            more = {"nextCursor": str(start + PAGE)} if start + PAGE < len(TOOLS) else {}
            return {"tools": TOOLS[start : start + PAGE], **more}
        case "tools/call":
            if params.get("arguments", {}).get("end"):
                os._exit(7)
            return {"content": [{"type": "text", "text": params["name"]}]}
        case _:
            return None


def main() -> None:
    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message:
            continue
        result = answer(message.get("method", ""), message.get("params") or {})
        if result is None:
            send({"id": message["id"], "error": {"code": -32601, "message": "Method not found"}})
        else:
            modern = {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"} if IS_MODERN else {}
            send({"id": message["id"], "result": {**modern, **result}})


if __name__ == "__main__":
    main()
