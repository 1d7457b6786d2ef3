"""Mail through the connection `warta_smtp`, whose fields are those of Airflow's SMTP connections."""

import smtplib
import socket
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

from scrapers.outbound.connections import Target
from scrapers.outbound.guard import address_of
from scrapers.outbound.outcome import Outcome

TIMEOUT_S = 30.0
PERMANENT = range(500, 600)  # of SMTP's replies; those of 4xx ask to come again


def message(sender: str, to: str, subject: str, text: str, html: str, message_id: str) -> EmailMessage:
    """Return a mail of text and HTML; `to` has commas between addresses, line breaks in `subject` count as spaces."""
    mail = EmailMessage()
    mail["From"] = Address("Warta", addr_spec=sender)
    mail["To"] = [Address(addr_spec=one.strip()) for one in to.split(",")]
    mail["Subject"] = " ".join(subject.split())
    mail["Message-ID"] = f"<{message_id}@warta>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence note comes back
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    return mail


class MailServer:
    """A mail server, connected to when the first mail is sent; several go through one connection."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.session: smtplib.SMTP | None = None

    @property
    def sender(self) -> str:
        """Return the address that mails come from."""
        return str(self.target.extra.get("from_email") or self.target.login or "warta@localhost")

    def send(self, mail: EmailMessage) -> Outcome:
        """Send a mail, and return what came of it; it counts as delivered if one of its recipients took it."""
        try:
            return self._send(mail)
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(*next(iter(error.recipients.values())))
        except smtplib.SMTPAuthenticationError as error:
            return Outcome.failed(f"the mail server took no login: SMTP {error.smtp_code}", is_away=True)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            return _refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Outcome.failed(f"the mail server was not reached: {type(error).__name__} {error}", is_away=True)

    def _send(self, mail: EmailMessage) -> Outcome:
        self.session = self.session or self._connect()
        unsent = self.session.send_message(mail)
        return Outcome.done("; ".join(["taken", *(f"but not for {to}: {code}" for to, (code, _) in unsent.items())]))

    def _connect(self) -> smtplib.SMTP:
        extra, host = self.target.extra, self.target.host
        has_ssl, has_tls = not _is_set(extra.get("disable_ssl")), not _is_set(extra.get("disable_tls"))
        port = self.target.port or (465 if has_ssl else 587)
        secure = ssl.create_default_context()
        session = _Guarded(has_ssl, secure, timeout=TIMEOUT_S)
        session.connect(host, port)
        if has_tls and not has_ssl:
            session.starttls(context=secure)
        if self.target.login and self.target.password:
            session.login(self.target.login, self.target.password)
        return session

    def close(self) -> None:
        """End the connection, if there is one."""
        if self.session:
            with suppress(OSError, smtplib.SMTPException):
                self.session.quit()
        self.session = None


class _Guarded(smtplib.SMTP):
    """Connects where the address guard lets it; TLS still asks for the certificate of the host's name."""

    def __init__(self, has_ssl: bool, secure: ssl.SSLContext, **given: Any) -> None:
        self.has_ssl, self.secure = has_ssl, secure
        super().__init__(**given)

    def connect(self, host: str = "localhost", port: int = 0, source_address: Any = None) -> Any:
        self._host = host  # what starttls() asks the certificate for
        return super().connect(host, port, source_address)

    def _get_socket(
        self, host: str, port: int, timeout: float
    ) -> socket.socket:  # smtplib's own hook, as SMTP_SSL uses
        connected = socket.create_connection((address_of(host, port), port), timeout)
        return self.secure.wrap_socket(connected, server_hostname=host) if self.has_ssl else connected


def _refused(code: int, said: bytes | str) -> Outcome:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    answer = f"SMTP {code} {text}"
    return Outcome.refused(answer) if code in PERMANENT else Outcome.failed(answer)


def _is_set(value: object) -> bool:
    return str(value).lower() in ("true", "1", "yes")
