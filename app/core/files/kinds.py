"""What a file is, from its own first bytes; what its name or its sender says does not count."""

import codecs
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

MOST_PIXELS = 64_000_000  # what a browser unpacks without harm; a small file can claim far more
_HEAD = 64 * 1024
_MOST_SEGMENTS = 500
_UNKNOWN = "application/octet-stream"
_SIGNS = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
)


class Kind(NamedTuple):
    """A content type, and the size of a picture that can be shown."""

    content_type: str
    width: int | None = None
    height: int | None = None

    @property
    def is_picture(self) -> bool:
        return self.width is not None


def kind_of(file: BinaryIO) -> Kind:
    """Tell what a file is; a picture whose claims cannot be true, or are too much, is plain bytes."""
    file.seek(0)
    head = file.read(_HEAD)
    for content_type, read in (
        ("image/png", _png),
        ("image/gif", _gif),
        ("image/webp", _webp),
        ("image/jpeg", lambda start: _jpeg(start, file)),
    ):
        size = read(head)
        if size is not None:
            width, height = size
            fits = 0 < width * height <= MOST_PIXELS
            return Kind(content_type, width, height) if fits else Kind(_UNKNOWN)
    known = next((content_type for sign, content_type in _SIGNS if head.startswith(sign)), None)
    return Kind(known or ("text/plain" if _is_text(head) else _UNKNOWN))


def _png(head: bytes) -> tuple[int, int] | None:
    if head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR" or len(head) < 24:  # noqa: PLR2004
        return None
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def _gif(head: bytes) -> tuple[int, int] | None:
    if head[:6] not in {b"GIF87a", b"GIF89a"} or len(head) < 10:  # noqa: PLR2004
        return None
    width, height = struct.unpack("<HH", head[6:10])
    return width, height


def _webp(head: bytes) -> tuple[int, int] | None:
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or len(head) < 30:  # noqa: PLR2004
        return None
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if head[12:16] == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(head: bytes, file: BinaryIO) -> tuple[int, int] | None:
    if head[:3] != b"\xff\xd8\xff":
        return None
    for marker, place in _segments(file):
        if marker in _FRAMES:
            file.seek(place + 3)
            said = file.read(4)
            if len(said) == 4:  # noqa: PLR2004 - a height and a width
                height, width = struct.unpack(">HH", said)
                return width, height
    return None


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _segments(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Give each segment of a JPEG before its picture begins: its marker, and where it stands."""
    place = 2
    for _ in range(_MOST_SEGMENTS):
        file.seek(place)
        start = file.read(4)
        if len(start) < 4 or start[0] != 0xFF or start[1] == 0xDA:  # noqa: PLR2004
            return
        yield start[1], place + 2
        place += 2 + int.from_bytes(start[2:4], "big")


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
