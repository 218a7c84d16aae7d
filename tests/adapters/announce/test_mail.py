"""E-mail over a real SMTP server: threads, headers, what the server's replies mean."""

import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.announce import mail as mailing
from adapters.announce.mail import Mail, connect
from adapters.announce.telling import Said
from adapters.sinks import SendFailed, Unreadable
from tests.adapters.announce.rig import NOTICE, mail_settings, said
from tests.receivers.mailbox import Mailbox, mailbox
from tests.receivers.troubles import Trouble

TO = "mailto:press@example.com"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


def mail(box: Mailbox, **more: object) -> Mail:
    return Mail(settings=mail_settings(box.port, **more))


async def failed(way: Mail, one: Said) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await way.tell(one)
    return caught.value


async def test_a_mail_has_a_plain_and_an_html_part_with_the_same_words(box: Mailbox) -> None:
    await mail(box).tell(said(TO))

    (found,) = box.mails
    plain, html = found.get_body(("plain",)), found.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert found["Subject"] == "INC-42 Checkout is down"
    assert found["From"] == "Larkfield incidents <incidents@larkfield.example>"
    assert found["To"] == "press@example.com"
    assert "Next update by 10:50 UTC." in plain.get_content()
    assert "<b>Next update by 10:50 UTC.</b>" in html.get_content()


async def test_mails_of_one_incident_to_one_audience_are_one_thread(box: Mailbox) -> None:
    way = mail(box)

    await way.tell(said(TO))
    await way.tell(said(TO, token="token-2"))

    first, second = box.mails
    assert first["References"] == second["References"] == "<thread-42@larkfield.example>"
    assert first["In-Reply-To"] == second["In-Reply-To"]
    assert (first["Message-ID"], second["Message-ID"]) == (
        "<token-1@larkfield.example>",
        "<token-2@larkfield.example>",
    )
    assert first["Subject"] == second["Subject"]


async def test_a_mail_says_that_a_program_wrote_it_and_how_to_stop_it(box: Mailbox) -> None:
    await mail(box, unsubscribe="https://larkfield.example/mails").tell(said(TO))

    (found,) = box.mails
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["List-Unsubscribe"] == "<https://larkfield.example/mails>"
    assert found["Date"] is not None
    assert "https://larkfield.example/mails" in found.get_body(("plain",)).get_content()  # type: ignore[union-attr]


async def test_no_words_of_anybody_become_a_header(box: Mailbox) -> None:
    hostile = replace(NOTICE, headline="Down\r\nBcc: all@example.com\n\n<b>x</b>\u202e\x00 ✓" + "x" * 500)

    await mail(box).tell(said(TO, hostile))

    (found,) = box.mails
    assert found["Bcc"] is None
    assert str(found["Subject"]).startswith("Down Bcc: all@example.com <b>x</b> ✓")
    assert len(str(found["Subject"])) <= 200


@pytest.mark.parametrize(
    "address", ["mailto:a,b@example.com\r\nBcc: x@y.z", "mailto:@", "mailto:ü@example.com", "mailto:a"]
)
async def test_what_is_no_address_is_never_tried(box: Mailbox, address: str) -> None:
    refused = await failed(mail(box), said(address))

    assert refused.permanent
    assert box.tries == 0


@pytest.mark.parametrize(("code", "permanent"), [("451", False), ("421", False), ("550", True), ("554", True)])
async def test_the_servers_reply_code_tells_never_from_later(box: Mailbox, code: str, permanent: bool) -> None:
    box.trouble = Trouble(code)

    refused = await failed(mail(box), said(TO))

    assert (refused.permanent, refused.outcome_unknown) == (permanent, False)
    assert refused.reason == f"the mail server refuses it ({code})"
    assert box.mails == []


async def test_a_server_that_is_not_there_is_tried_again(box: Mailbox) -> None:
    way = mail(box)
    box.stop()

    refused = await failed(way, said(TO))

    assert (refused.permanent, refused.outcome_unknown) == (False, False)


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
async def test_a_connection_lost_after_the_words_leaves_it_unknown(box: Mailbox, kind: str) -> None:
    box.trouble = Trouble(kind)

    refused = await failed(mail(box), said(TO))

    assert refused.outcome_unknown
    assert isinstance(await mail(box).find(said(TO)), Unreadable)


async def test_a_server_that_is_slow_with_its_answer_gets_each_mail_once(box: Mailbox) -> None:
    box.trouble = Trouble("slow", seconds=0.3)
    way = mail(box)
    way.kept.wait = 0

    late = await failed(way, said(TO))
    looked = await way.find(said(TO))
    way.kept.wait = 30
    ref = await way.tell(said(TO))

    assert (late.reason, late.permanent, late.retry_after) == ("it is still on its way", False, 10.0)
    assert (looked, ref) == (None, "<token-1@larkfield.example>")
    assert len(box.mails) == box.tries == 1


async def test_a_server_may_take_minutes_over_the_words_but_not_over_a_greeting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mailing, "STEP", 1.0)

    with mailbox() as box:
        box.trouble = Trouble("slow", seconds=1.5)
        await mail(box).tell(said(TO))

    assert len(box.mails) == 1


async def test_a_mail_that_may_have_arrived_goes_three_times_at_most(box: Mailbox) -> None:
    box.trouble = Trouble("drop_after", times=-1)
    way = mail(box)

    ends = [await failed(way, said(TO)) for _ in range(3)]

    assert [one.permanent for one in ends] == [False, False, True]
    assert ends[-1].reason.startswith("the mail server took it and said no more (")
    assert ends[-1].reason.endswith("), 3 times: it may have arrived")


async def test_a_server_that_wants_a_log_in_gets_it() -> None:
    with mailbox(login=("sitrep", "pass word")) as box:
        await mail(box, user="sitrep", password=SecretStr("pass word")).tell(said(TO))
        refused = await failed(mail(box, user="sitrep", password=SecretStr("other")), said(TO))

        assert len(box.mails) == 1
        assert refused.permanent
        assert "other" not in refused.reason


async def test_a_server_without_starttls_is_given_no_mail(box: Mailbox) -> None:
    refused = await failed(mail(box, security="starttls"), said(TO))

    assert refused.permanent
    assert box.tries == 0


async def test_starttls_checks_whose_server_it_is(tmp_path: Path) -> None:
    certificate = certified(tmp_path)
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(certificate)
    with mailbox(tls=theirs) as box:
        settings = mail_settings(box.port, security="starttls")

        await Mail(settings=settings, trust=ssl.create_default_context(cafile=str(certificate))).tell(said(TO))
        refused = await failed(Mail(settings=settings), said(TO))

        assert len(box.mails) == 1
        assert not refused.permanent


async def test_tls_from_the_first_byte_is_asked_for_where_set(box: Mailbox) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - whatever the handshake raises: the server speaks plainly
        connect(mail_settings(box.port, security="tls"), ssl.create_default_context())


def certified(folder: Path) -> Path:
    """A certificate for loopback with its key, signed by itself."""
    pem = folder / "server.pem"
    words = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", str(folder / "key.pem"), "-out", str(pem)]
    subprocess.run([*words.split(), *files], check=True, capture_output=True)
    pem.write_text(pem.read_text() + (folder / "key.pem").read_text())
    return pem
