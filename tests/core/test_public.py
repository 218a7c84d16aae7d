"""What the public may read of an incident: what customers were told, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.events import (
    Cancelled,
    Closed,
    Declared,
    DetectedSet,
    Event,
    NoteAdded,
    PriorityChanged,
    PromiseMade,
    Reopened,
    Resolved,
    ServicesSet,
    Status,
    StatusChanged,
    UpdatePublished,
    VisibilityChanged,
)
from bot.evolve import fold
from bot.incident import Incident
from bot.policy import CUSTOMERS, INTERNAL, Priority
from bot.promises import by_resolve, by_waiver
from bot.public import Impact, PublicIncident, impact_of, opaque, public_incident
from bot.status_policy import Service, StatusPage
from tests.core.builders import ANA, CRITICAL, HANA, LOW, MEDIUM, NUMBER, POLICY, TEN, log, moment

KEY = b"a secret of the installation"
PAGE = StatusPage(
    services=(Service(name="Checkout", also=("checkout-api",)), Service(name="Sign-in"), Service(name="Search"))
)
RULES = replace(POLICY, status=PAGE)
TITLE = "Redis cluster eu-1 is out of memory"
DECLARED = Declared(title=TITLE, priority="critical")


def update(number: int = 1, **more: object) -> UpdatePublished:
    said: dict[str, object] = {
        "number": number,
        "audiences": (INTERNAL, CUSTOMERS),
        "what": "Payments by card fail in Europe",
        "who": "shoppers in Europe",
        "expect": "Pay by invoice meanwhile",
        "next": {INTERNAL: moment("10:30"), CUSTOMERS: moment("10:45")},
    }
    return UpdatePublished(**{**said, **more})  # type: ignore[arg-type]


def read(*events: Event | tuple[str, Event], policy: object = RULES, key: bytes = KEY) -> PublicIncident | None:
    """What is read of an incident with these events, a minute apart, or at the moments named."""
    said = []
    for index, each in enumerate(events):
        at, event = (moment(each[0]), each[1]) if isinstance(each, tuple) else (TEN + timedelta(minutes=index), each)
        said.append((at, ANA, event))
    entries = log(*said)
    return public_incident(fold(entries, number=NUMBER), entries, policy, key)  # type: ignore[arg-type]


def shown(*events: Event | tuple[str, Event]) -> PublicIncident:
    found = read(*events)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "events",
    [
        (DECLARED,),
        (DECLARED, update(audiences=(INTERNAL,))),
        (replace(DECLARED, private=True), update()),
        (replace(DECLARED, drill=True), update()),
        (DECLARED, update(), VisibilityChanged(private=True)),
    ],
    ids=["nothing said", "customers never told", "private", "drill", "private later"],
)
def test_what_was_never_said_to_customers_or_is_hidden_does_not_exist(events: tuple[Event, ...]) -> None:
    assert read(*events) is None


def test_what_was_said_while_it_was_private_stays_unsaid() -> None:
    private = replace(DECLARED, private=True)

    assert read(private, update(), VisibilityChanged(private=False)) is None
    found = shown(private, update(), VisibilityChanged(private=False), update(2, words="Payments fail."))
    assert [each.words for each in found.updates] == ["Payments fail."]


def test_an_update_reads_as_customers_had_it() -> None:
    found = shown(DECLARED, update(), update(2, words="Cards fail. Invoices work."), update(3, audiences=(INTERNAL,)))

    assert [each.words for each in found.updates] == [
        "Payments by card fail in Europe. Affected: shoppers in Europe. Pay by invoice meanwhile.",
        "Cards fail. Invoices work.",
    ]
    assert [each.at for each in found.updates] == [moment("10:01"), moment("10:02")]
    assert [each.next_at for each in found.updates] == [moment("10:45"), moment("10:45")]
    assert (found.told_at, found.updated_at) == (moment("10:01"), moment("10:02"))


def test_nothing_of_the_inside_is_in_it() -> None:
    found = shown(
        DECLARED,
        NoteAdded(text="secret note"),
        ServicesSet(services=("redis-eu-1", "checkout-api")),
        update(steps="secret steps"),
    )

    everything = repr(found)
    assert not any(word in everything for word in ("secret", "edis", "INC-", "checkout-api", "P-1"))
    assert found.services == ("Checkout",)


def test_the_headline_is_the_newest_given() -> None:
    found = shown(DECLARED, update(headline="Payments"), update(2, headline="Card payments"), update(3))

    assert found.headline == "Card payments"


def test_without_one_the_services_are_the_headline_else_the_first_words() -> None:
    services = ServicesSet(services=("search", "checkout-api", "unlisted"))
    long = "Since this morning the payments of many of our customers in several countries of Europe are declined."

    assert shown(DECLARED, services, update()).headline == "Checkout, Search"
    cut = shown(DECLARED, update(words=long), update(2, words="Others.")).headline
    assert cut == "Since this morning the payments of many of our customers in several countries…"
    assert len(cut) <= 80


def test_it_began_when_it_was_detected_else_when_it_was_declared() -> None:
    assert shown(DECLARED, update()).started_at == TEN
    assert shown(DECLARED, DetectedSet(detected_at=moment("09:30")), update()).started_at == moment("09:30")


def test_the_status_is_that_of_the_last_update_and_moves_with_no_other_event() -> None:
    identified = StatusChanged(status=Status.IDENTIFIED, before=Status.INVESTIGATING)
    monitoring = update(2, status=Status.MONITORING)

    assert shown(DECLARED, update(), identified).status is Status.INVESTIGATING
    assert shown(DECLARED, identified, update()).status is Status.IDENTIFIED
    found = shown(DECLARED, update(), monitoring)
    assert (found.status, found.monitoring_at) == (Status.MONITORING, moment("10:02"))


def resolved() -> tuple[Event, ...]:
    before = fold(log((TEN, ANA, DECLARED), (TEN, ANA, update())), number=NUMBER)
    made = PromiseMade(audience=CUSTOMERS, due=moment("10:45"), cause="update")
    before = fold(log((TEN, ANA, made), after=before), before)
    return (
        DECLARED,
        update(),
        made,
        Resolved(how="Restarted.", verified="Watched."),
        *by_resolve(before, frozenset(), moment("10:20"), RULES),
    )


def test_resolved_is_said_only_once_customers_were_told() -> None:
    found = shown(*resolved())
    told = shown(*resolved(), update(2, final=True, words="Payments work again.", none_because="watched for an hour"))

    assert (found.status, found.is_open, found.resolved_at) == (Status.INVESTIGATING, True, None)
    assert found.next_at == moment("10:20") + RULES.reminders.final_word_within
    assert (told.status, told.is_open, told.next_at) == (Status.RESOLVED, False, None)
    assert told.resolved_at == told.updates[-1].at == told.updated_at
    assert told.updates[-1].none_because == "watched for an hour"


def test_an_update_after_the_resolution_that_does_not_tell_of_it_speaks_of_watching() -> None:
    assert shown(*resolved(), update(2)).status is Status.MONITORING


def test_it_is_over_without_a_word_where_customers_need_none() -> None:
    events = resolved()
    before = fold(log(*((TEN, ANA, event) for event in events)), number=NUMBER)
    waived = by_waiver(before, CUSTOMERS, "nobody noticed", moment("10:21"))

    found = shown(*events, *waived)

    assert (found.status, found.next_at) == (Status.RESOLVED, None)
    assert found.resolved_at == moment("10:03")


def test_it_is_over_when_it_ended_otherwise() -> None:
    found = shown(DECLARED, update(), Cancelled(reason="a probe"))

    assert (found.status, found.is_open) == (Status.RESOLVED, False)
    assert found.resolved_at == found.updated_at == moment("10:02")
    assert shown(*resolved(), Closed()).resolved_at == moment("10:03")


def test_reopened_it_is_as_customers_were_told_until_they_are_told_more() -> None:
    events = (DECLARED, update(), Resolved(how="a", verified="b"), update(2, final=True), Reopened(reason="again"))

    assert not shown(*events).is_open
    assert shown(*events, update(3)).is_open


def test_the_promise_is_the_one_that_stands() -> None:
    made = PromiseMade(audience=CUSTOMERS, due=moment("10:45"), cause="update")
    moved = PromiseMade(audience=CUSTOMERS, due=moment("11:30"), cause="moved")
    none = PromiseMade(audience=CUSTOMERS, due=None, cause="update", reason="nothing will change")

    assert shown(DECLARED, update()).next_at == moment("10:45")
    assert shown(DECLARED, update(), made, moved).next_at == moment("11:30")
    assert shown(DECLARED, update(), made, none).next_at is None


def test_it_is_overdue_once_the_moment_has_passed() -> None:
    found = shown(DECLARED, update())

    assert not found.overdue(moment("10:45"))
    assert found.overdue(moment("10:46"))
    assert not replace(found, next_at=None).overdue(moment("10:46"))


def test_that_none_is_expected_is_said_as_customers_read_it() -> None:
    without = update(next={CUSTOMERS: None}, none_because="it returns tomorrow.")
    silent = update(next={})

    assert shown(DECLARED, without).updates[0].none_because == "it returns tomorrow"
    assert shown(DECLARED, replace(without, none_because="")).updates[0].none_because == "nothing more will change"
    assert (shown(DECLARED, silent).updates[0].none_because, shown(DECLARED, silent).next_at) == ("", None)


def test_how_bad_it_is_follows_the_priority_of_the_last_update() -> None:
    lower = PriorityChanged(priority="high", before="critical")

    assert shown(DECLARED, update(), lower).impact is Impact.CRITICAL
    assert shown(DECLARED, update(), lower, update(2)).impact is Impact.MAJOR


def test_the_first_priority_below_the_major_ones_is_major_and_the_others_are_minor() -> None:
    found = {row.name: impact_of(row.name, POLICY) for row in POLICY.priorities}
    calm = replace(POLICY, priorities=(Priority(name="p1"), Priority(name="p2")))

    assert found == {
        "critical": Impact.CRITICAL,
        "high": Impact.MAJOR,
        MEDIUM.name: Impact.MINOR,
        LOW.name: Impact.MINOR,
    }
    assert (impact_of("p1", calm), impact_of("p2", calm)) == (Impact.MAJOR, Impact.MINOR)
    assert CRITICAL.major


def test_ids_are_the_same_for_ever_and_tell_nothing() -> None:
    one, again = shown(DECLARED, update()), shown(DECLARED, update(), update(2))
    other = read(DECLARED, update(), key=b"another")

    assert one.id == again.id
    assert one.updates[0].id == again.updates[0].id != again.updates[1].id
    assert other is not None
    assert other.id != one.id
    assert opaque(KEY, 1) != opaque(KEY, 2) != opaque(KEY, "2", 1)
    assert len(one.id) == 12
    assert len(opaque(KEY, 1, digits=32)) == 32


def test_an_incident_whose_log_was_cut_still_has_a_beginning() -> None:
    entries = log((TEN, HANA, update()))

    found = public_incident(replace(fold(entries, number=NUMBER), declared_at=None), entries, RULES, KEY)

    assert found is not None
    assert found.started_at == TEN
    assert Incident(number=1).declared_at is None
