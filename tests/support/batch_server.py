"""The batch APIs of two vendors on loopback, as they are documented: files and batches, or batches alone."""

import asyncio
import json
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

Json = dict[str, Any]


class BatchServer:
    """Answers each request of a batch with `answer(body)`: a status and a document."""

    def __init__(self, answer: Callable[[Json], tuple[int, Json]]) -> None:
        self._answer = answer
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, Json] = {}
        self.sent: list[Json] = []
        """Each request that came in a batch, with its custom id."""
        self.headers: list[str] = []
        self.looks = 0

    async def __aenter__(self) -> "BatchServer":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = head.split("\r\n")
        method, path, _ = lines[0].split(" ")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        self.headers.append(head.lower())
        content = self._reply(method, path.partition("?")[0].strip("/").split("/"), fields, body)
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(content) + content)
        await writer.drain()
        writer.close()

    def _reply(self, method: str, path: list[str], fields: dict[str, str], body: bytes) -> bytes | Json:
        match method, path:
            case "POST", ["files"]:
                form = BytesParser(policy=HTTP).parsebytes(
                    b"content-type: %b\r\n\r\n%b" % (fields["content-type"].encode(), body)
                )
                parts = {part.get_param("name", header="content-disposition"): part for part in form.iter_parts()}
                assert parts["purpose"].get_content().strip() == "batch"
                self.files["file-in"] = parts["file"].get_payload(decode=True)
                return {"id": "file-in", "object": "file"}
            case "POST", ["batches"]:
                return self._begin(json.loads(body))
            case "GET", ["batches"]:
                return {"data": list(self.batches.values()), "has_more": False}
            case "GET", ["batches", batch_id]:
                return self._look(batch_id, "status", "completed")
            case "GET", ["files", file_id, "content"]:
                return self.files[file_id]
            case "POST", ["v1", "messages", "batches"]:
                return self._begin_messages(json.loads(body))
            case "GET", ["v1", "messages", "batches", batch_id]:
                return self._look(batch_id, "processing_status", "ended")
            case "GET", ["v1", "messages", "batches", batch_id, "results"]:
                return self.files[batch_id]
        raise AssertionError(f"{method} {path}")

    def _look(self, batch_id: str, key: str, last: str) -> Json:
        self.looks += 1
        self.batches[batch_id][key] = "in_progress" if self.looks % 2 else last
        return self.batches[batch_id]

    def _begin(self, order: Json) -> Json:
        assert order["completion_window"] == "24h"
        lines = [json.loads(line) for line in self.files[order["input_file_id"]].splitlines()]
        assert {line["url"] for line in lines} == {order["endpoint"]}
        right, wrong = [], []
        for line in lines:
            self.sent.append(line)
            status, document = self._answer(line["body"])
            response = {"status_code": status, "request_id": "r-1", "body": document}
            (right if status == 200 else wrong).append({"custom_id": line["custom_id"], "response": response})
        number = len(self.batches) + 1
        self.files[f"out-{number}"] = _lines(reversed(right))
        self.files[f"err-{number}"] = _lines(wrong)
        batch = {"id": f"batch_{number}", "metadata": order["metadata"], "created_at": 1_900_000_000}
        ends = {"output_file_id": f"out-{number}", "error_file_id": f"err-{number}" if wrong else None}
        self.batches[f"batch_{number}"] = {**batch, **ends, "status": "validating"}
        return self.batches[f"batch_{number}"]

    def _begin_messages(self, order: Json) -> Json:
        results = []
        for one in order["requests"]:
            self.sent.append({"custom_id": one["custom_id"], "body": one["params"]})
            status, document = self._answer(one["params"])
            result = (
                {"type": "succeeded", "message": document} if status == 200 else {"type": "errored", "error": document}
            )
            results.append({"custom_id": one["custom_id"], "result": result})
        name = f"msgbatch_{len(self.batches) + 1}"
        self.files[name] = _lines(reversed(results))
        self.batches[name] = {"id": name, "processing_status": "in_progress", "created_at": "2030-01-01T00:00:00Z"}
        return self.batches[name]


def _lines(documents: Any) -> bytes:
    return b"".join(json.dumps(document).encode() + b"\n" for document in documents)
