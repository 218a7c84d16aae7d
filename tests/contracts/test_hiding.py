"""An incident that becomes private: what was said outside is withheld, or emptied wherever it may be out."""

from bot.cards import Card, line
from bot.incident import Incident
from bot.plain import plain_text
from bot.posts import Post, ToAudience, ToPerson
from bot.refs import Identity
from storage.database import Database
from tests.contracts.given import ANA, AT, an_incident, card_of, claim, claim_one, later, post, say, send_all

HIDDEN = line("INC-42 goes on in its room.")


def hide(database: Database, incident: Incident) -> None:
    with database.store.begin() as transaction:
        transaction.take_back(incident, HIDDEN, lambda to, key: key != "card", lambda to: to == "customers", later(5))


def told(database: Database) -> dict[str, Card]:
    """What stands in the chats: by key, as it was sent last."""
    found: dict[str, Card] = {}
    while delivered := send_all(database, later(600)):
        found |= {one.order.key: card_of(one) for one in delivered}
    return found


def outside(key: str, audience: str = "internal") -> Post:
    return post(key, "Salaries are exposed.", ToAudience(name=audience))


def test_what_waits_is_never_said(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, outside("update-1"), outside("update-1", "stakeholders"))

    hide(database, incident)

    assert claim(database, later(60)) == ()


def test_what_was_said_is_emptied_but_for_what_customers_read(database: Database) -> None:
    incident = an_incident(database)
    with database.store.begin() as transaction:
        ana = transaction.person(ANA)
        transaction.person(Identity("slack:T1/U2"), "Ben")
    say(database, incident, outside("update-1"), post("subscribed:update-1", "Salaries.", ToPerson(person=ana)))
    with database.store.begin() as transaction:
        customers = post("update-2", "Pages are slow.", ToAudience(name="customers"))
        transaction.enqueue(incident, [customers], lambda _: ("slack:#shop",), AT)
    send_all(database)

    hide(database, incident)

    edits = {one.order.key: one for one in claim(database, later(60))}
    assert set(edits) == {"update-1", "subscribed:update-1"}
    assert all(one.ref and card_of(one) == HIDDEN for one in edits.values())
    assert isinstance(edits["subscribed:update-1"].order, Post)
    assert edits["subscribed:update-1"].order.to == ToPerson(person=ana)


def test_what_people_have_is_emptied_though_a_later_edit_of_it_was_given_up(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, outside("announcement"), outside("never"))
    database.relay.sent(claim_one(database), "ref-1", AT)
    database.relay.dead(claim_one(database), at=AT, error="refused")
    say(database, incident, post("announcement", "Salaries are out.", ToAudience(name="internal")))
    database.relay.dead(claim_one(database), at=AT, error="refused")

    hide(database, incident)

    edit = claim_one(database, later(60))
    assert (edit.order.key, edit.ref, card_of(edit)) == ("announcement", "ref-1", HIDDEN)


def test_what_is_on_its_way_is_emptied_once_it_arrived(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, outside("update-1"))
    under_way = claim_one(database)

    hide(database, incident)
    database.relay.sent(under_way, "ref-1", later(10))

    edit = claim_one(database, later(60))
    assert (edit.ref, plain_text(card_of(edit), AT, edit.names)) == ("ref-1", "INC-42 goes on in its room.")


def test_what_was_on_its_way_and_did_not_arrive_is_withheld(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, outside("update-1"))
    under_way = claim_one(database)

    hide(database, incident)
    database.relay.retry(under_way, at=later(10), not_before=later(10), error="refused", unknown=False, counts=True)

    assert claim(database, later(60)) == ()


def test_what_is_said_inside_stays(database: Database) -> None:
    incident = an_incident(database)
    with database.store.begin() as transaction:
        transaction.enqueue(incident, [outside("card")], lambda _: ("slack:#room",), AT)
    send_all(database)

    hide(database, incident)

    assert claim(database, later(60)) == ()


def test_the_words_say_nothing_more_of_it(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, outside("update-1"))
    send_all(database)

    hide(database, incident)

    assert told(database) == {"update-1": HIDDEN}
