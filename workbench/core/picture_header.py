"""What the first bytes of a picture say about it. Nothing is decoded. Pure."""

import base64
import struct
from collections.abc import Callable

import msgspec

from workbench.core.message import Attachment

HEADER_BYTES = 1_048_575
"""How many bytes of a picture are read: a JPEG may begin with large profiles. A multiple of 3, for base64."""
MOST_PIXELS = 50_000_000
_OF_URLS = str.maketrans("-_", "+/")


class PictureHeader(msgspec.Struct, frozen=True):
    """`mime_type` is what it is, whatever it is called; width and height are in pixels."""

    mime_type: str
    width: int
    height: int

    @property
    def problem(self) -> str:
        """Why it should not be decoded; empty when it may be."""
        if self.width < 1 or self.height < 1:
            return "it has no pixels"
        if self.width * self.height > MOST_PIXELS:
            return f"it would take {self.width * self.height:,} pixels, more than {MOST_PIXELS:,}"
        return ""


def plain_base64(data: str) -> str:
    """Base64 as every vendor reads it: servers also send `data:` URLs, line breaks, the URL alphabet, or no padding."""
    data = data.partition(",")[2] if data.startswith("data:") else data
    data = "".join(data.split()).translate(_OF_URLS).rstrip("=")
    return data + "=" * (-len(data) % 4)


def attachment_of(data: str, mime_type: str, name: str = "") -> Attachment | None:
    """The attachment of this base64, perhaps in a `data:` address, where it can be read. A picture is what it is,
    whatever it is called."""
    data = plain_base64(data)
    try:
        content = base64.b64decode(data, validate=True)
    except ValueError:
        return None
    header = picture_header(content[:HEADER_BYTES])
    if header is None or header.problem:
        return Attachment(mime_type or "application/octet-stream", data, name)
    return Attachment(header.mime_type, data, name, header.width, header.height)


def redacted(attachment: Attachment, redact: Callable[[str], str]) -> Attachment:
    """The attachment without keys in its words and, where it is text, in its data: base64 would hide them."""
    data = attachment.data
    try:
        text = base64.b64decode(data).decode()
    except UnicodeDecodeError:
        text = clean = ""
    else:
        clean = redact(text)
    return msgspec.structs.replace(
        attachment,
        data=data if clean == text else base64.b64encode(clean.encode()).decode(),
        name=redact(attachment.name),
        mime_type=redact(attachment.mime_type),
    )


def picture_header(content: bytes) -> PictureHeader | None:
    """The header of a PNG, JPEG, GIF or WebP; None for anything else, and for one that is cut short."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
            return PictureHeader("image/png", *struct.unpack(">II", content[16:24]))
        if content[:6] in (b"GIF87a", b"GIF89a"):
            return PictureHeader("image/gif", *struct.unpack("<HH", content[6:10]))
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
        return _jpeg(content) if content.startswith(b"\xff\xd8\xff") else None
    except (struct.error, IndexError):
        return None


def _webp(content: bytes) -> PictureHeader | None:
    match content[12:16]:
        case b"VP8X":
            width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
            return PictureHeader("image/webp", width, height) if len(content) >= 30 else None
        case b"VP8L":
            (bits,) = struct.unpack("<I", content[21:25])
            return PictureHeader("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8 ":
            width, height = struct.unpack("<HH", content[26:30])
            return PictureHeader("image/webp", width & 0x3FFF, height & 0x3FFF)
        case _:
            return None


def _jpeg(content: bytes) -> PictureHeader | None:
    """The first frame: markers FFC0 to FFCF, but for tables (C4, C8, CC)."""
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return PictureHeader("image/jpeg", width, height)
        at += 2 + length
    return None
