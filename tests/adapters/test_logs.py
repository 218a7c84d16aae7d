"""Secrets never reach a log line, in whatever shape they come."""

import io
import json
import logging

import pytest
from aiohttp.http_exceptions import BadHttpMessage

from adapters.logs import Lines, audible, handler, masked, spellings

CANARIES = (
    "xoxb-1234567890-abcDEF",
    "xoxe.xoxp-1-Mi0yLTEyMzQ1Njc4OTA",
    "xapp-1-A012-345-abcdef",
    "https://hooks.slack.com/commands/T1/2/SeCrEt",
    "https://hooks.slack-gov.com/actions/T1/2/SeCrEt",
    "postgresql://sitrep:hunter2@db/sitrep",
    "wss://wss-primary.slack.com/link/?ticket=SeCrEt&app_id=1",
    "Authorization: Bearer SeCrEt",
    "{'Authorization': 'Bearer SeCrEt'}",
    '{"response_url": "http://127.0.0.1:9/respond/SeCrEt"}',
    "response_url=http://127.0.0.1:9/respond/SeCrEt",
    "v0=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
)
SECRETS = ("SeCrEt", "hunter2", "1234567890-abcDEF", "345-abcdef", "Mi0yLTEyMzQ1Njc4OTA", "0123456789abcdef")


@pytest.mark.parametrize("said", CANARIES)
def test_what_looks_like_a_secret_is_masked_wherever_it_stands(said: str) -> None:
    line = masked(f"before {said} after")

    assert not any(secret in line for secret in SECRETS)
    assert line.startswith("before ")


def test_ordinary_words_stay_as_they_are() -> None:
    line = "INC-42 handled in 0.3 s at http://127.0.0.1:8080/status by P-17: authorization was asked for"

    assert masked(line, ("other",)) == line


@pytest.mark.parametrize("secret", ["pa ss/w@rd", 'quo"te', "ümlaut", "back\\slash"])
def test_a_secret_from_the_settings_is_masked_however_it_is_spelt(secret: str) -> None:
    known = spellings([secret])

    for said in known:
        assert masked(f"value {said}", known) == "value ***"


def test_a_value_too_short_to_be_a_secret_blots_out_nothing() -> None:
    assert spellings(["a", "abc"]) == ()


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def speak(stream: io.StringIO, *, as_json: bool, name: str = "sitrep.test") -> logging.Logger:
    log = logging.Logger(name, logging.DEBUG)  # noqa: LOG001 - one that no other test knows
    log.addHandler(handler(secrets=["tok-secret"], as_json=as_json, stream=stream))
    return log


def test_a_json_line_holds_what_was_said_and_its_facts(stream: io.StringIO) -> None:
    speak(stream, as_json=True).info("handled %s", "declare", extra={"incident": 42, "word": "declare"})

    line = json.loads(stream.getvalue())
    assert line["what"] == "handled declare"
    assert (line["incident"], line["word"], line["level"], line["from"]) == (42, "declare", "info", "sitrep.test")
    assert line["at"].endswith("Z")


@pytest.mark.parametrize("as_json", [True, False])
def test_secrets_are_masked_in_message_facts_and_traceback(stream: io.StringIO, as_json: bool) -> None:
    log = speak(stream, as_json=as_json)

    def fail() -> None:
        msg = "it was tok-secret"
        raise ValueError(msg)

    try:
        fail()
    except ValueError:
        log.exception("with %s", "tok-secret", extra={"token": "tok-secret", "inner": {"a": ["tok-secret"]}})

    assert "tok-secret" not in stream.getvalue()
    assert "ValueError" in stream.getvalue()


def test_no_words_make_a_line_of_their_own_or_steer_a_terminal(stream: io.StringIO) -> None:
    forged = "x\n2026-11-23T00:00:00.000Z ERROR adapters.app: forged\r\x1b[2J\u2028\u202e\ud800"

    speak(stream, as_json=False).info("said %s", forged, extra={"why": forged})

    assert len(stream.getvalue().splitlines()) == 1
    assert stream.getvalue().rstrip("\n").isprintable()


def test_a_text_line_can_be_read(stream: io.StringIO) -> None:
    speak(stream, as_json=False).warning("slow", extra={"seconds": 3})

    assert stream.getvalue().endswith("WARNING sitrep.test: slow seconds=3\n")


@pytest.mark.parametrize("name", ["slack_sdk.web.async_client", "slack_bolt.AsyncApp", "aiohttp.client"])
def test_other_peoples_libraries_are_never_heard_below_info(stream: io.StringIO, name: str) -> None:
    log = speak(stream, as_json=False, name=name)

    log.debug("a frame with a body")
    log.info("connected")

    assert "frame" not in stream.getvalue()
    assert "connected" in stream.getvalue()


@pytest.mark.parametrize("name", ["apscheduler.executors.default", "alembic.runtime.migration"])
def test_libraries_that_chatter_are_heard_from_a_warning_on(stream: io.StringIO, name: str) -> None:
    log = speak(stream, as_json=False, name=name)

    log.info("all is well again")
    log.warning("a job was missed")

    assert "well" not in stream.getvalue()
    assert "missed" in stream.getvalue()


def test_our_own_debug_lines_are_heard() -> None:
    record = logging.makeLogRecord({"name": "adapters.inbound", "levelno": logging.DEBUG})

    assert audible(record)
    assert Lines(secrets=(), as_json=False).format(record)


def test_a_request_that_is_none_is_not_quoted(stream: io.StringIO) -> None:
    log = speak(stream, as_json=True, name="aiohttp.server")

    log.error("Error handling request", exc_info=BadHttpMessage("Invalid header value: X-Slack-Signature: SeCrEt"))

    assert stream.getvalue() == ""
