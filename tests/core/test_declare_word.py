"""`declare`, and taking back what it read as something else than the title."""

from dataclasses import replace

import pytest

from bot.cards import Press
from bot.commands import declare, retitle
from bot.commands.spec import Outcome
from bot.decide import decide
from bot.events import (
    Declared,
    PriorityChanged,
    PromiseMade,
    Resolved,
    Status,
    StatusChanged,
    TitleChanged,
    VisibilityChanged,
)
from bot.evolve import fold
from bot.incident import Incident
from bot.likeness import alike, like
from bot.policy import INTERNAL, Audience, Policy
from bot.refs import Person
from tests.core.asking import decided, fields, form_of, kinds, labels, only, refused, said
from tests.core.builders import (
    ANA,
    BEN,
    CHEN,
    HOUR,
    LENA,
    MINUTE,
    PLACE,
    POLICY,
    TEN,
    context,
    declared,
    grown,
    log,
    moment,
    staffed,
    words,
)

NOW = replace(context(ANA, TEN, in_room=False), number=42)


def declare_it(text: str, policy: Policy = POLICY) -> Outcome:
    return said(None, declare.SPEC, text, NOW, policy)


def after(outcome: Outcome, by: Person = ANA) -> Incident:
    return fold(log(*((TEN, by, event) for event in outcome.events)), number=42)


def test_a_declaration_is_open_and_promises_the_first_words() -> None:
    outcome = declare_it("critical Checkout is down")

    assert only(Declared, outcome) == Declared(
        title="Checkout is down", priority="critical", place=PLACE, taken=("critical",)
    )
    assert [(event.audience, event.due) for event in outcome.events if isinstance(event, PromiseMade)] == [
        ("internal", moment("10:30")),
        ("customers", moment("11:00")),
    ]


def test_the_answer_says_what_stands_and_that_the_room_follows() -> None:
    outcome = declare_it("critical Checkout is down")

    assert words(outcome.reply, TEN).startswith(
        "INC-42 is open. Critical. First update by 10:30 UTC. Its room follows."
    )
    assert words(outcome.when_room, TEN).startswith(
        "INC-42 is open in #inc-42-checkout-is-down. Critical. First update by 10:30 UTC."
    )


def test_the_answer_repeats_what_was_taken_with_one_press_to_put_it_back() -> None:
    one, two = declare_it("low disk on db-3"), declare_it("private low disk on db-3")

    assert "Your first word, low, is not part of the title." in words(one.reply)
    assert "Your first words, private, low, are not part of the title." in words(two.when_room)
    assert labels(one.reply) == labels(one.when_room) == ["It is part of the title"]


def test_without_a_priority_the_default_stands_unconfirmed_with_a_button_each() -> None:
    outcome = declare_it("Checkout is down")

    assert (only(Declared, outcome).priority, only(Declared, outcome).confirmed) == ("high", False)
    assert "High, not confirmed." in words(outcome.reply)
    assert labels(outcome.reply) == ["Critical", "High", "Medium", "Low"]


def test_without_a_default_the_highest_priority_stands() -> None:
    outcome = declare_it("Checkout is down", replace(POLICY, default_priority=""))

    assert only(Declared, outcome).priority == "critical"


def test_without_a_title_the_form_is_asked_with_what_was_typed() -> None:
    found = form_of(declare_it("critical"))

    assert {field.name: field.value for field in found.fields}["priority"] == "critical"
    assert found.values == {}


def test_a_sent_form_declares_as_a_line_does() -> None:
    values = {"title": " Checkout\nis down ", "priority": "low", "services": "cart, card payments", "private": "yes"}
    declared_now = only(Declared, decide(None, declare.SPEC, values, NOW, POLICY))

    assert (declared_now.title, declared_now.priority, declared_now.confirmed) == ("Checkout is down", "low", True)
    assert (declared_now.services, declared_now.private) == (("cart", "card payments"), True)


def test_what_the_policy_wants_of_a_declaration_is_asked_for_and_what_no_form_asks_keeps_nobody_out() -> None:
    strict = replace(POLICY, required={"declare": ("services", "detected", "impact")})

    form = form_of(declare_it("critical Checkout is down", strict))
    assert fields(form)["services"].required
    outcome = decided(None, declare.SPEC, NOW, strict, title="Checkout is down", services="web")
    assert only(Declared, outcome).services == ("web",)


def test_a_title_that_is_too_long_is_told_at_its_field() -> None:
    sent = replace(NOW, submitted=True)

    found = form_of(decided(None, declare.SPEC, sent, title="x" * 101))

    assert found.fields[0].finding == "Shorten the title to 100 characters."


