"""Calls to addresses that somebody wrote into a policy: to the public network only, and to the very address looked at.

A name is resolved once, each of its addresses is looked at, and the connection goes to one of those: a name that
resolves to another address a moment later gains nothing. Redirects are not followed. Hosts that the operator allows
are called as they are, through the proxy where the environment names one.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from adapters.calling import proxy_for
from adapters.sinks import SendFailed

TIMEOUT = aiohttp.ClientTimeout(total=5)
"""Seconds for one call, from the name to the end of the answer."""

NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
"""IPv4 inside IPv6."""

SPECIAL = (
    ip_network("192.0.0.0/24"),  # protocol assignments; a cloud's metadata lives at .192
    ip_network("192.88.99.0/24"),
    ip_network("fec0::/10"),
    ip_network("3fff::/20"),
    ip_network("5f00::/16"),
)
"""Not of the public network, whatever this Python's tables say."""

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\.?|\[[0-9A-Fa-f:.]+\]")
_LONGEST = 2000

Lookup = Callable[[str, int], Awaitable[list[tuple[socket.AddressFamily, str]]]]


class Blocked(OSError):  # noqa: N818 - an outcome
    """The name leads to an address that is not of the public network."""


def is_public(text: str) -> bool:
    """Whether that is an IP address of the public network, whichever way it is written."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    inner = _inside(address) if isinstance(address, IPv6Address) else None
    if inner is not None:
        return _is_public(inner)
    return _is_public(address)


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if any(address in network for network in NAT64):
        return IPv4Address(address.packed[-4:])
    if address.packed[:12] == bytes(12) and int(address) > 1:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if any(address in network for network in SPECIAL if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


async def ask_system(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    """Every address of a name, as this machine resolves it."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, str(where[0])) for family, _, _, _, where in found]


@dataclass(slots=True, kw_only=True)
class PublicOnly(AbstractResolver):
    """Resolves names for a connection, and gives them only where every address of theirs is public."""

    lookup: Lookup = ask_system

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a name. Raises Blocked where one is not public, and what the lookup raises."""
        del family
        found = await self.lookup(host, port)
        if not found or not all(is_public(address) for _, address in found):
            raise Blocked("not of the public network")
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)
            for kind, address in found
        ]

    async def close(self) -> None:
        """Nothing is held."""


@dataclass(slots=True, kw_only=True)
class Outside:
    """Calls with a body to addresses of a policy."""

    hosts: tuple[str, ...]
    """Allowed as they are, small letters, with port where it is not the usual one."""
    lookup: Lookup = ask_system
    _sessions: dict[bool, aiohttp.ClientSession] = field(default_factory=dict[bool, aiohttp.ClientSession])

    async def post(self, address: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
        """Status and headers of the answer; its body is not read. Raises SendFailed where the address is not allowed.

        Raises what aiohttp raises.
        """
        url = _parsed(address)
        known = self._is_allowed(url)
        if not known:
            self._check(url)
        arguments: dict[str, Any] = {"proxy": proxy_for(address)} if known else {}
        session = self._session(known=known)
        async with session.post(url, data=body, headers=headers, allow_redirects=False, **arguments) as answer:
            return answer.status, dict(answer.headers)

    async def close(self) -> None:
        """Give the connections back."""
        for session in self._sessions.values():
            await session.close()

    def _is_allowed(self, url: URL) -> bool:
        host = f"[{url.host}]" if ":" in (url.host or "") else (url.host or "").casefold()
        usual = url.port == {"https": 443, "http": 80}.get(url.scheme)
        return f"{host}:{url.port}" in self.hosts or (usual and host in self.hosts)

    def _check(self, url: URL) -> None:
        if url.scheme != "https":
            raise SendFailed("only https:// is called, but for hosts in WEBHOOK_HOSTS", permanent=True)
        host = (url.host or "").rstrip(".")  # with a dot at its end it is an address all the same
        literal = ":" in host or host.rpartition(".")[2].isdecimal()
        if literal and not is_public(host):
            raise SendFailed(NOT_PUBLIC, permanent=True)

    def _session(self, *, known: bool) -> aiohttp.ClientSession:
        """For hosts that are allowed, and for all others. Nothing is kept open: the next call looks again."""
        if known not in self._sessions:
            resolver = None if known else PublicOnly(lookup=self.lookup)
            connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True, limit=32)
            self._sessions[known] = aiohttp.ClientSession(
                timeout=TIMEOUT, connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
            )
        return self._sessions[known]


NOT_PUBLIC = "its host is not of the public network; WEBHOOK_HOSTS may allow it"


def _parsed(address: str) -> URL:
    """The address, written so that no two readers can understand it differently. Raises SendFailed."""
    try:
        url = URL(address)
        port = url.port
    except ValueError:
        url, port = URL(), None
    rest = address.partition("://")[2]
    written = rest.partition("/")[0].partition("?")[0].partition("#")[0]
    host, colon, digits = written.rpartition(":")
    host = host if colon and digits.isdecimal() else written
    plain = len(address) <= _LONGEST and address.isascii() and address.isprintable() and "\\" not in address
    if not plain or not port or not _HOST.fullmatch(host):
        raise SendFailed("that is no address that can be called", permanent=True)
    return url
