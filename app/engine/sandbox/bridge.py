"""The first process inside a sandbox: starts the work, forwards connections to it, ends with all of it.

Runs by itself with nothing but the standard library, by whatever Python the sandbox shows. It is told what
to do over a socket that only our side holds the other end of; when that end is gone, so is the work.
"""

import contextlib
import ctypes
import json
import os
import resource
import selectors
import signal
import socket
import sys
import time
from typing import Any

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 1, 4, 36
CHUNK = 65_536
MOST_BUFFERED = 262_144
LISTENING = "0A"
COULD_NOT_START = 127


class End:
    """One side of a forwarded connection: its socket and what still has to be sent to it."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.buffer = bytearray()
        self.is_over = False  # it will send nothing more
        self.is_shut = False  # it was told that nothing more comes
        self.peer = self
        self.interest = 0


class Connection:
    """A connection from outside, and the places inside where it may lead, tried in turn."""

    def __init__(self, bridge: "Bridge", client: socket.socket) -> None:
        self.bridge = bridge
        self.client = End(client)
        self.server: End | None = None
        self.places = bridge.places()
        self.place: tuple[str, int] | None = None
        self.try_next()

    def try_next(self) -> None:
        """Begin to connect to the next place, or give up."""
        while self.places:
            self.place = self.places.pop(0)
            family = socket.AF_INET6 if ":" in self.place[0] else socket.AF_INET
            try:
                sock = socket.socket(family, socket.SOCK_STREAM)
                sock.setblocking(False)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                code = sock.connect_ex(self.place)
            except OSError:
                continue
            if code in (0, 115):  # done, or under way
                self.server = End(sock)
                self.bridge.selector.register(sock, selectors.EVENT_WRITE, self.connected)
                return
            sock.close()
            self.places += self.bridge.found_places(self.place)
        self.bridge.close_socket(self.client.sock)

    def connected(self, _: int) -> None:
        """Join the two sides, or try the next place when nobody was there."""
        if self.server is None or self.place is None:
            return
        self.bridge.selector.unregister(self.server.sock)
        if self.server.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self.server.sock.close()
            self.server = None
            if not self.places:
                self.places = self.bridge.found_places(self.place)
            self.try_next()
            return
        self.bridge.known = self.place
        self.client.peer, self.server.peer = self.server, self.client
        self.watch(self.client)
        self.watch(self.server)

    def watch(self, end: End) -> None:
        """Listen for what this side can do just now."""
        wanted = 0
        if not end.is_over and len(end.peer.buffer) < MOST_BUFFERED:
            wanted |= selectors.EVENT_READ
        if end.buffer:
            wanted |= selectors.EVENT_WRITE
        if wanted == end.interest:
            return
        selector = self.bridge.selector
        if not end.interest:
            selector.register(end.sock, wanted, lambda events, end=end: self.ready(end, events))
        elif wanted:
            selector.modify(end.sock, wanted, selector.get_key(end.sock).data)
        else:
            selector.unregister(end.sock)
        end.interest = wanted

    def ready(self, end: End, events: int) -> None:
        """Move bytes, pass on an end of one direction, and close when both are over."""
        try:
            if events & selectors.EVENT_READ:
                data = end.sock.recv(CHUNK)
                if data:
                    end.peer.buffer += data
                else:
                    end.is_over = True
                self.flush(end.peer)
            if events & selectors.EVENT_WRITE:
                self.flush(end)
        except BlockingIOError:
            pass
        except OSError:
            self.close()
            return
        if end.is_over and end.peer.is_over and not end.buffer and not end.peer.buffer:
            self.close()
            return
        self.watch(end)
        self.watch(end.peer)

    def flush(self, end: End) -> None:
        """Send what is waiting; once the other side is over and all is sent, say so."""
        if end.buffer:
            with contextlib.suppress(BlockingIOError):
                sent = end.sock.send(end.buffer)
                del end.buffer[:sent]
        if end.peer.is_over and not end.buffer and not end.is_shut:
            end.is_shut = True
            end.sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Let both sides go."""
        for end in (self.client, self.server):
            if end is not None:
                if end.interest:
                    self.bridge.selector.unregister(end.sock)
                    end.interest = 0
                self.bridge.close_socket(end.sock)


