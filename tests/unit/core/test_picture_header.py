"""The first bytes of pictures."""

import struct

import pytest

from workbench.core.picture_header import MOST_PIXELS, PictureHeader, picture_header


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


PICTURES = {
    "png": (png(640, 480), PictureHeader("image/png", 640, 480)),
    "gif": (b"GIF89a" + struct.pack("<HH", 3, 4), PictureHeader("image/gif", 3, 4)),
    "jpeg": (
        b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 480, 640) + b"\x01",
        PictureHeader("image/jpeg", 640, 480),
    ),
    "webp": (
        b"RIFF\x00\x00\x00\x00WEBPVP8X" + bytes(8) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little"),
        PictureHeader("image/webp", 640, 480),
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_header_says_what_it_is_and_how_large(name: str) -> None:
    content, header = PICTURES[name]
    assert picture_header(content) == header
    assert header.problem == ""


@pytest.mark.parametrize("name", PICTURES)
def test_one_that_is_cut_short_is_no_picture_and_never_raises(name: str) -> None:
    content, _ = PICTURES[name]
    assert [picture_header(content[:end]) for end in range(9)] == [None] * 9


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPxxxx", b"BM" + bytes(40)])
def test_anything_else_is_no_picture(content: bytes) -> None:
    assert picture_header(content) is None


def test_a_few_bytes_that_would_take_gigabytes_of_pixels_are_named() -> None:
    header = picture_header(png(2**31, 2**31))
    assert header is not None
    assert f"more than {MOST_PIXELS:,}" in header.problem
    empty = picture_header(png(0, 5))
    assert empty is not None
    assert empty.problem == "it has no pixels"
