"""Mail goes by SMTP, encrypted where it can be; what does not go says why, and whether another try helps."""

import socket
from dataclasses import replace

import pytest

from app.config import BadSettings, Settings
from app.integrations.mail import Message, NotSent, Relay, Smtp
from tests.support.mail_server import (
    CLOSES,
    PASSWORD,
    SILENT,
    USER,
    Certificate,
    MailServer,
    run,
)

LETTER = Message(
    number="0199-1",
    to="rae@example.com",
    subject="Come in",
    text="Grüß dich\n.\nBye\n",
    html="<p>Grüß dich</p>",
)


def send(
    relay: Relay, letter: Message = LETTER, *, sender: str = "Greenroom <greenroom@example.com>"
) -> None:
    Smtp(relay, sender=sender, seconds=5).send(letter)


@pytest.fixture
def certificate(tmp_path) -> Certificate:
    return Certificate.make(tmp_path)


@pytest.fixture
def encrypted(certificate):
    """A server that wants a password and offers STARTTLS."""
    yield from run(MailServer(offers_tls=True, wants_password=True, tls=certificate.context))


@pytest.fixture
def trusted(certificate, monkeypatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))


def signed_in(server: MailServer, **more: object) -> Relay:
    return replace(Relay.at(server.url), user=USER, password=PASSWORD, **more)


class TestSend:
    def test_brings_text_and_html_as_they_are(self, mail_server):
        send(Relay.at(mail_server.url))

        [taken] = mail_server.taken
        assert (taken.sender, taken.to) == ("greenroom@example.com", ["rae@example.com"])
        assert taken.message["From"] == "Greenroom <greenroom@example.com>"
        assert taken.message["To"] == "rae@example.com"
        assert taken.message["Subject"] == "Come in"
        assert taken.message["Message-ID"] == "<0199-1@example.com>"
        assert taken.message["Auto-Submitted"] == "auto-generated"
        assert taken.text.splitlines() == ["Grüß dich", ".", "Bye"]
        assert taken.part("html").strip() == "<p>Grüß dich</p>"
        assert taken.raw.isascii()

    def test_encrypts_and_signs_in(self, encrypted, trusted):
        send(signed_in(encrypted))

        assert [(each.encrypted, each.user) for each in encrypted.taken] == [(True, USER)]

    def test_speaks_tls_from_the_first_byte(self, certificate, trusted):
        for server in run(MailServer(is_wrapped=True, tls=certificate.context)):
            send(Relay.at(f"smtps://127.0.0.1:{server.port}"))

            assert [each.encrypted for each in server.taken] == [True]

    @pytest.mark.parametrize(
        "bad", ["Hi\r\nBcc: eve@example.com", "Hi\nBcc: eve@example.com", "Hi\x0b\x85Bcc: eve@example.com"]
    )
    def test_lets_nobody_write_headers(self, mail_server, bad):
        send(Relay.at(mail_server.url), replace(LETTER, subject=bad))

        [taken] = mail_server.taken
        assert taken.message["Bcc"] is None
        assert taken.message["Subject"] == "Hi Bcc: eve@example.com"

    @pytest.mark.parametrize(
        "odd", ["a@example.org,eve@example.com", "a>,<eve@example.com", '"a"@b@example.com']
    )
    def test_writes_to_one_address_alone(self, mail_server, odd):
        send(Relay.at(mail_server.url), replace(LETTER, to=odd))

        [taken] = mail_server.taken
        assert len(taken.to) == 1
        assert len(taken.message["To"].addresses) == 1
        assert taken.message["To"].addresses[0].domain == "example.com"

    def test_is_content_once_the_letter_is_taken(self, mail_server):
        mail_server.answers["QUIT"] = CLOSES

        send(Relay.at(mail_server.url))

        assert len(mail_server.taken) == 1


