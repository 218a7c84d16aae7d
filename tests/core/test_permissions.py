"""Who sees an incident, and who may use a word (CONTRACT.md 7, "Who may")."""

from dataclasses import replace

import pytest

from bot.cards import Names
from bot.commands import resolve
from bot.events import Declared, RoleReleased
from bot.incident import Incident
from bot.people import Profile
from bot.permissions import may, require, rule_of, unseen, visible
from bot.policy import COMMANDER, COMMS
from bot.refs import Identity, Person
from tests.core.asking import refused, toy
from tests.core.builders import (
    ANA,
    BEN,
    CHEN,
    HANA,
    LENA,
    POLICY,
    TEN,
    context,
    declared,
    grown,
    staffed,
)

OPEN = declared()
"""Ana declared it; nobody holds a role."""
STAFFED = staffed(OPEN)
"""Ben commands, Hana writes, Dee is scribe."""


def allowed(who: tuple[str, ...], actor: Person | None, incident: Incident | None = STAFFED, **how: bool) -> bool:
    return may(incident, who, context(actor, in_room=how.get("in_room", False)), POLICY)


@pytest.mark.parametrize(
    ("who", "actor", "incident", "answer"),
    [
        ("anyone", LENA, STAFFED, True),
        ("anyone", LENA, None, True),
        ("responders", ANA, STAFFED, True),
        ("responders", HANA, STAFFED, True),
        ("responders", LENA, STAFFED, False),
        ("responders", ANA, None, False),
        ("commander", BEN, STAFFED, True),
        ("commander", ANA, STAFFED, False),
        ("commander", ANA, OPEN, True),
        ("commander", BEN, OPEN, False),
        ("communications_officer", HANA, STAFFED, True),
        ("comms", HANA, STAFFED, True),
        ("comms", BEN, STAFFED, False),
        ("nobody_knows", BEN, STAFFED, False),
    ],
)
def test_each_word_of_a_rule_names_its_people(who: str, actor: Person, incident: Incident | None, answer: bool) -> None:
    assert allowed((who,), actor, incident) is answer


def test_whoever_speaks_in_the_room_is_a_responder() -> None:
    assert allowed(("responders",), LENA, in_room=True)


def test_sitrep_itself_may() -> None:
    assert allowed((), None)


def test_nobody_else_may_what_is_for_nobody() -> None:
    assert not allowed((), BEN, in_room=True)


@pytest.mark.parametrize("entry", ["chat:T1/U9", "chat:U9", "mailto:lena@example.com"])
def test_a_policy_may_name_a_person_by_an_address(entry: str) -> None:
    known = Names(identities={LENA: (Identity("chat:T1/U9"),)})
    people = {LENA: Profile(name="Lena", email="lena@example.com")}
    asked = replace(context(LENA, in_room=False), names=known, people=people)

    assert may(STAFFED, (entry,), asked, POLICY)
    assert may(None, (entry,), asked, POLICY)
    assert not may(STAFFED, ("chat:U8", "chat:T2/U9", "mailto:ben@example.com"), asked, POLICY)


def test_a_policy_may_name_a_group_and_who_is_not_known_to_be_in_it_is_nobody() -> None:
    asked = context(LENA, in_room=False)
    member = replace(asked, groups=frozenset({"chat:@sre-oncall"}))

    assert may(STAFFED, ("chat:@sre-oncall",), member, POLICY)
    assert may(None, ("chat:@sre-oncall",), member, POLICY)
    assert not may(STAFFED, ("chat:@legal",), member, POLICY)
    assert not may(STAFFED, ("chat:@sre-oncall",), asked, POLICY)


def test_a_policy_lists_the_people_and_groups_it_calls_and_names() -> None:
    critical, *others = POLICY.priorities
    own = replace(
        POLICY,
        priorities=(replace(critical, call=("chat:@oncall", "chat:U1")), *others),
        permissions={"close": ("commander", "chat:@oncall"), "resolve": ("mailto:ben@example.com",)},
    )

    assert own.people() == ("chat:@oncall", "chat:U1", "mailto:ben@example.com")


