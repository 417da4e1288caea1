"""Where this machine gets packages from: settings that work may know, by name, and hosts it may reach."""

import configparser
import contextlib
import functools
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

_ADDRESSES = (
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
    "UV_INDEX",
    "UV_EXTRA_INDEX_URL",
    "npm_config_registry",
    "NPM_CONFIG_REGISTRY",
    "YARN_REGISTRY",
)
_CERTIFICATES = (
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "PIP_CERT",
    "NODE_EXTRA_CA_CERTS",
    "GIT_SSL_CAINFO",
    "npm_config_cafile",
)
_PLAIN = ("PIP_DEFAULT_TIMEOUT", "PIP_TRUSTED_HOST", "PIP_RETRIES")
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Registries:
    """What work that installs packages is told, and the hosts that are reached even at private addresses."""

    env: dict[str, str] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    hosts: frozenset[tuple[str, int]] = frozenset()


def registries() -> Registries:
    """Read the settings of pip, uv and npm from the environment and their files."""
    env = {name: os.environ[name] for name in (*_ADDRESSES, *_CERTIFICATES, *_PLAIN) if os.environ.get(name)}
    for name, value in {**_of_pip(), **_of_npm()}.items():
        env.setdefault(name, value)
    files = set()
    for name in _CERTIFICATES:
        if name in env:
            path = Path(env[name])
            if path.is_absolute() and path.exists():
                files.add(path)
            else:
                del env[name]
    hosts: set[tuple[str, int]] = set()
    for name in _ADDRESSES:
        if name in env:
            addresses = [each for each in env[name].split() if re.match(r"(?:[\w-]+=)?https?://", each)]
            if not addresses:
                del env[name]  # a folder of this machine, which is not there inside
                continue
            env[name] = " ".join(addresses)
            hosts.update(_host(each) for each in addresses)
    hosts.update(_host(each) for each in usual())
    return Registries(env, tuple(sorted(files)), frozenset(hosts))


@functools.cache
def usual() -> frozenset[str]:
    """Return the addresses that pip and npm go to where nobody set another, as they say themselves."""
    return frozenset(_usual_of_pip() | _usual_of_npm())


def _usual_of_pip() -> set[str]:
    try:
        from pip._internal.models.index import PyPI
    except ImportError:
        return set()
    return {f"https://{PyPI.netloc}", f"https://{PyPI.file_storage_domain}"}


def _usual_of_npm() -> set[str]:
    npm = shutil.which("npm")
    if npm is None:
        return set()
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        said = subprocess.run(
            [npm, "config", "get", "registry"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            cwd="/",
        )
        return {said.stdout.strip()}
    return set()


def _host(address: str) -> tuple[str, int]:
    parts = urlsplit(re.sub(r"^[\w-]+=(?=https?://)", "", address))
    return (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 443)


def _of_pip() -> dict[str, str]:
    """Read pip's own files, the most general first."""
    home = Path.home()
    config = configparser.RawConfigParser(strict=False)
    for path in (Path("/etc/pip.conf"), home / ".pip/pip.conf", home / ".config/pip/pip.conf"):
        try:
            config.read(path, encoding="utf-8")
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue
    names = {"index-url": "PIP_INDEX_URL", "extra-index-url": "PIP_EXTRA_INDEX_URL", "cert": "PIP_CERT"}
    section = dict(config["global"]) if config.has_section("global") else {}
    return {names[key]: value for key, value in section.items() if key in names}


def _of_npm() -> dict[str, str]:
    """Read npm's own files, the most general first; tokens in them stay out."""
    names = {"registry": "npm_config_registry", "cafile": "npm_config_cafile"}
    found = {}
    for path in (Path("/etc/npmrc"), Path("/usr/etc/npmrc"), Path.home() / ".npmrc"):
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            continue
        for line in lines:
            key, _, value = (part.strip() for part in line.partition("="))
            if key in names and "${" not in value:
                found[names[key]] = value.strip("\"'")
    return found
