"""The gateway process: what is behind host names, streamed both ways."""

import socket

from app.core.installation import Installation


def serve(installation: Installation, listener: socket.socket | None = None) -> None:
    """Serve previews and apps until a signal asks for the end."""
    from app.engine import gateway  # its HTTP library stays out of the other processes

    gateway.main(installation, listener)
