"""The gateway process: what is behind host names, streamed both ways."""

import socket

from app.core.installation import Installation
from app.engine import gateway


def serve(installation: Installation, listener: socket.socket | None = None) -> None:
    """Serve previews and apps until a signal asks for the end."""
    gateway.main(installation, listener)
