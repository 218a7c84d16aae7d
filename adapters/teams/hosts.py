"""Where our token may go: the hosts an operator allowed, and nothing that only looks like one of them.

A service address comes in with an activity and is kept, and whatever is sent to it carries our token. So it is read
here by a grammar that leaves nothing for two readers to understand differently: no credentials, no backslash, no query.
"""

import re
from ipaddress import ip_address

PORTS = {"https": 443, "http": 80}

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?:/[a-z0-9._~%:/-]*)?",
    re.ASCII | re.IGNORECASE,
)
_LISTED = re.compile(r"(?P<host>[^:\[\]]+|\[[^\]]+\])(?::(?P<port>[0-9]{1,5}))?")
_LONGEST = 1000


def allowed(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether `url` is at one of `hosts`: names, with port where it is not the usual one; `*.` is any name before.

    Plain http is for loopback alone.
    """
    found = _ADDRESS.fullmatch(url) if len(url) <= _LONGEST else None
    if found is None:
        return False
    scheme, host = found["scheme"].lower(), found["host"].lower()
    if scheme == "http" and not _is_loopback(host):
        return False
    port = int(found["port"] or PORTS[scheme])
    return any(_fits(host, port, PORTS[scheme], listed.lower()) for listed in hosts)


def first(hosts: tuple[str, ...]) -> str:
    """The service address to begin with, before an activity says another: at the first host that is named whole."""
    host = next((host for host in hosts if "*" not in host), "")
    name = _LISTED.fullmatch(host.lower())
    scheme = "http" if name and _is_loopback(name["host"]) else "https"
    return f"{scheme}://{host}/teams/" if host else ""


def address(service_url: str, path: str) -> str:
    """A path of the connector at a service address, which ends with a slash or not."""
    return f"{service_url.rstrip('/')}/{path}"


def _fits(host: str, port: int, usual: int, listed: str) -> bool:
    known = _LISTED.fullmatch(listed)
    if known is None or port != int(known["port"] or usual):
        return False
    name = known["host"]
    if name.startswith("*."):
        return host.endswith(name[1:]) and len(host) >= len(name)
    return host == name


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
