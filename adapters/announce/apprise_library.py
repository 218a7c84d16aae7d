"""The `apprise` library as we use it: one address, one message, plain text, and nothing of either in a log."""

import logging

import apprise

NAME = "apprise"


class AppriseLibrary:
    """Implements `adapters.announce.ground.Library`."""

    def __init__(self) -> None:
        """What it logs quotes addresses, and these hold passwords: it is silenced whole."""
        logging.getLogger(NAME).setLevel(logging.CRITICAL + 1)

    def understands(self, address: str) -> bool:
        """Whether it knows what to do with such an address."""
        return apprise.Apprise.instantiate(address, suppress_exceptions=True) is not None

    def targets(self, address: str) -> int:
        """How many are told by that one address."""
        service = apprise.Apprise.instantiate(address, suppress_exceptions=True)
        return len(service) if service is not None else 0

    def notify(self, address: str, title: str, body: str) -> bool | None:
        """Whether it was told; None: it understands no such address. Blocks."""
        service = apprise.Apprise.instantiate(address, suppress_exceptions=True)
        if service is None:
            return None
        return bool(service.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT))
