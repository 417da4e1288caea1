"""The walls: what of this machine a work sees, said as arguments of bubblewrap."""

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from app.engine import node
from app.engine.sandbox.work import Work

APP = Path("/app")
CACHE = Path("/cache")
HOME = Path("/tmp/home")  # noqa: S108 - a path inside the sandbox, on its own tmpfs
_INSIDE = Path("/run/greenroom")
_MEGABYTE = 1024 * 1024
_OLDEST = (0, 5, 0)

_LINKS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = (
    "/etc/ssl",
    "/etc/ca-certificates",
    "/etc/pki",
    "/etc/crypto-policies",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/protocols",
    "/etc/services",
    "/etc/fonts",
    "/etc/magic",
)
_THERE = ("/usr", "/etc/ssl", "/etc/ca-certificates", "/etc/pki", "/lib", "/lib64", "/bin")
_TOOLS = ("node", "npm", "npx", "corepack", "pnpm", "yarn", "uv", "bun", "deno")


@functools.cache
def program() -> str | None:
    return shutil.which("bwrap")


@functools.cache
def can(option: str) -> bool:
    """Tell whether this bubblewrap knows an option; the distributions carry versions of five years."""
    path = program()
    if path is None:
        return False
    answer = subprocess.run([path, "--help"], capture_output=True, text=True, check=False, timeout=10)
    return bool(re.search(rf"{re.escape(option)}\b", answer.stdout + answer.stderr))


def version() -> tuple[int, ...]:
    path = program()
    if path is None:
        return ()
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=10)
    return tuple(int(each) for each in re.findall(r"\d+", answer.stdout)[:3])


def is_too_old() -> bool:
    return version() < _OLDEST


def python() -> Path:
    """Return the Python that is shown inside, not the one of our own virtual environment."""
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def is_there(path: Path) -> bool:
    """Tell whether a path is shown inside anyway."""
    return any(path.is_relative_to(each) for each in _THERE)


def tools() -> dict[str, Path]:
    """Return the programs of other languages; Node.js is our own where this machine has none."""
    found = _tools_of_machine()
    return found if "node" in found else {**found, **node.programs()}


@functools.cache
def _tools_of_machine() -> dict[str, Path]:
    """Find programs on the search path or beside our own Python."""
    search = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    found = {name: shutil.which(name, path=search) for name in _TOOLS}
    return {name: Path(path) for name, path in found.items() if path}


def shown() -> tuple[list[tuple[Path, Path]], list[Path]]:
    """Return what must be bound for Python and the tools (from, to), and the folders they are found in."""
    binds: dict[Path, Path] = {}
    folders = [python().parent]
    base = Path(sys.base_prefix).resolve()
    if not is_there(base) and base != Path("/"):
        binds[base] = base
    for name, path in tools().items():
        real = path.resolve()
        if is_there(path) and is_there(real):
            folders.append(path.parent)
        elif name == "uv":
            binds[real] = _INSIDE / "bin/uv"
            folders.append(_INSIDE / "bin")
        else:  # a version manager's folder: <prefix>/bin/node, <prefix>/lib/node_modules
            prefix = tools()["node"].resolve().parent.parent if "node" in tools() else real.parent
            if real.is_relative_to(prefix) and len(prefix.parts) > 2:  # noqa: PLR2004 - never a whole /home
                binds[prefix] = prefix
                folders.append(prefix / "bin")
    return list(binds.items()), list(dict.fromkeys(folders))


def search_path(*, is_walled: bool) -> str:
    """Return the PATH of work."""
    usual = [Path(each) for each in ("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin")]
    if is_walled:
        folders = [*shown()[1], *usual]
    else:  # our own virtual environment, where uv may be, comes last: its other programs are not meant
        folders = [python().parent, *usual, *(path.parent for path in tools().values())]
    return os.pathsep.join(str(each) for each in dict.fromkeys(folders))


