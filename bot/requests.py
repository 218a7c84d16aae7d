"""What comes in from a chat, and what goes straight back: the core's front door, in no chat's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.cards import Card, Names
from bot.commands.spec import Profile
from bot.questions import Form
from bot.refs import Address, Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Somebody said, pressed or submitted something. Exactly one of `text` and `word` is used."""

    key: str
    """Names this delivery: the same key has an effect once."""
    identity: Identity
    profile: Profile | None = None
    """What the chat already knows of them, if it knows without asking."""
    others: Mapping[Identity, Profile] = field(default_factory=dict[Identity, Profile])
    """What the chat already knows of the people they speak of."""
    groups: frozenset[str] = frozenset()
    """The groups of people they are known to be in, by every name a policy may give these (`slack:@sre-oncall`)."""
    place: Address | None = None
    """The conversation it comes from; None: nowhere in particular (a home tab)."""
    text: str = ""
    """Words as typed, without the slash command. People stand in it as `@{slack:T1/U1|shown name}`."""
    word: str = ""
    """Of a button or a form."""
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    """With `word`: by parameter, as typed; several values separated by blanks; people as in `text`."""
    incident: int | None = None
    """With `word`: the incident the button or form names. Not trusted: permission is checked all the same."""
    submitted: bool = False
    """A form was sent: what is missing or wrong is told at its fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the asker gets, privately. At most one of `card` and `form` is set; neither: nothing is said."""

    card: Card | None = None
    form: Form | None = None
    """Open this form. After a submission: show it again, with findings at its fields."""
    refused: bool = False
    """The card is a refusal; nothing happened."""
    repeated: bool = False
    """The delivery was seen before: it had its effect then."""
    number: int | None = None
    """The incident it was about."""
    when_room: Card | None = None
    """Replaces `card` when the incident's room exists."""
    word: str = ""
    """The command's word, for counting."""
    changed: bool = False
    """Something was written."""
    to_send: bool = False
    """Something waits to be sent because of it."""
    private: bool = False
    """It was about a private incident: not even its number stands in a log."""
    names: Names = field(default_factory=Names)
    """What people and rooms in `card` and `form` are called."""