def test_a_title_of_nothing_visible_is_no_title() -> None:
    sent = replace(NOW, submitted=True)

    found = form_of(decided(None, declare.SPEC, sent, title="\u200e\u202e "))

    assert found.fields[0].finding == "Say what is wrong in a few words."


def test_the_bridge_is_the_policys_with_the_number() -> None:
    outcome = declare_it("Checkout is down", replace(POLICY, bridge="https://meet.example.com/inc-{number}"))

    assert only(Declared, outcome).bridge == "https://meet.example.com/inc-42"


def test_when_it_was_noticed_may_be_said_at_once() -> None:
    assert only(Declared, declare_it("Checkout is down detected:10m")).detected_at == TEN - 10 * MINUTE
    assert refused(lambda: declare_it("Checkout is down detected:soon")).field == "detected"


def test_a_private_incident_promises_its_room_only_and_says_who_sees_it() -> None:
    outcome = declare_it("private critical Leak")

    assert [event.audience for event in outcome.events if isinstance(event, PromiseMade)] == [INTERNAL]
    assert "Only the people in its room see it." in words(outcome.reply)
    assert "Leak" not in words(outcome.reply)


def test_where_nobody_else_can_be_told_the_answer_says_so() -> None:
    alone = replace(POLICY, audiences={INTERNAL: Audience(name=INTERNAL)})

    assert "Nobody else was told: the policy names no address for internal." in words(
        declare_it("critical test", alone).reply
    )


def test_where_no_clock_promises_anything_no_moment_is_named() -> None:
    silent = replace(POLICY, priorities=(replace(POLICY.priorities[0], update_every={}),), default_priority="critical")

    assert "First update" not in words(declare_it("critical test", silent).reply)


# ------------------------------------------------------------------------------------------------ Like another one


def test_a_declaration_like_an_open_incident_opens_all_the_same_and_says_so() -> None:
    other = declared(number=41, title="Checkout broken")
    outcome = said(None, declare.SPEC, "critical Checkout is down", replace(NOW, others=(other,)))

    assert only(Declared, outcome).like == (41,)
    assert "It may be the same as INC-41 Checkout broken, declared at 10:00 UTC." in words(outcome.reply, TEN)
    press = [action for action in (outcome.reply.actions if outcome.reply else ()) if isinstance(action, Press)][-1]
    assert (press.label, press.command, press.values, press.incident) == (
        "Duplicate of INC-41",
        "duplicate",
        {"of": "INC-41"},
        42,
    )
    assert press.confirm is not None


def test_an_incident_without_a_moment_is_named_without_one() -> None:
    other = replace(declared(number=41), declared_at=None)
    outcome = said(None, declare.SPEC, "critical Checkout is down", replace(NOW, others=(other,)))

    assert "It may be the same as INC-41 Checkout is down." in words(outcome.reply)


EARLIER = TEN - HOUR


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("Checkout is down", "checkout down", True),
        ("Checkout is down", "Checkout errors in Europe", True),
        ("Card payments fail in Europe", "Payments failing for card holders", True),
        ("Checkout is down", "Search is down", False),
        ("Login is slow", "Checkout is slow", False),
        ("is down", "is down!", True),
        ("???", "down", False),
    ],
)
def test_titles_are_alike_by_their_telling_words(one: str, other: str, answer: bool) -> None:
    assert alike(one, other) is answer


def test_an_incident_declared_lately_may_be_the_same_whatever_its_title() -> None:
    lately, earlier = (
        declared(number=41, title="Search", at=TEN - 15 * MINUTE),
        declared(number=40, title="Mail", at=TEN - 16 * MINUTE),
    )

    assert like("Checkout is down", (lately, earlier), TEN) == (41,)


def test_like_titles_come_before_what_was_only_declared_lately() -> None:
    titled = declared(number=39, title="Checkout is down", at=EARLIER)
    lately = [declared(number=number, title=f"Thing {number}") for number in (40, 41)]

    assert like("Checkout is down", (titled, *lately), TEN) == (39, 41)


def test_what_is_private_resolved_or_a_drill_is_never_named() -> None:
    hidden = declared(number=41, private=True)
    resolved = grown(declared(number=40), TEN, BEN, Resolved(how="x", verified="y"))
    drill = grown(Incident(number=39), TEN, BEN, Declared(title="Checkout is down", priority="high", drill=True))

    assert like("Checkout is down", (hidden, resolved, drill), TEN) == ()


# ----------------------------------------------------------------------------------------------- Part of the title


