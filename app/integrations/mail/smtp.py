"""Mail by SMTP, encrypted wherever the server can be, and always where a password is said."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from ipaddress import ip_address
from typing import Self
from urllib.parse import unquote, urlsplit

from app.core.clock import now
from app.integrations.mail.port import Message, NotSent

PATIENCE_SECONDS = 15
_PORTS = {"smtp": 587, "smtps": 465}
_FINAL = 500
_LONGEST_SUBJECT = 150
_POLICY = SMTP.clone(cte_type="7bit")  # so that every server on the way takes it


@dataclass(frozen=True, kw_only=True)
class Relay:
    """Where mail is handed in: `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    is_wrapped: bool = False

    @classmethod
    def at(cls, url: str) -> Self:
        """Read an address as it stands in the settings."""
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "",
            port=parts.port or _PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_wrapped=parts.scheme == "smtps",
        )

    @property
    def is_this_machine(self) -> bool:
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Smtp:
    """Mail through an SMTP server, one connection a letter."""

    def __init__(self, relay: Relay, *, sender: str, seconds: float = PATIENCE_SECONDS) -> None:
        self.relay = relay
        name, address = parseaddr(sender)
        self.sender = _address(address, name or "Greenroom")
        self.seconds = seconds

    def send(self, message: Message) -> None:
        """Hand a letter to the server; raises NotSent with what it said, or with why it was not reached."""
        letter = self._written(message)
        to = letter["To"].addresses[0].addr_spec
        try:
            with self._connected() as server:
                server.send_message(letter, self.sender.addr_spec, [to])
        except NotSent:
            raise
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            raise self._refused(f"does not take mail for {message.to}", code, said) from None
        except smtplib.SMTPResponseException as refused:
            raise self._refused("did not take the letter", refused.smtp_code, refused.smtp_error) from None
        except (smtplib.SMTPException, OSError) as trouble:
            raise NotSent(self._why(trouble)) from trouble

    def _written(self, message: Message) -> EmailMessage:
        letter = EmailMessage(policy=_POLICY)
        letter["From"] = self.sender
        letter["To"] = _address(message.to)
        letter["Subject"] = _one_line(message.subject)
        letter["Date"] = format_datetime(now())
        letter["Message-ID"] = f"<{message.number}@{self.sender.domain}>"
        letter["Auto-Submitted"] = "auto-generated"  # so that nobody's holiday notice answers it
        letter.set_content(message.text)
        letter.add_alternative(message.html, subtype="html")
        return letter

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._opened()
        try:
            if not self.relay.is_wrapped:
                self._encrypt(server)
            if self.relay.user:
                self._sign_in(server)
            yield server
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()  # it has the letter, however it says good-bye
        finally:
            server.close()

    def _opened(self) -> smtplib.SMTP:
        here, relay = self.sender.domain, self.relay
        if relay.is_wrapped:
            return smtplib.SMTP_SSL(
                relay.host, relay.port, here, timeout=self.seconds, context=ssl.create_default_context()
            )
        return smtplib.SMTP(relay.host, relay.port, here, timeout=self.seconds)

    def _encrypt(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif self.relay.user and not self.relay.is_this_machine:
            raise NotSent(
                f"The mail server {self.relay} offers no encryption, so the password was not said to it. "
                "Take its address with smtps://, or one that offers STARTTLS."
            )

    def _sign_in(self, server: smtplib.SMTP) -> None:
        try:
            server.login(self.relay.user, self.relay.password)
        except smtplib.SMTPAuthenticationError:
            raise NotSent(
                f"The mail server {self.relay} does not know the user and password of GREENROOM_SMTP_URL."
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise NotSent(
                f"The mail server {self.relay} takes no password. Leave it out of GREENROOM_SMTP_URL."
            ) from None

    def _refused(self, what: str, code: int, said: bytes | str) -> NotSent:
        words = said.decode(errors="replace") if isinstance(said, bytes) else said
        return NotSent(
            f"The mail server {self.relay} {what}: {code} {_one_line(words)}", is_final=code >= _FINAL
        )

    def _why(self, trouble: Exception) -> str:
        if isinstance(trouble, ssl.SSLCertVerificationError):
            return f"The certificate of the mail server {self.relay} does not hold: {trouble.verify_message}."
        if isinstance(trouble, ssl.SSLError):
            return (
                f"The mail server {self.relay} does not speak TLS there. Look at the scheme and the port of "
                "GREENROOM_SMTP_URL: smtps:// goes with 465, smtp:// with 587 or 25."
            )
        if isinstance(trouble, TimeoutError) or isinstance(trouble.__context__, TimeoutError):
            return f"The mail server {self.relay} did not answer within {self.seconds:g} seconds."
        if isinstance(trouble, smtplib.SMTPServerDisconnected):
            return f"The mail server {self.relay} ended the connection."
        return f"The mail server {self.relay} is not reached: {_one_line(str(trouble))}."


def _address(email: str, name: str = "") -> Address:
    """Read an address; whatever stands in it, it is one address on one line."""
    local, _, domain = email.rpartition("@")
    if local and domain and local.isascii():
        with contextlib.suppress(ValueError):
            return Address(_one_line(name), local, domain.encode("idna").decode())
    raise NotSent(f"{_one_line(email)} is no address that mail can be sent to.", is_final=True)


def _one_line(text: str) -> str:
    flat = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return flat if len(flat) <= _LONGEST_SUBJECT else f"{flat[:_LONGEST_SUBJECT].rstrip()}…"
