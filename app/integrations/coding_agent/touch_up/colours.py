"""Colours in every notation of a style sheet, compared as what is seen."""

import colorsys
import re

Colour = tuple[int, int, int, float]

_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$", re.IGNORECASE)
_CALL = re.compile(r"(rgba?|hsla?)\(([^()]*)\)$", re.IGNORECASE)
NOTATION = re.compile(
    r"#[0-9a-fA-F]{3,8}(?![\w-])|\b(?:rgba?|hsla?)\([^()]*\)|(?<![\w#.$@-])[a-zA-Z]{3,20}(?![\w(-])",
)
_PARTS = (3, 4)
_ALMOST = 0.004


def colour_of(written: str) -> Colour | None:
    """Return what a colour looks like, or None where it is none that we can read."""
    words = written.strip().lower()
    if found := _HEX.match(words):
        return _from_hex(found[1])
    if found := _CALL.match(words):
        return _from_call(found[1], re.split(r"[\s,/]+", found[2].strip()))
    if words in _NAMES:
        return _from_hex(_NAMES[words])
    return (0, 0, 0, 0.0) if words == "transparent" else None


def _from_hex(digits: str) -> Colour:
    if len(digits) in _PARTS:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue, round(int(digits[6:8], 16) / 255, 3) if digits[6:8] else 1.0


def _from_call(name: str, parts: list[str]) -> Colour | None:
    if len(parts) not in _PARTS:
        return None
    try:
        alpha = _share(parts[3], 1) if parts[3:] else 1.0
        if name.startswith("rgb"):
            red, green, blue = (round(_share(part, 255)) for part in parts[:3])
        else:
            hue, full, light = (
                float(parts[0].removesuffix("deg")),
                *(_share(part, 100) for part in parts[1:3]),
            )
            red, green, blue = (
                round(part * 255) for part in colorsys.hls_to_rgb(hue % 360 / 360, light / 100, full / 100)
            )
    except ValueError:
        return None
    return _bound(red), _bound(green), _bound(blue), round(min(1.0, max(0.0, alpha)), 3)


def _share(part: str, whole: int) -> float:
    return float(part[:-1]) * whole / 100 if part.endswith("%") else float(part)


def _bound(value: int) -> int:
    return min(255, max(0, value))


def is_same(one: Colour, other: Colour) -> bool:
    """Tell whether two colours look the same, whatever they were rounded to."""
    near = all(abs(one[part] - other[part]) <= 1 for part in range(3))
    return near and abs(one[3] - other[3]) < _ALMOST


def written(colour: Colour) -> str:
    """Write a colour in the way that every browser and every file takes."""
    red, green, blue, alpha = colour
    if alpha < 1:
        return f"rgba({red}, {green}, {blue}, {alpha:g})"
    return f"#{red:02x}{green:02x}{blue:02x}"


_NAMES = dict(
    re.findall(
        r"(\w+) ([0-9a-f]{6})",
        "aliceblue f0f8ff,antiquewhite faebd7,aqua 00ffff,aquamarine 7fffd4,azure f0ffff,"
        "beige f5f5dc,bisque ffe4c4,black 000000,blanchedalmond ffebcd,blue 0000ff,"
        "blueviolet 8a2be2,brown a52a2a,burlywood deb887,cadetblue 5f9ea0,chartreuse 7fff00,"
        "chocolate d2691e,coral ff7f50,cornflowerblue 6495ed,cornsilk fff8dc,crimson dc143c,"
        "cyan 00ffff,darkblue 00008b,darkcyan 008b8b,darkgoldenrod b8860b,darkgray a9a9a9,"
        "darkgreen 006400,darkgrey a9a9a9,darkkhaki bdb76b,darkmagenta 8b008b,darkolivegreen 556b2f,"
        "darkorange ff8c00,darkorchid 9932cc,darkred 8b0000,darksalmon e9967a,darkseagreen 8fbc8f,"
        "darkslateblue 483d8b,darkslategray 2f4f4f,darkslategrey 2f4f4f,darkturquoise 00ced1,"
        "darkviolet 9400d3,deeppink ff1493,deepskyblue 00bfff,dimgray 696969,dimgrey 696969,"
        "dodgerblue 1e90ff,firebrick b22222,floralwhite fffaf0,forestgreen 228b22,fuchsia ff00ff,"
        "gainsboro dcdcdc,ghostwhite f8f8ff,gold ffd700,goldenrod daa520,gray 808080,green 008000,"
        "greenyellow adff2f,grey 808080,honeydew f0fff0,hotpink ff69b4,indianred cd5c5c,"
        "indigo 4b0082,ivory fffff0,khaki f0e68c,lavender e6e6fa,lavenderblush fff0f5,"
        "lawngreen 7cfc00,lemonchiffon fffacd,lightblue add8e6,lightcoral f08080,lightcyan e0ffff,"
        "lightgoldenrodyellow fafad2,lightgray d3d3d3,lightgreen 90ee90,lightgrey d3d3d3,"
        "lightpink ffb6c1,lightsalmon ffa07a,lightseagreen 20b2aa,lightskyblue 87cefa,"
        "lightslategray 778899,lightslategrey 778899,lightsteelblue b0c4de,lightyellow ffffe0,"
        "lime 00ff00,limegreen 32cd32,linen faf0e6,magenta ff00ff,maroon 800000,"
        "mediumaquamarine 66cdaa,mediumblue 0000cd,mediumorchid ba55d3,mediumpurple 9370db,"
        "mediumseagreen 3cb371,mediumslateblue 7b68ee,mediumspringgreen 00fa9a,"
        "mediumturquoise 48d1cc,mediumvioletred c71585,midnightblue 191970,mintcream f5fffa,"
        "mistyrose ffe4e1,moccasin ffe4b5,navajowhite ffdead,navy 000080,oldlace fdf5e6,"
        "olive 808000,olivedrab 6b8e23,orange ffa500,orangered ff4500,orchid da70d6,"
        "palegoldenrod eee8aa,palegreen 98fb98,paleturquoise afeeee,palevioletred db7093,"
        "papayawhip ffefd5,peachpuff ffdab9,peru cd853f,pink ffc0cb,plum dda0dd,powderblue b0e0e6,"
        "purple 800080,rebeccapurple 663399,red ff0000,rosybrown bc8f8f,royalblue 4169e1,"
        "saddlebrown 8b4513,salmon fa8072,sandybrown f4a460,seagreen 2e8b57,seashell fff5ee,"
        "sienna a0522d,silver c0c0c0,skyblue 87ceeb,slateblue 6a5acd,slategray 708090,"
        "slategrey 708090,snow fffafa,springgreen 00ff7f,steelblue 4682b4,tan d2b48c,teal 008080,"
        "thistle d8bfd8,tomato ff6347,turquoise 40e0d0,violet ee82ee,wheat f5deb3,white ffffff,"
        "whitesmoke f5f5f5,yellow ffff00,yellowgreen 9acd32",
    )
)
