"""The bodies of requests that strangers may send: read up to a size, within a time, or turned away."""

import asyncio

from aiohttp import web

SLOWEST = 5.0
"""Seconds a body may take to arrive; chats themselves give up sooner, or as soon."""
PIECE = 65536


class TurnedAway(Exception):  # noqa: N818 - an outcome
    """The request goes no further. `status`: what the sender gets; `reason`: a few words of ours, for the log."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


async def read_body_of(request: web.Request, most: int) -> bytes:
    """The body, at most so many bytes of it. Raises TurnedAway 400 or 413."""
    if (request.content_length or 0) > most:
        raise TurnedAway(413, "body too large")
    found = bytearray()
    try:
        async with asyncio.timeout(SLOWEST):
            while piece := await request.content.read(PIECE):
                found += piece
                if len(found) > most:
                    raise TurnedAway(413, "body too large")
    except (TimeoutError, web.RequestPayloadError, ConnectionError) as fault:
        raise TurnedAway(400, "body did not arrive") from fault
    return bytes(found)
