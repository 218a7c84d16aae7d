"""`subscribe` and `unsubscribe`: who reads what, said and answered."""

from dataclasses import replace

import pytest

from bot.cards import Press
from bot.commands import subscribe, unsubscribe
from bot.commands.spec import Context, Outcome
from bot.events import Closed, Declared, ServicesSet, Subscribed, Unsubscribed
from bot.incident import Incident
from bot.standing import Standing, Wanted
from tests.core.asking import decided, fields, form_of, labels, refused, said
from tests.core.builders import ANA, BEN, LENA, TEN, context, declared, grown, staffed, words

OPEN = declared()
SERVED = grown(declared(number=43, title="Slow search"), TEN, ANA, ServicesSet(services=("Search",)))
PRIVATE = declared(private=True, number=57)
NOWHERE = Incident(number=99)
SEARCH = Standing(kind="service", name="search")
HIGH = Standing(kind="priority", name="high")


def elsewhere(*others: Incident, standing: tuple[Standing, ...] = (), submitted: bool = False) -> Context:
    """Lena speaks in no incident's room."""
    found = context(LENA, in_room=False, others=others or (OPEN, SERVED), submitted=submitted)
    return replace(found, standing=standing)


def reads(incident: Incident, because: str = "") -> Incident:
    return grown(incident, TEN, LENA, Subscribed(people=(LENA,), because=because))


def asked(text: str, given: Context, incident: Incident | None = None) -> Outcome:
    return said(incident, subscribe.SPEC, text, given)


def ended(text: str, given: Context, incident: Incident | None = None) -> Outcome:
    return said(incident, unsubscribe.SPEC, text, given)


def test_an_incident_is_subscribed_to_by_its_log() -> None:
    outcome = asked("", elsewhere(), OPEN)

    assert outcome.events == (Subscribed(people=(LENA,)),)
    assert words(outcome.reply) == "Updates of INC-42 come to you in private from now on."


def test_a_second_press_says_that_it_is_so_already() -> None:
    outcome = asked("", elsewhere(), reads(OPEN))

    assert outcome.events == ()
    assert words(outcome.reply) == "You are subscribed to INC-42; nothing changed."


def test_who_holds_a_role_reads_the_room_meanwhile() -> None:
    outcome = said(staffed(OPEN), subscribe.SPEC, "", context(BEN))

    assert words(outcome.reply).endswith("While you hold a role in it, its room tells you instead.")


def test_a_private_incident_is_told_in_its_room_alone() -> None:
    refusal = refused(lambda: asked("", context(ANA), PRIVATE))

    assert refusal.sentence == "INC-57 is private: its updates are in its room alone."


def test_one_that_has_ended_has_no_more_updates() -> None:
    refusal = refused(lambda: asked("", elsewhere(), grown(OPEN, TEN, BEN, Closed())))

    assert refusal.sentence == "INC-42 is closed since 11:00 (10:00 UTC): it has no more updates."


def test_where_nothing_tells_what_is_meant_a_form_asks() -> None:
    form = form_of(asked("", elsewhere()))

    assert [(name, each.required) for name, each in fields(form).items()] == [
        ("which", False),
        ("service", False),
        ("priority", False),
    ]
    assert [option.value for option in fields(form)["which"].options] == ["INC-42", "INC-43"]


def test_a_form_sent_empty_says_so_at_its_first_field() -> None:
    form = form_of(decided(None, subscribe.SPEC, elsewhere(submitted=True)))

    assert fields(form)["which"].finding == "Choose an incident, a service or a priority."


def test_the_forms_incident_is_the_one_that_is_written_to() -> None:
    outcome = decided(None, subscribe.SPEC, elsewhere(submitted=True), which="INC-43")

    assert outcome.events == ()
    assert outcome.related == {43: (Subscribed(people=(LENA,)),)}


@pytest.mark.parametrize("number", ["57", "58"])
def test_one_that_is_hidden_is_as_good_as_missing(number: str) -> None:
    given = elsewhere(OPEN, PRIVATE, submitted=True)

    refusal = refused(lambda: decided(None, subscribe.SPEC, given, which=f"INC-{number}"))

    assert refusal.sentence == f"There is no INC-{number} that you can see: look at `list`."


def test_a_service_stands_for_later_incidents_and_for_those_open_now() -> None:
    outcome = asked("service:search", elsewhere())

    assert outcome.wanted == Wanted(begun=(SEARCH,))
    assert outcome.related == {43: (Subscribed(people=(LENA,), because="service:search"),)}
    assert words(outcome.reply) == (
        "Updates of incidents that affect search come to you in private from now on. Open now: INC-43."
    )


