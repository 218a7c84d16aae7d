"""The bytes of a mail, read back: what anybody typed stays where it belongs."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from adapters.announce.mail import message
from adapters.sinks import SendFailed
from tests.adapters.announce.rig import AT, NOTICE, mail_settings, said

TO = "mailto:press@example.com"
HEADERS = (
    *("To", "From", "Subject", "Date", "Message-ID", "In-Reply-To", "References"),
    *("Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"),
)
PIECES = (
    "=?",
    "?=",
    "=",
    "?",
    "utf-8",
    "?q?",
    "?b?",
    "=0d=0a",
    "DQo=",
    "=?utf-8?q?a=0d=0aBcc:_x=40y.z?=",
    "=?x?q?=00?=",
)
MORE_PIECES = (
    "\r\n",
    "\n\n",
    "\r",
    "\x00",
    "\u2028",
    "\x85",
    "\u202e",
    "\ud800",
    " ",
    "é",
    "\U0001d54f",
    "Bcc: x@y.z",
    "<b>",
    "_",
)
hostile = some.lists(some.sampled_from(PIECES + MORE_PIECES) | some.text(max_size=9), max_size=30).map("".join)


def read_back(headline: str) -> EmailMessage:
    made = message(said(TO, replace(NOTICE, headline=headline)), mail_settings(25), AT)
    found = message_from_bytes(made.as_bytes(), policy=default)
    assert isinstance(found, EmailMessage)
    return found


def body(mail: EmailMessage) -> list[str]:
    return [part.get_content() for part in mail.iter_parts() if isinstance(part, EmailMessage)]


@given(hostile)
@example("=?utf-8?q?a=0d=0aFrom:_CEO_=3Cceo=40example.com=3E=0d=0a=0d=0aWire_it?=")
@example("=\x00?utf-8?b?YQ0KQmNjOiB4QHkueg==?=")
@example("=\u202e?utf-8?q?=0d=0a=0d=0aWords?=" * 9)
def test_whatever_an_incident_is_called_the_mail_has_its_own_headers_and_words(headline: str) -> None:
    found = read_back(headline)

    assert tuple(found.keys()) == HEADERS
    assert found["From"].addresses[0].addr_spec == "incidents@larkfield.example"
    assert body(found) == body(read_back("Checkout is down"))


@given(hostile)
def test_a_subject_is_written_and_never_decoded(headline: str) -> None:
    made = message(said(TO, replace(NOTICE, headline=headline)), mail_settings(25), AT)

    assert "=?" not in str(made["Subject"])


def test_an_address_that_holds_an_encoded_word_is_no_address() -> None:
    with pytest.raises(SendFailed) as caught:
        message(said("mailto:=?utf-8?q?a=0d=0aBcc:x?=@example.com"), mail_settings(25), AT)

    assert caught.value.permanent