def arguments(
    work: Work, *, control: int, info: int, extra: Iterable[Path], etc: dict[str, int]
) -> list[str]:
    """Return the command that starts the bridge inside; `etc` holds descriptors of small files."""
    path = program()
    if path is None:
        raise RuntimeError("require() was not asked")
    binds: list[tuple[str, Path, Path]] = [("--ro-bind", real, inside) for real, inside in shown()[0]]
    binds += [("--ro-bind", each, each) for each in extra if not is_there(each)]
    binds.append(("--ro-bind", Path(__file__).with_name("bridge.py"), _INSIDE / "bridge.py"))
    binds.append(("--bind", work.folder, APP))
    binds += [("--bind", cache, CACHE / name) for name, cache in work.caches.items()]
    words = [path, "--info-fd", str(info), *_namespaces(), *_system(), *_parents(binds)]
    for name, descriptor in etc.items():
        words += ["--perms", "0644", "--ro-bind-data", str(descriptor), f"/etc/{name}"]
    words += ["--proc", "/proc", "--dev", "/dev"]
    size = ["--size", str(work.limits.memory_mb * _MEGABYTE // 2)] if can("--size") else []
    for folder in ("/dev/shm", "/tmp"):  # noqa: S108 - inside
        words += ["--perms", "1777", *size, "--tmpfs", folder]
    words += _parents(binds, in_tmp=True)
    for kind, real, inside in binds:
        words += [kind, str(real), str(inside)]
    words += ["--remount-ro", "/", "--chdir", "/"]
    return [*words, "--", str(python()), "-I", "-S", str(_INSIDE / "bridge.py"), str(control)]


def _namespaces() -> list[str]:
    words = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    words += [
        "--die-with-parent",
        "--new-session",
        "--as-pid-1",
        "--hostname",
        "greenroom",
        "--cap-drop",
        "ALL",
    ]
    if os.geteuid() == 0:  # the bridge gives these up first of all
        return [*words, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    words += ["--unshare-user", "--uid", str(os.getuid()), "--gid", str(os.getgid())]
    return [*words, "--disable-userns"] if can("--disable-userns") else words


def _system() -> list[str]:
    """Show the programs and libraries of this machine, and the settings that are nobody's secret."""
    words = ["--ro-bind", "/usr", "/usr"]
    for link in map(Path, _LINKS):
        if link.is_symlink():
            words += ["--symlink", str(link.readlink()), str(link)]
        elif link.is_dir():
            words += ["--ro-bind", str(link), str(link)]
    words += ["--perms", "0755", "--dir", "/etc"]
    for setting in _SETTINGS:
        words += ["--ro-bind-try", setting, setting]
    return words


def _parents(binds: list[tuple[str, Path, Path]], *, in_tmp: bool = False) -> list[str]:
    """Make the folders above what is bound, open to the user that the work runs as."""
    tmp = Path("/tmp")  # noqa: S108 - inside, where it is mounted only after the others are made
    folders = {parent for _, _, inside in binds for parent in inside.parents}
    words = []
    for folder in sorted(folders - {Path("/"), tmp}):
        if folder.is_relative_to(tmp) == in_tmp and not is_there(folder):
            words += ["--perms", "0755", "--dir", str(folder)]
    return words


def etc_files(uid: int) -> dict[str, bytes]:
    """Write the few files of /etc that programs look for; none is this machine's own."""
    gid = uid or os.getgid()
    uid = uid or os.getuid()
    user = f"greenroom:x:{uid}:{gid}:Greenroom:{HOME}:/bin/sh\n" if uid else ""
    group = f"greenroom:x:{gid}:\n" if gid else ""
    return {
        "passwd": f"root:x:0:0:root:/root:/usr/sbin/nologin\n{user}".encode(),
        "group": f"root:x:0:\n{group}".encode(),
        "hosts": b"127.0.0.1 localhost greenroom\n::1 localhost ip6-localhost\n",
        "hostname": b"greenroom\n",
        "nsswitch.conf": b"passwd: files\ngroup: files\nhosts: files dns\n",
        "resolv.conf": b"# There is no name server here: names are resolved by the proxy.\n",
    }
