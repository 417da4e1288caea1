"""Where the symbolic links of a tree lead, found out without a file system."""

from collections.abc import Mapping

# The kernel gives up a path after as many links.
_MOST_JUMPS = 40


def escapes(links: Mapping[bytes, bytes]) -> set[bytes]:
    """Return those links that would lead out of the tree, through whichever other links."""
    return {path for path in links if not _stays(path, links)}


def _stays(path: bytes, links: Mapping[bytes, bytes]) -> bool:
    here: list[bytes] = []
    ahead = path.split(b"/")[::-1]
    jumps = 0
    while ahead:
        name = ahead.pop()
        if name in {b"", b"."}:
            continue
        if name == b"..":
            if not here:
                return False
            here.pop()
            continue
        target = links.get(b"/".join([*here, name]))
        if target is None:
            here.append(name)
            continue
        jumps += 1
        if jumps > _MOST_JUMPS or not target or target.startswith(b"/") or b"\0" in target:
            return False
        ahead.extend(target.split(b"/")[::-1])
    return True
