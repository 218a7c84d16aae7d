"""What is wrong with a payload, in words for a log line. The one who sent it gets a bare 400."""


class BadPayload(Exception):  # noqa: N818 - an outcome of reading
    """Not a request that Teams sends, or not one of ours."""