def put_back(incident: Incident, by: Person = ANA, policy: Policy = POLICY) -> Outcome:
    return decided(incident, retitle.SPEC, context(by, TEN + MINUTE), policy)


def test_one_press_puts_a_priority_back_into_the_title() -> None:
    outcome = put_back(after(declare_it("low disk on db-3")))

    assert only(TitleChanged, outcome).title == "low disk on db-3"
    changed = only(PriorityChanged, outcome)
    assert (changed.priority, changed.before, changed.confirmed) == ("high", "low", False)
    assert [event.due for event in outcome.events if isinstance(event, PromiseMade) and event.audience == INTERNAL] == [
        TEN + HOUR
    ]
    assert words(outcome.reply).startswith("INC-42 is low disk on db-3. High, not confirmed.")
    assert labels(outcome.reply) == ["Critical", "High", "Medium", "Low"]


def test_the_incident_then_stands_as_if_nothing_had_been_taken() -> None:
    declared_now = after(declare_it("low disk on db-3"))

    found = grown(declared_now, TEN + MINUTE, ANA, *put_back(declared_now).events)

    assert (found.title, found.priority, found.confirmed, found.taken) == ("low disk on db-3", "high", False, ())


def test_one_press_puts_private_back_into_the_title() -> None:
    outcome = put_back(after(declare_it("private keys leaked")))

    assert only(TitleChanged, outcome).title == "private keys leaked"
    assert only(VisibilityChanged, outcome).private is False
    assert "PriorityChanged" not in kinds(outcome)
    assert {event.audience for event in outcome.events if isinstance(event, PromiseMade)} == {"customers"}


def test_private_and_priority_go_back_together() -> None:
    outcome = put_back(after(declare_it("private critical cable cut")))

    assert kinds(outcome)[0] == "TitleChanged"
    assert only(VisibilityChanged, outcome).private is False
    due = {event.audience: event.due for event in outcome.events if isinstance(event, PromiseMade)}
    assert due["customers"] == TEN + MINUTE + 2 * HOUR


def test_a_priority_somebody_chose_since_then_stands() -> None:
    incident = after(declare_it("low disk on db-3"))
    chosen = grown(incident, TEN, BEN, PriorityChanged(priority="critical", before="low"))

    outcome = put_back(chosen)

    assert kinds(outcome) == ["TitleChanged"]
    assert words(outcome.reply) == "INC-42 is low disk on db-3. Critical."


def test_what_was_made_public_since_then_stays_so() -> None:
    shown = grown(after(declare_it("private keys leaked")), TEN, ANA, VisibilityChanged(private=False))

    assert kinds(put_back(shown)) == ["TitleChanged"]


def test_once_somebody_commands_only_they_show_a_private_incident_to_everybody() -> None:
    incident = staffed(after(declare_it("private keys leaked")))

    assert kinds(put_back(incident, BEN))[:2] == ["TitleChanged", "VisibilityChanged"]
    assert refused(lambda: put_back(incident, ANA)).sentence == (
        "Changing who sees INC-42 is for the incident commander: ask @Ben."
    )


def test_a_second_press_changes_nothing() -> None:
    incident = after(declare_it("low disk on db-3"))
    again = grown(incident, TEN, ANA, *put_back(incident).events)

    assert words(put_back(again).reply) == "INC-42 has its title already; nothing changed."


def test_only_who_declared_or_commands_may_put_words_back() -> None:
    incident = staffed(after(declare_it("low disk on db-3")))

    assert kinds(put_back(incident, BEN))[0] == "TitleChanged"
    assert refused(lambda: put_back(incident, CHEN)).sentence == (
        "What belongs to the title of INC-42 is for who declared it: ask @Ana."
    )


def test_where_nobody_declared_it_the_title_is_changed_by_its_word() -> None:
    incident = staffed(fold(log(*((TEN, None, event) for event in declare_it("low disk").events)), number=42))

    assert refused(lambda: put_back(incident, LENA)).sentence.endswith(": `title TEXT` changes it.")


def test_a_title_that_would_be_too_long_is_written_anew() -> None:
    incident = after(declare_it(f"critical {'x' * 99}"))

    assert refused(lambda: put_back(incident)).sentence == (
        "With those words the title is longer than 100 characters: write it by `title TEXT`."
    )


def test_an_incident_that_moved_on_can_be_retitled_by_a_press_too() -> None:
    incident = after(declare_it("low disk on db-3"))
    moved = grown(incident, TEN, BEN, StatusChanged(status=Status.IDENTIFIED, before=Status.INVESTIGATING))

    assert kinds(put_back(moved))[0] == "TitleChanged"