class Bridge:
    """One work: its main process, the sockets that lead to it, and our side's control."""

    def __init__(self, control: socket.socket, config: dict[str, Any]) -> None:
        self.control = control
        self.config = config
        self.selector = selectors.DefaultSelector()
        self.listener: socket.socket | None = None
        self.is_paused = False
        self.own_ports: set[int] = set()
        self.known: tuple[str, int] | None = None
        self.child = 0

    def run(self) -> int:
        """Live as long as the main process does; return its exit code."""
        config = self.config
        if config["listen"] is not None:
            self.listener = socket.socket(fileno=config["listen"])
            self.listener.setblocking(False)
            self.selector.register(self.listener, selectors.EVENT_READ, self.accept)
        if config["proxy_port"]:
            self.hand_out_proxy(config["proxy_port"])
        wake, self.wake = socket.socketpair()
        for sock in (wake, self.wake):
            sock.setblocking(False)
        self.selector.register(wake, selectors.EVENT_READ, lambda _: wake.recv(CHUNK))
        self.control.setblocking(False)
        self.selector.register(self.control, selectors.EVENT_READ, self.told)
        signal.set_wakeup_fd(self.wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.pass_on if config["is_sandboxed"] else self.end)
        self.child = start(config)
        while True:
            code = self.reap()
            if code is not None:
                return code
            for key, events in self.selector.select(5):
                if key.fd in self.selector.get_map():
                    key.data(events)

    def hand_out_proxy(self, port: int) -> None:
        """Listen for the work's outgoing connections, and let our side outside accept them."""
        with socket.create_server(("127.0.0.1", port), backlog=256) as listener:
            self.own_ports.add(port)
            socket.send_fds(self.control, [b"proxy\n"], [listener.fileno()])

    def told(self, _: int) -> None:
        """Do what our side says: one letter; no more letters means that it is gone."""
        try:
            letters = self.control.recv(16)
        except BlockingIOError:
            return
        except OSError:
            letters = b""
        if not letters:
            self.end()
        if b"t" in letters:
            self.pass_on(signal.SIGTERM)

    def pass_on(self, number: int, _: object = None) -> None:
        """Hand a signal to the work."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child, number)

    def end(self, *_: object) -> None:
        """Take everything along at once."""
        sweep(self.config)
        os._exit(128 + signal.SIGKILL)

    def reap(self) -> int | None:
        """Collect processes that ended; return the exit code when the main one did."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return COULD_NOT_START
            if pid == 0:
                return None
            if pid == self.child:
                code = os.waitstatus_to_exitcode(status)
                return code if code >= 0 else 128 - code

    def accept(self, _: int) -> None:
        """Take a connection from outside; pause when no descriptor is left."""
        if self.listener is None:
            return
        try:
            client, _address = self.listener.accept()
        except BlockingIOError:
            return
        except OSError:
            self.selector.unregister(self.listener)
            self.is_paused = True
            return
        client.setblocking(False)
        Connection(self, client)

    def close_socket(self, sock: socket.socket) -> None:
        sock.close()
        if self.is_paused and self.listener is not None:
            self.is_paused = False
            self.selector.register(self.listener, selectors.EVENT_READ, self.accept)

    def places(self) -> list[tuple[str, int]]:
        """Return where the work may listen, the likeliest first."""
        named = [("127.0.0.1", self.config["port"]), ("::1", self.config["port"])]
        if self.known is None:
            return named
        return [self.known, *(place for place in named if place != self.known)]

    def found_places(self, tried: tuple[str, int]) -> list[tuple[str, int]]:
        """Return where the work does listen, when it was not where it was told to."""
        found = [place for place in listening(self.inodes()) if place[1] not in self.own_ports]
        named = {("127.0.0.1", self.config["port"]), ("::1", self.config["port"])}
        if tried not in named:  # these were tried already
            return []
        return [place for place in found if place not in named]

    def inodes(self) -> set[str] | None:
        """Return the sockets of our processes; None where every socket in sight is theirs."""
        if self.config["is_sandboxed"]:
            return None
        found = set()
        for pid in descendants():
            with contextlib.suppress(OSError):
                for entry in os.scandir(f"/proc/{pid}/fd"):
                    with contextlib.suppress(OSError):
                        target = os.readlink(entry.path)  # noqa: PTH115
                        if target.startswith("socket:["):
                            found.add(target[8:-1])
        return found


