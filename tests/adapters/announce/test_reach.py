"""Webhooks reach the public network only, whatever the address is made to look like (RELIABILITY F4)."""

import socket
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from adapters.announce.reach import Blocked, Outside, PublicOnly, is_public
from adapters.announce.webhook import Webhook
from adapters.sinks import SendFailed
from config.announce_settings import WebhookSettings
from tests.adapters.announce.rig import said
from tests.receivers.hook import Hook

WITHIN = (
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.2.1",
    "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "100::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::127.0.0.1", "::ffff:7f00:1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
    "2001:0:7f00:1::1", "fec0::1", "no address", "",
)  # fmt: skip
WITHOUT = ("93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808", "::ffff:8.8.8.8")

ADDRESSES = (
    "http://hooks.example.com/", "http://8.8.8.8/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/",
    "https://0x7f000001/", "https://017700000001/", "https://0177.0.0.1/", "https://127.0.0.1.:443/", "https://0/",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[0:0:0:0:0:ffff:7f00:1]/", "https://[fe80::1%25eth0]/",
    "https://[64:ff9b::7f00:1]/", "https://169.254.169.254/latest/meta-data/", "https://user@10.0.0.1/",
    "https://8.8.8.8@127.0.0.1/", "https://127.0.0.1#@8.8.8.8/", "https://127.0.0.1?@8.8.8.8/",
    "https://8.8.8.8\\@127.0.0.1/", "https://127.0.0.1:99999/", "https://:443/", "https:///127.0.0.1/",
    "https://①②⑦.⓪.⓪.①/", "https://localhost/", "https://localhost.:443/", "https://LOCALHOST/",
    "https://127.0.0.1%00.example.com/", "https://exa mple.com/", "https://exa\nmple.com/", "ftp://8.8.8.8/",
    "file:///etc/passwd", "gopher://127.0.0.1/", "https://metadata.google.internal/", "https://-bad/",
    "https://0x7f.1/", "https://0177.1/", "https://127.000.000.001/", "https://3232235521/", "https://0300.0250.0.1/",
    "https://0xc0.0xa8.0.1/", "https://10.0.0.1:8443/", "https://172.16.0.1/", "https://192.168.0.1/",
    "https://100.100.100.200/", "https://192.0.0.192/", "https://0.0.0.0/", "https://255.255.255.255/",
    "https://[::]/", "https://[::ffff:7f00:1]/", "https://[::ffff:a9fe:a9fe]/", "https://[::127.0.0.1]/",
    "https://[fd00:ec2::254]/", "https://[fc00::1]/", "https://[fec0::1]/", "https://[2002:a9fe:a9fe::1]/",
    "https://[64:ff9b:1::a00:1]/", "https://[2001:0:7f00:1::1]/", "https://[::1%25lo]/", "https://[::1/",
    "HTTPS://127.0.0.1/", "https://%31%32%37.0.0.1/", "https://127\u30020\u30020\u30021/", "https:127.0.0.1",
    "https:\\\\127.0.0.1/", "//127.0.0.1/", "https://127.0.0.1\t/", "https://a@b@127.0.0.1/", "https://:@127.0.0.1/",
    "javascript:alert(1)", "data:text/html,x", "unix:///run/docker.sock", "dict://127.0.0.1:11211/", "",
    f"https://{'a' * 2001}.example.com/", "https://rebound.example.com/", "https://half.example.com/",
)  # fmt: skip

NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "metadata.google.internal": ["169.254.169.254"],
    "rebound.example.com": ["10.1.2.3"],
    "half.example.com": ["93.184.216.34", "127.0.0.1"],
    "good.example.com": ["93.184.216.34"],
}


async def lookup(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    """What a name server that is not ours answers; what looks like a number, this machine itself."""
    name = host.rstrip(".").casefold()
    found = NAMES.get(name)
    if found is None and name.replace(".", "").replace("x", "").isalnum():
        found = ["127.0.0.1"]
    return [(socket.AF_INET6 if ":" in one else socket.AF_INET, one) for one in found or ()]


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    made = Outside(hosts=(), lookup=lookup)
    yield made
    await made.close()


def test_addresses_within_are_known_in_every_spelling() -> None:
    assert [text for text in WITHIN if is_public(text)] == []
    assert [text for text in WITHOUT if not is_public(text)] == []


@pytest.mark.parametrize("address", ADDRESSES)
async def test_no_connection_is_made_to_anything_within(
    outside: Outside, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, to: connected.append(to))
    way = Webhook(settings=WebhookSettings(secret=SecretStr("secret"), hosts=()), outside=outside)

    with pytest.raises(SendFailed) as caught:
        await way.tell(said(address))

    assert caught.value.permanent
    assert connected == []


async def test_a_connection_goes_to_the_very_address_that_was_looked_at() -> None:
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
        asked.append(host)
        return [(socket.AF_INET, "93.184.216.34" if len(asked) == 1 else "127.0.0.1")]

    resolver = PublicOnly(lookup=rebinding)

    (found,) = await resolver.resolve("rebound.example.com", 443)
    assert (found["host"], found["flags"]) == ("93.184.216.34", socket.AI_NUMERICHOST)
    with pytest.raises(Blocked):
        await resolver.resolve("rebound.example.com", 443)


async def test_a_name_with_one_address_within_is_refused_whole() -> None:
    with pytest.raises(Blocked):
        await PublicOnly(lookup=lookup).resolve("half.example.com", 443)


async def test_a_host_that_is_allowed_is_called_at_that_port_alone() -> None:
    hook, other = Hook(), Hook()
    await hook.start()
    await other.start()
    outside = Outside(hosts=(f"127.0.0.1:{hook.port}",))
    try:
        status, _ = await outside.post(hook.url, b"{}", {})
        with pytest.raises(SendFailed):
            await outside.post(other.url, b"{}", {})
        assert (status, other.seen) == (200, 0)
    finally:
        await outside.close()
        await hook.stop()
        await other.stop()
