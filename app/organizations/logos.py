"""What becomes of a picture that shall be a logo: looked through, made small, written anew."""

import io
import warnings
from typing import BinaryIO

from app.core.errors import Invalid
from app.core.files import kind_of, length_of, size_in_words

CONTENT_TYPE = "image/png"
SIDE = 256
_KINDS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/gif": "GIF"}
_MOST_BYTES = 5 * 1024 * 1024
_MOST_PIXELS = 16_000_000  # 64 MB, while it is unpacked


def drawn_small(picture: BinaryIO) -> bytes:
    """Return a picture as a PNG of at most 256 points each way, or say why it cannot be a logo."""
    from PIL import Image, ImageOps

    length = length_of(picture)
    if length > _MOST_BYTES:
        raise _refusal(f"This has {size_in_words(length)}; a logo may have {size_in_words(_MOST_BYTES)}.")
    kind = kind_of(picture)
    if kind.content_type not in _KINDS:
        raise _refusal("Take a PNG, JPEG, WebP or GIF. Drawings (SVG) can hold programs, so none is taken.")
    _must_be_unpackable(kind.width or 0, kind.height or 0)
    picture.seek(0)
    try:
        with warnings.catch_warnings(), Image.open(picture, formats=[_KINDS[kind.content_type]]) as found:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            _must_be_unpackable(found.width, found.height)
            found.draft("RGB", (SIDE, SIDE))  # a large JPEG is unpacked only as far as needed
            small = found.convert("RGBA")
            small.thumbnail((SIDE, SIDE))
            upright = ImageOps.exif_transpose(small)
            out = io.BytesIO()
            Image.frombytes("RGBA", upright.size, upright.tobytes()).save(out, "PNG", optimize=True)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refusal("This picture is broken. Save it anew and send that.") from None
    return out.getvalue()


def _must_be_unpackable(width: int, height: int) -> None:
    if width * height > _MOST_PIXELS:
        raise _refusal(f"This is {width} by {height} points, which is too much to unpack. Make it smaller.")


def _refusal(words: str) -> Invalid:
    return Invalid.field("logo", words, type="file")