class TestNotSent:
    @pytest.mark.parametrize(
        ("answers", "said", "is_final"),
        [
            ({"RCPT": "550 No such user"}, "does not take mail for rae@example.com: 550 No such user", True),
            ({"RCPT": "450 Come back later"}, "450 Come back later", False),
            ({"MAIL": "553 Not from you"}, "did not take the letter: 553 Not from you", True),
            ({"DATA": "452 Full"}, "452 Full", False),
            ({"END": "554 Looks like spam"}, "554 Looks like spam", True),
            ({"GREETING": "421 Too busy"}, "421 Too busy", False),
            ({"GREETING": CLOSES}, "ended the connection", False),
            ({"MAIL": CLOSES}, "ended the connection", False),
        ],
    )
    def test_says_what_the_server_said(self, mail_server, answers, said, is_final):
        mail_server.answers = answers

        with pytest.raises(NotSent) as trouble:
            send(Relay.at(mail_server.url))

        assert said in trouble.value.reason
        assert f"The mail server 127.0.0.1:{mail_server.port} " in trouble.value.reason
        assert trouble.value.is_final is is_final
        assert mail_server.taken == []

    @pytest.mark.parametrize("when", ["GREETING", "EHLO", "RCPT"])
    def test_waits_only_so_long(self, mail_server, when):
        mail_server.answers[when] = SILENT

        with pytest.raises(NotSent, match=r"did not answer within 0\.2 seconds") as trouble:
            Smtp(Relay.at(mail_server.url), sender="greenroom@example.com", seconds=0.2).send(LETTER)

        assert not trouble.value.is_final

    def test_says_that_nobody_listens(self):
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            url = f"smtp://127.0.0.1:{door.getsockname()[1]}"

        with pytest.raises(NotSent, match=r"is not reached: .*refused"):
            send(Relay.at(url))

    def test_does_not_trust_every_certificate(self, encrypted):
        with pytest.raises(NotSent, match=r"certificate .* does not hold: self-signed certificate"):
            send(signed_in(encrypted))

        assert encrypted.taken == []

    def test_says_no_password_in_the_open(self, mail_server, monkeypatch):
        monkeypatch.setattr(Relay, "is_this_machine", False)

        with pytest.raises(NotSent, match="offers no encryption, so the password was not said"):
            send(signed_in(mail_server))

    def test_says_that_the_password_is_wrong(self, encrypted, trusted):
        with pytest.raises(NotSent, match="does not know the user and password") as trouble:
            send(replace(signed_in(encrypted), password="wrong"))

        assert not trouble.value.is_final
        assert "wrong" not in trouble.value.reason

    def test_says_that_the_scheme_does_not_fit(self, mail_server):
        with pytest.raises(NotSent, match=r"does not speak TLS there\. Look at the scheme"):
            send(Relay.at(mail_server.url.replace("smtp://", "smtps://")))

    @pytest.mark.parametrize("bad", ["rää@example.com", "rae@" + "x" * 70 + ".com", "rae"])
    def test_gives_up_on_what_is_no_address(self, mail_server, bad):
        with pytest.raises(NotSent, match="no address that mail can be sent to") as trouble:
            send(Relay.at(mail_server.url), replace(LETTER, to=bad))

        assert trouble.value.is_final


class TestRelay:
    def test_is_read_from_an_address(self):
        relay = Relay.at("smtp://me%40example.com:p%40ss%2Fword@mail.example.com")

        assert relay == Relay(host="mail.example.com", port=587, user="me@example.com", password="p@ss/word")
        assert Relay.at("smtps://mail.example.com").port == 465
        assert "p@ss" not in repr(relay)

    @pytest.mark.parametrize(
        "bad",
        [
            {"GREENROOM_SMTP_URL": "http://mail.example.com", "GREENROOM_MAIL_FROM": "a@example.com"},
            {"GREENROOM_SMTP_URL": "smtp://", "GREENROOM_MAIL_FROM": "a@example.com"},
            {"GREENROOM_SMTP_URL": "smtp://mail.example.com"},
            {"GREENROOM_SMTP_URL": "smtp://mail.example.com", "GREENROOM_MAIL_FROM": "nobody"},
            {
                "GREENROOM_SMTP_URL": "smtp://me:hu/sh@mail.example.com",
                "GREENROOM_MAIL_FROM": "a@example.com",
            },
        ],
    )
    def test_is_checked_at_the_start(self, bad):
        with pytest.raises(BadSettings, match=r"GREENROOM_(SMTP_URL|MAIL_FROM)") as trouble:
            Settings.from_environment(bad)

        assert "hu" not in str(trouble.value)

    def test_is_no_secret_that_is_shown(self):
        settings = Settings.from_environment(
            {"GREENROOM_SMTP_URL": "smtp://me:hush@mail.example.com", "GREENROOM_MAIL_FROM": "a@example.com"}
        )

        shown = {each.name: each for each in settings.described}
        assert (shown["GREENROOM_SMTP_URL"].value, shown["GREENROOM_SMTP_URL"].is_secret) == (None, True)
        assert "hush" not in repr(settings)
        assert shown["GREENROOM_MAIL_FROM"].value == "a@example.com"
