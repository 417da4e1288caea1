"""A real git client and a real server of the application, both on this machine alone."""

import os
import subprocess
import threading

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    """Serves one request after the other on a connection, and says nothing."""

    protocol_version = "HTTP/1.1"

    def log(self, type, message, *args):  # noqa: A002 - werkzeug's name
        pass


@pytest.fixture
def site(app, database):
    """Serve the application; returns its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def git(tmp_path):
    """Run git as somebody's client would, far from the configuration of whoever runs the tests."""
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        **{f"GIT_{role}_NAME": "Bob" for role in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{role}_EMAIL": "bob@example.com" for role in ("AUTHOR", "COMMITTER")},
    }

    def git(*arguments, folder=tmp_path, fails=False):
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (done.returncode != 0) == fails, done.stderr
        return done.stdout + done.stderr

    return git
