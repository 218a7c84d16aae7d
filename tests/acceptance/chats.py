"""What a scenario needs of a chat. Each scenario is told once; Slack and Microsoft Teams play it.

Where the two truly differ, a scenario asks for one of the `Ways`, and docs/teams.md says each of them in a sentence.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from tests.acceptance.people import PEOPLE, Profile
from tests.acceptance.process import Sitrep

POLICY = """
[organisation]
name = "Larkfield"
time_zone = "Etc/UTC"
default_priority = "high"

[audiences.internal]
addresses = ["chat:incidents"]

[audiences.leadership]
addresses = ["chat:leadership"]
"""
"""`chat:NAME` stands for the address of that channel in the chat that plays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What is so in Slack and not in Teams."""

    invites_people: bool
    """The room has members of its own: who declares, holds a role or takes one over is brought in."""
    opens_forms_from_words: bool
    """A form opens when words lack something; otherwise a button opens it, or it comes as a card."""
    answers_in_place: bool
    """Who asks is answered where they are, at once and for their eyes only; otherwise in their chat with Sitrep."""
    declares_in_private_anywhere: bool
    """A private incident can be declared where others read along."""
    replies_within_a_room: bool
    """A message in the room can have replies of its own, which are quieter than another message."""
    asks_back_in_the_button: bool
    """Where a button asks whether it is meant, the chat asks, and Sitrep hears only of a yes."""
    reads_back: bool
    """After a lost answer it is seen whether the message arrived; otherwise it may be there twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What may go wrong in a chat, in its own words."""

    kinds: tuple[str, ...]
    of_a_declaration: tuple[str, ...]
    """Calls of which each may fail."""
    of_an_update: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message as it was sent."""

    at: float
    """Seconds, `time.time()`."""
    to: str
    """A person's name, `room`, or a channel's name."""
    words: str
    """What the eye sees of it, and what a phone shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """New messages of ours that somebody saw unasked. Edits are silent."""

    room: int
    """In the incident's room itself."""
    thread: int
    """The announcement and what was said under it."""
    private: int


class Said(Protocol):
    """A message."""

    @property
    def words(self) -> str:
        """What the eye sees."""

    @property
    def text(self) -> str:
        """What stands beside the card: what a phone shows."""

    @property
    def buttons(self) -> Mapping[str, Any]:
        """By their label."""


class Form(Protocol):
    """A form that is open on somebody's screen."""

    @property
    def title(self) -> str: ...

    @property
    def words(self) -> str:
        """All that can be read on it."""

    @property
    def inputs(self) -> Collection[str]:
        """Names of its fields."""

    @property
    def required(self) -> Collection[str]: ...

    def fill(self, **values: Any) -> "Form":
        """Give fields values: words, an option's value or label, a person's name, several of these."""

    async def submit(self, *, by: str = "") -> "Told":
        """Send it; in somebody else's name with `by`."""

    @property
    def findings(self) -> str:
        """What is wrong with it, once it came back."""


class Told(Protocol):
    """What became of something a person did: the acknowledgement, and what they were told."""

    @property
    def status(self) -> int: ...

    @property
    def took(self) -> float:
        """Seconds until the acknowledgement."""

    def heard(self) -> list[str]:
        """All that this person was told since."""

    def offered(self) -> set[str]:
        """Labels of what this person can press in it."""

    async def hears(self, *parts: str, within: float = 3) -> str:
        """The answer that has all of these words in it."""

    async def form(self) -> Form:
        """The form that opened, or opened when the button was pressed that stands for it."""

    async def presses(self, label: str) -> "Told":
        """Press a button of the answer."""


class Broken(Protocol):
    """A fault that was set."""

    times: int
    """Calls that it will still meet."""


