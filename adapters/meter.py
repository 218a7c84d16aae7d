"""What sending counts. The figures themselves are kept elsewhere; nothing here knows how."""

from collections.abc import Iterable
from typing import Literal, Protocol

Result = Literal["ok", "limited", "failed", "unknown"]


class Meter(Protocol):
    """Takes notice. Labels are names of ours and of API methods, never an incident or a person."""

    def serves(self, chats: Iterable[str]) -> None:
        """These are the ways out there are."""

    def called(self, chat: str, method: str, result: Result) -> None:
        """One call to a chat's API has ended."""

    def late(self, kind: str, seconds: float) -> None:
        """A `reminder` reached the chat so long after its moment; a `message` so long after it was queued."""

    def perhaps_double(self, chat: str) -> None:
        """A message whose earlier attempt has an unknown outcome goes out again without having been looked for."""

    def gave_up(self, chat: str) -> None:
        """A message or an effect will never arrive."""


class Silent:
    """Counts nothing."""

    def serves(self, chats: Iterable[str]) -> None:
        """Nothing."""

    def called(self, chat: str, method: str, result: Result) -> None:
        """Nothing."""

    def late(self, kind: str, seconds: float) -> None:
        """Nothing."""

    def perhaps_double(self, chat: str) -> None:
        """Nothing."""

    def gave_up(self, chat: str) -> None:
        """Nothing."""
