"""What chats say of people. Each chat's word stands in a row of its own; a person is what these rows say together."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update

from bot.people import Profile
from bot.refs import Identity, Person
from storage.joining import join_by_email
from storage.people import FIRST, families, person_at, row_for
from storage.tables import identities, people


def profiles(connection: Connection, wanted: Iterable[Person]) -> Mapping[Person, Profile]:
    """What is known of these people."""
    return {person: profile_of(family) for person, family in families(connection, wanted).items()}


def save_profile(connection: Connection, identity: Identity, profile: Profile) -> None:
    """Keep what a chat says when asked about that person. What it leaves empty stays; nobody need ask again.

    Whoever another chat knows by the same e-mail address is the same person from now on.
    """
    flags = {"guest": profile.guest, "bot": profile.bot, "gone": profile.gone}
    said = {**_said(profile), **flags, "profiled": True}
    row = _keep(connection, identity, said)
    join_by_email(connection, row)


def learn(connection: Connection, identity: Identity, profile: Profile) -> None:
    """Keep what a chat happens to say of that person. It says too little to take a guest for a member."""
    flags = {"guest": profile.guest, "bot": profile.bot, "gone": profile.gone}
    said = _said(profile)
    row = _keep(connection, identity, {**said, **{name: True for name, holds in flags.items() if holds}}, but="email")
    mail = said.get("email", "")
    new = update(people).where(people.c.id == row, people.c.email != mail).values(email=mail)
    if mail and connection.execute(new).rowcount:
        join_by_email(connection, row)


def is_news(known: Row[Any], profile: Profile) -> bool:
    """Whether a chat says more by that than is written of the person already."""
    flags = {name: True for name in ("guest", "bot", "gone") if getattr(profile, name)}
    return any(getattr(known, name) != value for name, value in {**_said(profile), **flags}.items())


def without_profile(connection: Connection, chat: str, limit: int) -> tuple[Identity, ...]:
    """Identities of that chat whose people nobody has asked the chat about yet, first seen first."""
    joined = identities.join(people, people.c.id == identities.c.person)
    here = identities.c.identity.startswith(f"{chat}:", autoescape=True)
    asked = select(identities.c.identity).select_from(joined).where(people.c.profiled.is_(False), here)
    return tuple(Identity(found) for found in connection.scalars(asked.order_by(people.c.id).limit(limit)))


def called(connection: Connection, words: str) -> tuple[Person, ...]:
    """The members whose e-mail address or shown name that is, whatever its case."""
    said = words.casefold()
    as_shown = or_(people.c.name == words, func.lower(people.c.name).in_((said, words.lower())))
    name = people.c.email == said if "@" in said else as_shown
    there = (people.c.bot.is_(False), people.c.gone.is_(False), people.c.guest.is_(False), people.c.name != "")
    return tuple(map(person_at, connection.scalars(select(FIRST).where(name, *there).distinct())))


def profile_of(family: list[Row[Any]]) -> Profile:
    """One person of what several chats say, of their rows: a member of one is no guest, gone who is gone from all.

    Only a chat that was asked says that somebody is a member, or is there.
    """

    def first(column: str) -> str:
        return next((value for row in family if (value := getattr(row, column))), "")

    asked = [row for row in family if row.profiled]
    return Profile(
        name=first("name"),
        zone=first("zone"),
        guest=any(row.guest for row in family) and all(row.guest for row in asked),
        bot=any(row.bot for row in family),
        gone=any(row.gone for row in family) and all(row.gone for row in asked),
        email=first("email"),
    )


def _said(profile: Profile) -> dict[str, Any]:
    mail = profile.email.strip()
    known = mail.casefold() if mail.isascii() else mail  # casefold makes other letters the same as ours
    said = {"name": profile.name, "zone": profile.zone, "email": known}
    return {name: value for name, value in said.items() if value}


def _keep(connection: Connection, identity: Identity, values: Mapping[str, Any], *, but: str = "") -> int:
    row = row_for(connection, identity)
    kept = {name: value for name, value in values.items() if name != but}
    if kept:
        connection.execute(update(people).where(people.c.id == row).values(**kept))
    return row
