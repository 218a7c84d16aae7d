"""What is wrong with a payload, in words for a log line. The one who sent it gets a bare 400 or 403.

BadPayload      makes no sense, or lacks what it must have
  ForeignTeam   makes sense, but comes from another workspace or from one of its people
"""


class BadPayload(Exception):  # noqa: N818 - an outcome of reading
    """Not a request that Slack sends, or not one of ours."""


class ForeignTeam(BadPayload):
    """Of another workspace."""
