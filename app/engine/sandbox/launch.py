"""Starts the bridge, behind walls or without, and hands it the description of its work."""

import contextlib
import json
import os
import select
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import Failed
from app.engine.sandbox import bubblewrap, syscalls
from app.engine.sandbox.cgroups import Group
from app.engine.sandbox.lines import OnLine
from app.engine.sandbox.owner import hand_over, owner_of
from app.engine.sandbox.proxy import PORT, Allowed, Proxy
from app.engine.sandbox.registries import Registries, registries
from app.engine.sandbox.work import Sandbox, Work

_BRIDGE = Path(__file__).with_name("bridge.py")
_MEGABYTE = 1024 * 1024
_START_SECONDS = 20


@dataclass
class Launch:
    """All that belongs to one started work, and goes back when it is over."""

    work: Work
    sandbox: Sandbox
    group: Group
    uid: int
    registries: Registries
    control: socket.socket  # our end; the bridge lives as long as it is open
    popen: "subprocess.Popen[bytes] | None" = None
    first: int = -1  # the bridge, as this machine numbers it
    pidfd: int = -1
    output: int = -1
    proxy: Proxy | None = None

    def close(self) -> None:
        """Give back everything; the processes are over by now."""
        if self.proxy:
            self.proxy.close()
        self.group.close()
        for descriptor in (self.output, self.pidfd):
            if descriptor >= 0:
                os.close(descriptor)
        self.output = self.pidfd = -1
        self.control.close()
        if self.work.listen:
            self.work.listen.path.unlink(missing_ok=True)


def launch(work: Work, sandbox: Sandbox, on_line: OnLine) -> Launch:
    """Start a work from the thread that it is to end with."""
    places = [work.folder, *work.caches.values()]
    uid = owner_of(work.folder, work.caches.values()) if sandbox.is_walled or _is_open(places) else 0
    for place in places:
        hand_over(place, uid)
    found = registries() if work.outbound else Registries()
    ours, theirs = socket.socketpair()
    started = Launch(work, sandbox, Group(work.limits), uid, found, ours)
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(theirs)
            listener = _start(started, theirs, stack)
            _watch_first(started)
            _describe(started, listener, on_line)
    except BaseException:
        if started.popen:
            started.popen.kill()
            started.popen.wait()
        started.close()
        raise
    return started


def _is_open(places: list[Path]) -> bool:
    """Tell whether another user could reach the folders; without walls the modes above them count."""
    above = {parent for place in places for parent in place.resolve().parents}
    return all(folder.stat().st_mode & 0o001 for folder in above)


def _start(started: Launch, theirs: socket.socket, stack: contextlib.ExitStack) -> int | None:
    """Start the bridge, return the number of its listening socket; `stack` closes what only it needs."""
    work = started.work
    listener = _listen(work)
    if listener:
        stack.enter_context(listener)
    started.output, their_output = os.pipe()
    stack.callback(os.close, their_output)
    passed = [theirs.fileno(), *([listener.fileno()] if listener else [])]
    info = -1
    if started.sandbox.is_walled:
        info, their_info = os.pipe()
        stack.callback(os.close, info)
        etc = {name: _memory_file(name, data) for name, data in bubblewrap.etc_files(started.uid).items()}
        for descriptor in etc.values():
            stack.callback(os.close, descriptor)
        extra = [*work.read_only, *started.registries.files]
        words = bubblewrap.arguments(work, control=theirs.fileno(), info=their_info, extra=extra, etc=etc)
        passed += [their_info, *etc.values()]
        closed = syscalls.program()
        if closed:
            passed.append(_memory_file("syscalls", closed))
            stack.callback(os.close, passed[-1])
            words[1:1] = ["--seccomp", str(passed[-1])]
    else:
        words = [str(bubblewrap.python()), "-I", "-S", str(_BRIDGE), str(theirs.fileno())]
    started.popen = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=their_output,
        stderr=their_output,
        pass_fds=passed,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},  # what /proc/1/environ shows inside
        cwd="/",
        start_new_session=not started.sandbox.is_walled,
    )
    if started.sandbox.is_walled:
        os.close(their_info)
        started.first = _first_process(info)
    else:
        started.first = started.popen.pid
    return listener.fileno() if listener else None


