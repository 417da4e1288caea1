"""What a service begins with: the settings and the way to the outside as they are in the terminal now."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from app.config import Settings
from app.core.installation import Installation

_ALWAYS = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "XDG_RUNTIME_DIR", "GREENROOM_PYTHON", "CHROMIUM")
_WAYS_OUT = ("_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO")
_TOOLS = ("PIP_", "UV_", "NPM_CONFIG_")


def wanted(environ: Mapping[str, str], here: Installation) -> dict[str, str]:
    """Return the variables that the service needs to be what this terminal would start."""
    settings = {str(field.validation_alias) for field in Settings.model_fields.values()}
    kept = {
        name: value
        for name, value in environ.items()
        if name in settings
        or name in _ALWAYS
        or name.upper().startswith(_TOOLS)
        or name.upper().endswith(_WAYS_OUT)
    }
    return {**kept, "GREENROOM_HOME": str(here.home)}


def path(here: Installation) -> Path:
    """Return where they are kept; there may be secrets among them."""
    return here.home / "service.env"


def write(here: Installation) -> None:
    """Keep the variables of this terminal for the service, readable by nobody else."""
    lines = [f"{name}={_quoted(value)}\n" for name, value in sorted(wanted(os.environ, here).items())]
    descriptor = os.open(path(here), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(lines)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def name_of(here: Installation, root: Path) -> str:
    """Return what the service is called; a second installation on the machine has a name of its own."""
    if here.home == root / "var":
        return "greenroom"
    return f"greenroom-{hashlib.sha256(str(here.home).encode()).hexdigest()[:8]}"
