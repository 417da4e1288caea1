"""The gateway process: what is behind host names, streamed both ways."""

import os
import socket

from app.core.installation import Installation


def serve(installation: Installation, listener: socket.socket | None = None) -> None:
    """Serve previews and apps until a signal asks for the end."""
    os.environ["SSL_CERT_FILE"] = os.devnull  # it speaks to nobody over TLS: no list of authorities in memory
    from app.engine import gateway  # its HTTP library stays out of the other processes

    gateway.main(installation, listener)
