"""What people who subscribed to an incident are told, and when not: whole stories through the front door."""

from bot.announce_subscribers import told_to_subscribers
from bot.commands.record import DeliveryGaveUp
from bot.events import Subscribed, Unsubscribed, UpdatePublished
from bot.plain import plain_text
from bot.policy import CUSTOMERS, INTERNAL, STAKEHOLDERS
from bot.posts import Post, ToPerson
from bot.refs import Person
from bot.requests import Answer
from bot.routes import News
from tests.core.builders import POLICY, TEN, declared, grown, log
from tests.core.reading_along import Desk, followed, update
from tests.scenario import at


def test_who_subscribed_reads_each_update_without_its_steps() -> None:
    desk = followed()

    update(desk, "10:10", "Payments fail.")

    told = desk.told("kim")
    assert list(told) == ["subscribed:update-1"]
    assert told["subscribed:update-1"] == (
        "INC-1 Checkout is down: update 1. Payments fail. Next update by 10:40 UTC. Buttons: Unsubscribe."
    )


def test_subscribing_posts_nothing_and_breaks_no_silence() -> None:
    desk = Desk()
    desk.declare("10:00")
    before, quiet = len(desk.store.data.rows), desk.incident()

    desk.say("10:20", "kim", "subscribe 1")

    assert len(desk.store.data.rows) == before
    assert desk.incident().last_person_at == quiet.last_person_at
    assert desk.incident().last_words == quiet.last_words


def test_where_stakeholders_are_promised_updates_theirs_are_read_and_no_others() -> None:
    desk = followed(stakeholders=True)

    update(desk, "10:10", "Payments fail.", "internal stakeholders")
    update(desk, "10:20", "A replica is back.")
    update(desk, "10:50", "Payments work again in part.", "stakeholders")

    assert list(desk.told("kim")) == ["subscribed:update-1", "subscribed:update-3"]


def test_what_only_customers_are_told_is_not_for_them() -> None:
    desk = followed()

    update(desk, "10:10", "Payments fail.", CUSTOMERS)

    assert desk.told("kim") == {}


def test_nobody_is_told_what_they_published_themselves() -> None:
    desk = followed()
    desk.say("10:02", "kim", "claim comms", number=1)
    desk.say("10:03", "kim", "release comms", number=1)

    update(desk, "10:10", "Payments fail.", by="kim")

    assert "subscribed:update-1" not in desk.told("kim")


def test_neither_who_wrote_it_nor_who_approved_it_is_told() -> None:
    wrote, approved, reads = Person("P-7"), Person("P-8"), Person("P-9")
    before = grown(declared(), TEN, None, Subscribed(people=(wrote, approved, reads)))
    update = UpdatePublished(number=1, audiences=(INTERNAL,), what="Payments fail.", drafted_by=wrote)
    (entry,) = log((TEN, approved, update), after=before)
    after = grown(before, TEN, approved, update)

    told = News(entry=entry, before=before, after=after, batch=(entry,), policy=POLICY, people={})

    posts = [order for order in told_to_subscribers(told) if isinstance(order, Post)]
    assert [post.to for post in posts] == [ToPerson(person=reads)]


def test_who_holds_a_role_reads_the_room_instead() -> None:
    desk = followed()
    desk.say("10:02", "kim", "claim scribe", number=1)
    update(desk, "10:10", "Payments fail.")
    desk.say("10:11", "kim", "release scribe", number=1)

    update(desk, "10:20", "Payments work.")

    assert list(desk.told("kim")) == ["subscribed:update-2"]


def test_the_promise_they_were_given_is_moved_before_their_eyes() -> None:
    desk = followed()
    update(desk, "10:10", "Payments fail.")

    desk.say("10:12", "ben", "next 11:00 the roll-back takes one more step", number=1)

    (moved,) = [words for key, words in desk.told("kim").items() if "update" not in key]
    assert moved == "The next update on INC-1 Checkout is down comes by 11:00 UTC, not 10:40 UTC."


def test_a_promise_they_do_not_follow_moves_unheard() -> None:
    desk = followed(stakeholders=True)

    desk.say("10:12", "ben", "next 11:00", number=1)

    assert desk.told("kim") == {}


def test_the_resolution_is_told_once_and_the_close_not_at_all() -> None:
    desk = followed()

    desk.say("10:30", "ben", "resolve Rolled back verified:200 payments went through", number=1)
    desk.say("10:40", "ben", "close", number=1)

    (said,) = desk.told("kim").values()
    assert said == (
        "INC-1 Checkout is down is resolved. Lasted 30 minutes from declaration. No further update is expected."
    )


