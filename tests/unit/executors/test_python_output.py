"""The output of a child, cut into commands."""

import asyncio

import pytest

from workbench.executors.python_output import PrintedOutput

MARK = b"\0mark\0"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1000])
async def test_the_cut_is_right_however_the_bytes_arrive(size: int) -> None:
    stream = asyncio.StreamReader()
    output = PrintedOutput(stream, MARK)
    sent = b"one \0ma" + MARK + MARK + "drei ü\0".encode() + MARK + b"rest"
    for start in range(0, len(sent), size):
        stream.feed_data(sent[start : start + size])
        await asyncio.sleep(0)
    stream.feed_eof()
    assert [await output.of_finished() for _ in range(4)] == ["one \0ma", "", "drei ü\0", "rest"]
    await output.close()


async def test_a_long_output_keeps_both_ends_and_counts_what_is_missing() -> None:
    stream = asyncio.StreamReader()
    output = PrintedOutput(stream, MARK)
    for _ in range(30):
        stream.feed_data(b"x" * 10_000)
        await asyncio.sleep(0)
    stream.feed_data(b"end" + MARK)
    text = await output.of_finished()
    assert text.startswith("x" * 20_000 + "\n… 260,003 bytes left out …\n")
    assert text.endswith("xend")
    await output.close()