def test_a_policy_replaces_the_built_in_rule_of_a_word() -> None:
    own = replace(POLICY, permissions={"toy": ("scribe",)})
    spec = toy(who_for=lambda values: ("commander",) if values else ())

    assert rule_of(spec, {}, POLICY) == ("anyone",)
    assert rule_of(spec, {"to": "customers"}, POLICY) == ("commander",)
    assert rule_of(spec, {"to": "customers"}, own) == ("scribe",)
    assert rule_of(toy(), {}, POLICY) == ("anyone",)


def sentence(
    who: tuple[str, ...], actor: Person = CHEN, incident: Incident | None = STAFFED, doing: str = "Resolving {ref}"
) -> str:
    asked = context(actor, in_room=False)
    return refused(lambda: require(incident, who, asked, POLICY, doing=doing, word="resolve")).sentence


def test_who_may_not_reads_who_may_and_whom_to_ask() -> None:
    spec = resolve.SPEC

    assert sentence(spec.who, doing=spec.doing) == (
        "Resolving INC-42 is for the incident commander or communications officer: ask @Ben or @Hana."
    )


def test_while_there_is_no_commander_the_declarer_is_asked() -> None:
    assert sentence(("commander",), incident=OPEN) == "Resolving INC-42 is for the incident commander: ask @Ana."


def test_a_word_for_responders_says_how_to_become_one() -> None:
    assert sentence(("responders",), LENA) == (
        "Resolving INC-42 is for those who work on it: take a role with `claim`, or write in its room."
    )


def test_a_role_that_nobody_holds_cannot_be_asked_by_name() -> None:
    assert sentence((COMMS,), incident=OPEN) == "Resolving INC-42 is for the communications officer: ask them."


def test_people_named_by_the_policy_are_not_listed() -> None:
    assert sentence(("chat:U1",)) == "Resolving INC-42 is for people whom the policy names: ask them."
    assert sentence(("commander", "chat:@sre")) == (
        "Resolving INC-42 is for the incident commander or people whom the policy names: ask @Ben."
    )


def test_a_word_without_a_sentence_of_its_own_stands_itself() -> None:
    assert sentence(("commander",), doing="").startswith("`resolve` in INC-42 is for")
    assert sentence(("chat:U1",), incident=None, doing="").startswith("`resolve` is for")


def test_an_incident_nobody_declared_has_nobody_to_ask() -> None:
    alerted = grown(Incident(number=42), TEN, None, Declared(title="Disk full", priority="low"))

    assert sentence(("commander",), incident=alerted).endswith(": ask them.")


def test_a_public_incident_is_seen_by_everybody() -> None:
    assert visible(STAFFED, context(LENA, in_room=False))


@pytest.mark.parametrize(
    ("actor", "in_room", "answer"), [(ANA, False, True), (BEN, False, True), (LENA, False, False), (LENA, True, True)]
)
def test_a_private_incident_is_seen_by_its_people_and_in_its_room(actor: Person, in_room: bool, answer: bool) -> None:
    hidden = staffed(declared(private=True))

    assert visible(hidden, context(actor, in_room=in_room)) is answer


def test_sitrep_itself_sees_a_private_incident() -> None:
    assert visible(declared(private=True), context(None, in_room=False))


def test_hidden_and_missing_are_said_in_the_same_words() -> None:
    assert unseen(57).sentence == "There is no INC-57 that you can see: look at `list`."


def test_a_commander_who_left_the_incident_no_longer_commands() -> None:
    left = grown(STAFFED, TEN, BEN, RoleReleased(role=COMMANDER, person=BEN))

    assert not allowed(("commander",), BEN, left)
    assert allowed(("commander",), ANA, left)