def test_of_a_resolution_that_stakeholders_are_told_they_read_these_words_alone() -> None:
    desk = followed(stakeholders=True)
    update(desk, "10:10", "Payments fail.", STAKEHOLDERS)

    desk.submit("10:30", "ben", "resolve", how="Rolled back.", verified="200 payments went through.")

    assert list(desk.told("kim")) == ["subscribed:update-1", "subscribed:update-2"]
    assert "No further update is expected" in desk.told("kim")["subscribed:update-2"]


def test_a_false_alarm_and_an_incident_that_is_open_again_are_told_without_reasons() -> None:
    desk = followed()

    desk.say("10:30", "ben", "cancel a probe was set wrongly", number=1)
    desk.say("10:40", "ben", "reopen card errors at 6 %", number=1)

    assert list(desk.told("kim").values()) == [
        "INC-1 Checkout is down is cancelled: it was a false alarm. No further update is expected.",
        "INC-1 Checkout is down is open again. Next update by 11:10 UTC. Buttons: Unsubscribe.",
    ]


def test_of_a_duplicate_they_read_on_in_the_other_one() -> None:
    desk = followed()
    desk.say("10:01", "lou", "subscribe 1")
    desk.declare("10:05", "critical Payments fail")
    desk.say("10:06", "lou", "subscribe 2")

    desk.say("10:10", "ben", "duplicate 2", number=1)
    update_of_the_other(desk)

    assert list(desk.told("kim").values()) == [
        "INC-1 Checkout is down is the same as INC-2: its updates reach you from now on."
    ]
    assert list(desk.told("kim", 2)) == ["subscribed:update-1"]
    assert desk.incident(2).subscribers == {desk.person("lou"): "", desk.person("kim"): "moved from INC-1"}
    ended = [row.order for row in desk.store.data.rows if row.to == "room" and row.key.startswith("ended")]
    assert "; 2 subscribers moved there." in plain_text(ended[0].card, at("12:00"), Answer().names)  # type: ignore[union-attr]


def update_of_the_other(desk: Desk) -> None:
    desk.submit("10:20", "ben", "update", 2, what="Payments fail.", steps="looking", next="30m")


def test_one_who_left_the_other_one_is_not_brought_back_to_it() -> None:
    desk = followed()
    desk.declare("10:05", "critical Payments fail")
    desk.say("10:06", "kim", "subscribe 2")
    desk.say("10:07", "kim", "unsubscribe 2")

    desk.say("10:10", "ben", "duplicate 2", number=1)

    assert desk.incident(2).subscribers == {}
    assert list(desk.told("kim").values()) == [
        "INC-1 Checkout is down is the same as INC-2. No further update is expected."
    ]


def test_a_private_duplicate_moves_nobody() -> None:
    desk = Desk()
    desk.declare("10:00")
    desk.declare("10:05", "critical Payments fail")
    desk.say("10:06", "kim", "subscribe 1")
    desk.say("10:07", "ben", "visibility private", number=1)

    desk.say("10:10", "ben", "duplicate 2", number=1)

    assert desk.incident(2).subscribers == {}
    assert desk.told("kim") == {}


def test_of_an_incident_that_becomes_private_they_hear_no_more_and_keep_nothing() -> None:
    desk = followed()
    update(desk, "10:10", "Payments fail.")

    desk.say("10:12", "ben", "visibility private", number=1)
    update(desk, "10:20", "Card numbers were read.")
    desk.say("10:30", "ben", "resolve Locked out verified:nothing gets in any more", number=1)

    assert desk.told("kim") == {"subscribed:update-1": "INC-1 goes on in its room."}


def test_who_cannot_be_reached_reads_no_more_and_the_commander_is_left_alone() -> None:
    desk = followed()
    update(desk, "10:10", "Payments fail.")
    before = len(desk.store.data.rows)
    report = DeliveryGaveUp(
        what="subscribed:update 1", to=desk.person("kim"), reason="blocked", subscriber=desk.person("kim")
    )

    for key in ("one", "two"):
        desk.service.record(report, 1, key, at("10:11"))

    ended = [entry.event for entry in desk.store.data.logs[1] if isinstance(entry.event, Unsubscribed)]
    assert ended == [Unsubscribed(people=(desk.person("kim"),), because="blocked")]
    assert len(desk.store.data.rows) == before
