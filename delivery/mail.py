"""E-mail: a message in two forms, with a way out in its headers, sent by SMTP."""

import asyncio
import ssl
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import escape
from typing import Any, Final, NamedTuple

import aiosmtplib

# Before the letter itself is sent giving up costs nothing: the server has none of it.
OPENING_SECONDS_MAX: Final = 20.0
# RFC 5321, 4.5.3.2.6: so long a server may think about a letter that it has. Whoever
# gives up earlier sends it once more, to a server that took it.
ANSWER_SECONDS_MAX: Final = 600.0
STARTTLS: Final = "starttls"
TLS: Final = "tls"
PERMANENT: Final = range(550, 555)
# The longest line of RFC 5322. Python folds what has no blanks by encoding it, and no
# mail program finds an address in that.
POLICY: Final = SMTP.clone(max_line_length=998)


class MailNotSent(Exception):
    """A server that did not take an e-mail; `is_final` says that it never will."""

    def __init__(self, detail: str, *, code: int = 0, is_final: bool = False) -> None:
        """Keep the code, and a sentence of ours: the server's own is not repeated."""
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.is_final = is_final


class Letter(NamedTuple):
    """What an e-mail says; `html` is empty for one that is made of the text."""

    message_id: str
    to: str
    title: str
    body: str
    html: str = ""
    unsubscribe_url: str = ""
    at_ms: int = 0


class MailServer(NamedTuple):
    """Where e-mails go out, and who sends them."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str


class Patience(NamedTuple):
    """
    How long a server is waited for, in seconds: whole phases, not steps.

    `opening` is from its name to the envelope, `answer` from there to its word on
    the letter. What follows that word is a good-bye of at most `opening`.
    """

    opening: float = OPENING_SECONDS_MAX
    answer: float = ANSWER_SECONDS_MAX

    @property
    def seconds_max(self) -> float:
        """How long an attempt takes at most."""
        return self.opening + self.answer + self.opening


PATIENCE: Final = Patience()


def composed(letter: Letter, sender: str) -> EmailMessage:
    """
    E-mail of a letter: text and HTML, the same id at each attempt.

    Raises: ValueError for an address or a title that would be more than one line.
    """
    name, address = parseaddr(sender)
    made = EmailMessage(policy=POLICY)
    made["From"] = Address(name, addr_spec=address)
    made["To"] = Address(addr_spec=letter.to)
    made["Subject"] = letter.title
    made["Date"] = format_datetime(datetime.fromtimestamp(letter.at_ms / 1_000, UTC))
    made["Message-ID"] = f"<{letter.message_id}@{address.rpartition('@')[2]}>"
    if letter.unsubscribe_url:
        # RFC 8058: the mail program posts, and nobody has to find a page.
        made["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(letter.body)
    made.add_alternative(letter.html or html_of(letter.body), subtype="html")
    return made


def html_of(text: str) -> str:
    """A text as a page: its paragraphs, and nothing that it could smuggle in."""
    parts = "".join(
        f"<p>{escape(part).replace(chr(10), '<br>')}</p>"
        for part in text.strip().split("\n\n")
    )
    return f"<!doctype html><html><body>{parts}</body></html>"


class _Client(aiosmtplib.SMTP):
    """A client that is bounded as a whole: each of a server's answers may be slow."""

    def __init__(self, patience: Patience, **options: Any) -> None:
        """`options` are the library's."""
        super().__init__(timeout=patience.opening, **options)
        self._patience = patience
        self._bound = asyncio.timeout(patience.opening)

    async def hand_over(self, message: EmailMessage) -> None:
        """
        Send a message and leave.

        Raises: what the library does, and TimeoutError.
        """
        async with self._bound, self:
            await self.send_message(message)

    async def data(self, message: str | bytes, /, **_: Any) -> aiosmtplib.SMTPResponse:
        """Send the letter itself, which is the last step but the good-bye."""
        now = asyncio.get_running_loop().time()
        self._bound.reschedule(now + self._patience.answer)
        response = await super().data(message, timeout=None)
        # It is taken. However long the good-bye lasts, it was no failure.
        self._bound.reschedule(None)
        return response


async def send_mail(
    letter: Letter, server: MailServer, patience: Patience = PATIENCE
) -> None:
    """
    Send a letter, within `patience.seconds_max`.

    Raises: MailNotSent.
    """
    try:
        message = composed(letter, server.sender)
    except (ValueError, IndexError) as error:
        raise MailNotSent("not a sound address or title", is_final=True) from error
    try:
        client = _Client(
            patience,
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.security == TLS,
            start_tls=server.security == STARTTLS,
            tls_context=ssl.create_default_context(),
        )
        await client.hand_over(message)
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [one.code for one in error.recipients]
        code = codes[0] if codes else 0
        raise _refused(code) from error
    except aiosmtplib.SMTPResponseException as error:
        raise _refused(error.code) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise MailNotSent(type(error).__name__) from error


def _refused(code: int) -> MailNotSent:
    return MailNotSent(f"answered {code}", code=code, is_final=code in PERMANENT)
