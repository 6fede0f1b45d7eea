"""A reader of pictures that a picture has taken over: what it does is what the picture's bytes say."""

import base64
import json
import os
import sys
import threading


def main(_arguments: list[str]) -> int:
    """Answer each command with the data it brings; `die` and `hang` do that."""
    for line in sys.stdin.buffer:
        told = base64.b64decode(json.loads(line)["data"])
        if told == b"die":
            os.abort()
        if told == b"hang":
            threading.Event().wait()
        sys.stdout.buffer.write(told + b"\n")
        sys.stdout.buffer.flush()
    return 0