def test_a_priority_stands_for_the_higher_ones_too() -> None:
    low = declared("low", number=44)

    outcome = asked("priority:p2", elsewhere(OPEN, low))

    assert outcome.wanted == Wanted(begun=(HIGH,))
    assert list(outcome.related) == [42]
    assert "incidents of priority high or higher" in words(outcome.reply)


def test_said_in_a_matching_room_its_own_log_says_it() -> None:
    outcome = said(SERVED, subscribe.SPEC, "service:search", elsewhere())

    assert outcome.events == (Subscribed(people=(LENA,), because="service:search"),)
    assert outcome.related == {}


def test_a_standing_subscription_is_had_once_whatever_its_case() -> None:
    outcome = asked("service:SEARCH", elsewhere(standing=(SEARCH,)))

    assert outcome.wanted is None
    assert words(outcome.reply) == "You are subscribed to incidents that affect SEARCH; nothing changed."


def test_an_incident_and_a_service_may_be_asked_for_at_once() -> None:
    outcome = decided(None, subscribe.SPEC, elsewhere(submitted=True), which="42", service="search")

    assert set(outcome.related) == {42, 43}
    assert "INC-42 and incidents that affect search" in words(outcome.reply)


def test_what_one_reads_already_drills_and_private_ones_are_left_out() -> None:
    drill = Declared(title="Search", priority="critical", drill=True, services=("search",))
    drilled = grown(Incident(number=44), TEN, ANA, drill)
    hidden = grown(declared(private=True, by=LENA, number=45), TEN, ANA, ServicesSet(services=("search",)))

    outcome = asked("service:search", elsewhere(reads(SERVED), drilled, hidden))

    assert outcome.related == {}
    assert "Open now" not in words(outcome.reply)


def test_a_drill_is_subscribed_to_by_its_name() -> None:
    drilled = grown(Incident(number=44), TEN, ANA, Declared(title="Search", priority="critical", drill=True))

    assert asked("", elsewhere(), drilled).events == (Subscribed(people=(LENA,)),)


def test_a_subscription_ends_in_the_log_too() -> None:
    outcome = ended("", elsewhere(), reads(OPEN))

    assert outcome.events == (Unsubscribed(people=(LENA,)),)
    assert words(outcome.reply) == "Updates of INC-42 come to you in private no more."


def test_one_that_was_none_changes_nothing() -> None:
    assert words(ended("", elsewhere(), OPEN).reply) == "You are not subscribed to INC-42; nothing changed."
    assert words(ended("service:search", elsewhere()).reply) == (
        "You are not subscribed to incidents that affect search; nothing changed."
    )


def test_a_standing_one_ends_with_what_it_brought() -> None:
    brought, chosen = reads(SERVED, "service:search"), reads(OPEN)

    outcome = ended("service:Search", elsewhere(brought, chosen, standing=(SEARCH, HIGH)))

    assert outcome.wanted == Wanted(ended=(SEARCH,))
    assert outcome.related == {}, "its priority still brings it"
    outcome = ended("service:Search", elsewhere(brought, chosen, standing=(SEARCH,)))
    assert outcome.related == {43: (Unsubscribed(people=(LENA,)),)}
    outcome = ended("service:Search", elsewhere(brought, standing=(SEARCH,)), brought)
    assert (outcome.events, outcome.related) == ((Unsubscribed(people=(LENA,)),), {})


def test_a_priority_ends_by_its_alias_and_by_a_name_that_is_gone() -> None:
    old = Standing(kind="priority", name="urgent")

    assert ended("priority:sev2", elsewhere(standing=(HIGH,))).wanted == Wanted(ended=(HIGH,))
    assert ended("priority:Urgent", elsewhere(standing=(old,))).wanted == Wanted(ended=(old,))


def test_without_a_name_one_sees_what_one_has_with_a_button_for_each() -> None:
    card = ended("", elsewhere(reads(OPEN), SERVED, standing=(SEARCH, HIGH))).reply

    assert words(card).startswith("Which subscription ends?")
    assert "INC-42 Checkout is down: unsubscribe INC-42" in words(card)
    assert "All incidents that affect search: unsubscribe service:search" in words(card)
    assert labels(card) == ["End INC-42", "End search", "End high"]
    assert card is not None
    presses = [action for action in card.actions if isinstance(action, Press)]
    assert [(press.incident, dict(press.values)) for press in presses] == [
        (42, {}),
        (None, {"service": "search"}),
        (None, {"priority": "high"}),
    ]


def test_four_have_buttons_and_a_long_name_is_cut() -> None:
    many = tuple(Standing(kind="service", name=f"service number {number} of many") for number in range(5))

    card = ended("", elsewhere(standing=many)).reply

    assert len(labels(card)) == 4
    assert all(len(label) <= 20 for label in labels(card))


def test_who_has_none_reads_how_to_begin_one() -> None:
    assert words(ended("", elsewhere()).reply) == "You have no subscription. subscribe begins one."