def read(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - pathlib slows the start
        return file.read()


def listening(inodes: set[str] | None) -> list[tuple[str, int]]:
    """Return the addresses on which somebody listens, IPv4 first."""
    places = []
    for table, loopback in (("tcp", "127.0.0.1"), ("tcp6", "::1")):
        lines = []
        with contextlib.suppress(OSError):
            lines = read(f"/proc/net/{table}").splitlines()[1:]
        for line in lines:
            columns = line.split()
            if columns[3] == LISTENING and (inodes is None or columns[9] in inodes):
                places.append((loopback, int(columns[1].rsplit(":", 1)[1], 16)))
    return places


def descendants() -> list[int]:
    """Return every process below this one."""
    parents: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208 - pathlib would cost a third of the start
        if name.isdigit():
            with contextlib.suppress(OSError):
                columns = read(f"/proc/{name}/stat").rpartition(")")[2].split()
                if columns[0] not in {"Z", "X"}:
                    parents.setdefault(int(columns[1]), []).append(int(name))
    found, look = [], [os.getpid()]
    while look:
        children = parents.get(look.pop(), [])
        found += children
        look += children
    return found


def sweep(config: dict[str, Any]) -> None:
    """Kill what is left; inside a sandbox the kernel does it when its first process ends."""
    if config["is_sandboxed"]:
        return
    for _ in range(200):
        left = descendants()
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)


def prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def start(config: dict[str, Any]) -> int:
    """Start the main process with its limits, and return its number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.set_wakeup_fd(-1)
        for number in (
            signal.SIGTERM,
            signal.SIGINT,
            signal.SIGHUP,
            signal.SIGCHLD,
            signal.SIGPIPE,
            signal.SIGXFSZ,
        ):
            signal.signal(number, signal.SIG_DFL)
        for name, value in config["rlimits"].items():
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            most = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (most, most))
        os.chdir(config["directory"])
        os.execvpe(config["command"][0], config["command"], config["env"])  # noqa: S606 - starting it is the task
    except OSError as error:
        os.write(2, f"{error.strerror}: {error.filename or config['command'][0]}\n".encode())
    finally:
        os._exit(COULD_NOT_START)


def give_up_rights(config: dict[str, Any]) -> None:
    """Become the user that the work runs as, and end with the process above us."""
    if config["uid"]:
        os.setgroups([])
        os.setresgid(config["gid"], config["gid"], config["gid"])
        os.setresuid(config["uid"], config["uid"], config["uid"])
    prctl(PR_SET_DUMPABLE, 0)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    # A change of user cleared what the launcher had set.
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL if config["is_sandboxed"] else signal.SIGTERM)


def receive_config(control: socket.socket) -> dict[str, Any]:
    data = b""
    while not data.endswith(b"\n"):
        piece = control.recv(CHUNK)
        if not piece:
            os._exit(COULD_NOT_START)
        data += piece
    config: dict[str, Any] = json.loads(data)
    return config


def main() -> None:
    """Run one work from the first byte of its description to its exit code."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    config = receive_config(control)
    if config["listen"] is not None:
        os.set_inheritable(config["listen"], False)
    os.umask(0o022)
    give_up_rights(config)
    with contextlib.suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
    with contextlib.suppress(OSError):
        os.makedirs(config["env"]["HOME"], mode=0o700, exist_ok=True)  # noqa: PTH103
    code = Bridge(control, config).run()
    sweep(config)
    os._exit(code)


if __name__ == "__main__":
    main()
