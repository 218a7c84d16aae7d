"""Settings of channels that are no chat: whole or refused, and never a secret in a sentence."""

from dataclasses import replace

import pytest

from bot.policy import Audience, Policy, Priority
from config.addressing import is_page, is_place, scheme, usable
from config.errors import ConfigError
from config.policy_file import load_policy
from config.settings import Settings, load

MAIL = {"SMTP_URL": "smtp://sitrep:hush%21@mail.example.com", "MAIL_FROM": "Larkfield <incidents@example.com>"}
PAGE = {"STATUSPAGE_API_KEY": "hush-key", "STATUSPAGE_PAGE_ID": "abc123"}


def _load(**env: str) -> Settings:
    return load(env, env_file=None)


def test_without_settings_every_way_is_off() -> None:
    found = _load()

    assert (found.mail, found.statuspage, found.webhook) == (None, None, None)


@pytest.mark.parametrize(
    ("url", "port", "security"),
    [
        ("smtp://mail.example.com", 587, "starttls"),
        ("smtp://mail.example.com:2525", 2525, "starttls"),
        ("smtps://mail.example.com", 465, "tls"),
        ("smtp://relay.within?tls=none", 25, "none"),
        ("smtp://127.0.0.1:1025", 1025, "none"),
        ("smtp://localhost", 25, "none"),
        ("smtps://[::1]:4650", 4650, "tls"),
    ],
)
def test_a_mail_server_is_spoken_to_as_its_address_says(url: str, port: int, security: str) -> None:
    found = _load(**MAIL | {"SMTP_URL": url}).mail

    assert found is not None
    assert (found.port, found.security, found.user) == (port, security, "")


def test_a_log_in_is_read_from_the_address_and_not_shown() -> None:
    found = _load(**MAIL).mail

    assert found is not None
    assert (found.user, found.password.get_secret_value()) == ("sitrep", "hush!")
    assert str(found.sender) == "Larkfield <incidents@example.com>"
    assert "hush" not in repr(found)


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"SMTP_URL": MAIL["SMTP_URL"]}, "MAIL_FROM is missing"),
        ({"MAIL_FROM": "a@example.com"}, "SMTP_URL is missing"),
        ({"STATUSPAGE_API_KEY": "hush"}, "STATUSPAGE_PAGE_ID is missing"),
        ({"STATUSPAGE_PAGE_ID": "abc"}, "STATUSPAGE_API_KEY is missing"),
        ({"WEBHOOK_HOSTS": "a.example"}, "WEBHOOK_SECRET is missing"),
        ({"SMTP_URL": ""}, "SMTP_URL is empty"),
        (MAIL | {"SMTP_URL": "http://hush.example.com"}, "SMTP_URL is no address of a mail server"),
        (MAIL | {"SMTP_URL": "smtp://hush:x"}, "SMTP_URL is no address of a mail server"),
        (MAIL | {"SMTP_URL": "smtp://a.example?hush=1"}, "SMTP_URL is no address of a mail server"),
        (MAIL | {"SMTP_URL": "smtp://a.example/hush"}, "SMTP_URL is no address of a mail server"),
        (MAIL | {"SMTP_URL": "smtp://hush@a.example"}, "SMTP_URL has a user without a password"),
        (MAIL | {"MAIL_FROM": "hush"}, "MAIL_FROM is no e-mail address"),
        (MAIL | {"MAIL_FROM": "a@example.com\nBcc: hush@example.com"}, "MAIL_FROM is no e-mail address"),
        (MAIL | {"MAIL_UNSUBSCRIBE": "hush"}, "MAIL_UNSUBSCRIBE is no address to write to"),
        (PAGE | {"STATUSPAGE_PAGE_ID": "../hush"}, "STATUSPAGE_PAGE_ID is no page id"),
        ({"WEBHOOK_SECRET": "x", "WEBHOOK_HOSTS": "https://hush/"}, "WEBHOOK_HOSTS has an entry that is no host"),
    ],
)
def test_what_is_wrong_or_half_set_is_one_sentence_without_its_value(env: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        _load(**env)

    assert refused.value.sentence.startswith(sentence)
    assert "hush" not in refused.value.sentence


def test_a_page_and_webhooks_are_whole() -> None:
    found = _load(**PAGE, WEBHOOK_SECRET="hush", WEBHOOK_HOSTS="Hooks.example.com, 10.0.0.1:8443")

    assert found.statuspage is not None
    assert found.webhook is not None
    assert (found.statuspage.page_id, found.statuspage.api_url) == ("abc123", "https://api.statuspage.io/v1")
    assert found.webhook.hosts == ("hooks.example.com", "10.0.0.1:8443")
    assert "hush" not in repr(found)


@pytest.mark.parametrize(
    "address", ["mailto:a@b.example", "https://h.example/x", "pagerduty://key", "apprise:slack://t"]
)
def test_somebody_can_be_called_by_what_is_no_chat(address: str) -> None:
    assert is_page(address)
    assert is_place(address)


@pytest.mark.parametrize("address", ["slack:@sre", "status:", "statuspage:", "teams:8:orgid:1"])
def test_chats_and_pages_for_everybody_page_nobody(address: str) -> None:
    assert not is_page(address)


def test_calls_are_told_apart_by_what_carries_them(tmp_path: object) -> None:
    policy = load_policy(None).policy
    row = replace(policy.priorities[0], pages=("mailto:a@b.example", "ntfy://x"))

    found, dropped = usable(replace(policy, priorities=(row,)), frozenset({"slack", "apprise"}))

    assert found.priorities[0].pages == ("ntfy://x",)
    assert dropped == ("call of critical: mailto:a@b.example is left out, for mailto is not set up.",)


def test_an_address_of_apprise_with_a_name_of_ours_is_led_to_apprise() -> None:
    told = ("slack://token-a/b", "mailto://u:p@h.example", "ntfy://x", "mailto:a@b.example")
    policy = Policy(
        audiences={"internal": Audience(name="internal", addresses=told)}, priorities=(Priority(name="high"),)
    )

    found, _ = usable(policy, frozenset({"apprise", "mailto"}))

    assert found.addresses("internal") == (
        "apprise:slack://token-a/b",
        "apprise:mailto://u:p@h.example",
        "ntfy://x",
        "mailto:a@b.example",
    )
    assert {scheme(address) for address in found.addresses("internal")} == {"apprise", "mailto"}
