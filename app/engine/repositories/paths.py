"""Which paths a repository may hold: those that every clone can check out, none that reaches elsewhere."""

from app.core.errors import Invalid

_LONGEST_PATH = 1024
_LONGEST_NAME = 255
_FORBIDDEN = {"", ".", ".."}
# Names that some file system takes for `.git`: a trailing dot or space and the 8.3 name on Windows.
_GIT_NAMES = {".git", "git~1"}
# Code points that HFS+ leaves out when it compares names.
_IGNORED = dict.fromkeys([*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF])
_FIRST_PRINTABLE = 0x20


def checked(path: str) -> str:
    """Return `path` when a repository may hold it; Invalid otherwise."""
    fault = fault_of(path)
    if fault:
        raise Invalid.field("path", f"{path!r} cannot be a file's path: {fault}.")
    return path


def fault_of(path: str) -> str | None:
    """Say in a few words what is wrong with a path, or None."""
    try:
        size = len(path.encode())
    except UnicodeEncodeError:
        return "it is not valid text"
    if size > _LONGEST_PATH:
        return f"it is longer than {_LONGEST_PATH} bytes"
    if any(ord(character) < _FIRST_PRINTABLE or character == "\x7f" for character in path):
        return "it contains a control character"
    if "\\" in path:
        return "it contains a backslash; folders are parted by /"
    if path.startswith("/"):
        return "it starts with /; paths begin at the top of the repository"
    return next((fault for name in path.split("/") if (fault := _fault_of_name(name))), None)


def _fault_of_name(name: str) -> str | None:
    if name in _FORBIDDEN:
        return "a part of it is empty, . or .."
    if len(name.encode()) > _LONGEST_NAME:
        return f"a part of it is longer than {_LONGEST_NAME} bytes"
    return "it reaches into git's own folder" if is_git_name(name) else None


def is_git_name(name: str) -> bool:
    """Whether some file system would open git's own folder under this name."""
    return name.translate(_IGNORED).casefold().split(":")[0].rstrip(". ") in _GIT_NAMES