def _listen(work: Work) -> socket.socket | None:
    """Make the socket on our side; only the bridge keeps it open, so it refuses once the work is gone."""
    if work.listen is None:
        return None
    path = work.listen.path
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(512)
    return listener


def _memory_file(name: str, data: bytes) -> int:
    descriptor = os.memfd_create(name)
    os.write(descriptor, data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _first_process(info: int) -> int:
    """Read from bubblewrap which process is the first one inside; 0 when it did not come so far."""
    data = b""
    while select.select([info], [], [], _START_SECONDS)[0]:
        piece = os.read(info, 4096)
        data += piece
        if not piece:
            break
        with contextlib.suppress(ValueError):
            return int(json.loads(data)["child-pid"])
    return 0


def _watch_first(started: Launch) -> None:
    """Keep a handle on the bridge, and put it into its group before it starts anything."""
    if started.first > 0:
        with contextlib.suppress(ProcessLookupError):
            started.pidfd = os.pidfd_open(started.first)
            started.group.add(started.first)


def _describe(started: Launch, listener: int | None, on_line: OnLine) -> None:
    """Tell the bridge what to do, and take over what goes out."""
    work, is_walled = started.work, started.sandbox.is_walled
    port = work.listen.port if work.listen else 0
    if port and not is_walled:
        port = _free_port()
    folder = bubblewrap.APP if is_walled else work.folder
    config: dict[str, Any] = {
        "command": work.argv,
        "env": environment(started, port),
        "directory": str(folder / work.directory),
        "uid": started.uid,
        "gid": started.uid,
        "rlimits": _rlimits(started),
        "listen": listener,
        "port": port,
        "proxy_port": PORT if work.leads_out and is_walled else 0,
        "is_sandboxed": is_walled,
    }
    started.control.settimeout(_START_SECONDS)
    with contextlib.suppress(OSError):  # it ended before it began: following it tells how
        started.control.sendall(json.dumps(config).encode() + b"\n")
        if config["proxy_port"]:
            _, descriptors, _, _ = socket.recv_fds(started.control, 16, 1)
            if descriptors:
                allowed = Allowed.of(
                    started.registries.hosts, work.allowed_hosts, work.doors, is_open=work.outbound
                )
                started.proxy = Proxy(socket.socket(fileno=descriptors[0]), allowed, on_line)
    if work.leads_out and is_walled and started.proxy is None and started.first > 0:
        raise Failed("sandbox_failed", "The sandbox did not start: it could not open its way out.")


def environment(started: Launch, port: int) -> dict[str, str]:
    """Return the variables of a work: few, of its own, and those meant for it."""
    work, is_walled = started.work, started.sandbox.is_walled
    home = bubblewrap.HOME if is_walled else work.folder / ".greenroom-home"
    env = {
        "PATH": bubblewrap.search_path(is_walled=is_walled),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "CI": "1",
        "NO_COLOR": "1",
        "PYTHONUNBUFFERED": "1",
        **started.registries.env,
    }
    names = ("http_proxy", "https_proxy", "no_proxy")
    if work.outbound and is_walled:
        address = f"http://127.0.0.1:{PORT}"
        env |= dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), address)
        env |= {"npm_config_proxy": address, "npm_config_https_proxy": address, "NODE_USE_ENV_PROXY": "1"}
        reached = {host for host, _ in started.registries.hosts}  # a registry may live on this very machine
        own = ",".join(each for each in ("localhost", "127.0.0.1", "::1") if each not in reached)
        env |= dict.fromkeys(("no_proxy", "NO_PROXY"), own)
    elif work.outbound:
        env |= {name: os.environ[name] for name in (*names, *map(str.upper, names)) if name in os.environ}
    env |= work.env
    if port:
        env |= {"PORT": str(port), "HOST": "127.0.0.1"}
    return env


def _rlimits(started: Launch) -> dict[str, int]:
    work = started.work
    limits = {"RLIMIT_FSIZE": work.limits.file_mb * _MEGABYTE, "RLIMIT_CORE": 0, "RLIMIT_NOFILE": 16_384}
    # Counted for each user: right in a user namespace and for a uid of its own, wrong for the operator's.
    if not started.group.is_real and (started.sandbox.is_walled or started.uid):
        limits["RLIMIT_NPROC"] = work.limits.processes + 1
    return limits


def _free_port() -> int:
    """Find a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