class World(Protocol):
    """One chat, with people in it, and Sitrep."""

    @property
    def sitrep(self) -> Sitrep: ...

    @property
    def name(self) -> str: ...

    @property
    def ways(self) -> Ways: ...

    @property
    def counted(self) -> tuple[str, ...]:
        """By what names the metrics count its calls when an incident is declared."""

    def secrets(self, told: Told) -> tuple[str, ...]:
        """What may stand in no log: of the chat, and of that request."""

    async def place(self, name: str) -> str:
        """A channel where everybody reads."""

    async def confidential(self) -> str:
        """A place where Ana, Ben and Hana read and few others; a private incident can be declared in it."""

    async def room(self, number: int, within: float = 5) -> str:
        """Where an incident is talked about."""

    async def rooms(self) -> set[int]:
        """Numbers of the incidents that have a room."""

    async def members(self, number: int) -> set[str]:
        """Names of who was brought into an incident's room."""

    def mention(self, name: str) -> str:
        """A person, as a text that mentions them shows it."""

    async def types(self, name: str, text: str, place: str = "") -> Told:
        """Words for Sitrep; where nothing is named, in a channel where everybody reads."""

    async def again(self, told: Told) -> Told:
        """The same request once more, as the chat repeats one that it takes for lost."""

    async def twice(self, name: str, text: str, place: str) -> Sequence[Told]:
        """Words for Sitrep, of which the request comes twice at once."""

    async def presses(self, name: str, message: Said, label: str) -> Told:
        """Press a button of a message as it was when it was looked at."""

    async def now(self, message: Said) -> Said:
        """How it stands now."""

    def seen(self, message: Said) -> str:
        """Its words without the marks and escapes of the chat."""

    async def card(self, number: int, *words: str, within: float = 5) -> Said:
        """The card of an incident once it says all of these words."""

    async def cards(self, number: int) -> Sequence[Said]:
        """As many as there are; one ought to be."""

    async def in_room(self, number: int, *words: str, within: float = 5) -> Said:
        """A message in an incident's room that says all of these words."""

    async def somewhere(self, place: str, *words: str, within: float = 5) -> Said:
        """A message or a reply in a place that says all of these words."""

    async def to_person(self, name: str, *words: str, within: float = 5) -> Said:
        """A message to somebody alone that says all of these words."""

    async def everything(self, place: str) -> Sequence[Said]:
        """Messages and replies of Sitrep in a place, oldest first."""

    async def messages(self, place: str) -> Sequence[Said]:
        """Messages of Sitrep in a place without what replies to one of them, oldest first."""

    async def private(self, name: str) -> Sequence[Said]:
        """What Sitrep wrote to somebody alone, oldest first."""

    async def under_announcement(self, said: Said) -> bool:
        """Whether it is a reply to the announcement, and nothing but that."""

    async def complete(self, number: int, *words: str, within: float = 12) -> None:
        """Until all that belongs to a new incident is there: room, card with these words, announcement."""

    async def everywhere_but(self, room: str) -> str:
        """All that Sitrep sent to this chat, as it was sent, but for what it put into that room."""

    async def sent(self, number: int, words: str) -> list[Sent]:
        """What was sent with these words, of that incident, oldest first."""

    async def heard(self, number: int, name: str) -> Heard:
        """How many messages of that incident somebody got."""

    async def settled(self, *, quiet: float = 1.0) -> None:
        """Until no call has come for so many seconds."""

    def fail(self, call: str, kind: str, *, seconds: float = 1.0) -> Broken:
        """Break the next call of that name, in that way."""

    def repeated_after(self, call: str, since: float) -> float | None:
        """Seconds from the failed call of that name to the next of the same; None: there was none."""

    def lose(self, words: str) -> None:
        """Break every message with these words, until it is mended."""

    def go_away(self) -> None:
        """Break everything, until it is mended."""

    def turn_away(self) -> None:
        """Sitrep's credentials are good no more."""

    def slow_down(self, seconds: float) -> None:
        """Every call takes so long, until it is mended."""

    def mend(self) -> None:
        """All of that ends."""


class Opens(Protocol):
    """Opens a world in a folder of its own."""

    def __call__(
        self,
        *,
        policy: str = POLICY,
        people: tuple[Profile, ...] = PEOPLE,
        settings: dict[str, str] | None = None,
    ) -> AbstractAsyncContextManager[World]: ...
