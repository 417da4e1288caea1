"""Pictures as small as they can be, and some that only claim to be pictures."""

import io
import struct
import zlib


def png(width: int = 2, height: int = 2) -> bytes:
    """Return a PNG that claims a size; its few bytes of content say nothing about it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x10\x60\x40" * 2 for _ in range(2))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, content)
        for kind, content in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def drawing(kind: str = "PNG", size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    """Return a whole picture that any program can open."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", size, (16, 96, 64)).save(out, kind, **more)
    return out.getvalue()


def jpeg(width: int = 3, height: int = 2) -> bytes:
    """Return the start of a JPEG, with a long block of a camera's words before its size."""
    words = b"\xff\xe1" + struct.pack(">H", 60_002) + b"x" * 60_000
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\0" * 9
    return b"\xff\xd8" + words + words + frame + b"\xff\xda\0\x02"


PICTURE = png()
BOMB = png(60_000, 60_000)
DRAWING_WITH_SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
