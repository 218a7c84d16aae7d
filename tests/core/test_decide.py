"""From a word to an outcome: admission, what lacks, what is wrong, and which incident is meant."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import line
from bot.catalog import COMMANDS, find
from bot.commands import note, priority, status, update
from bot.commands.fields import fields_of
from bot.commands.spec import Context, Decide, History, Outcome, Spec
from bot.decide import decide, target
from bot.events import Cancelled, Closed, PromiseMade, Resolved
from bot.forms import CHOSEN
from bot.incident import Incident
from bot.policy import CUSTOMERS, Policy
from bot.questions import Form
from bot.refs import Person
from bot.refusals import NotAllowed, NotFound, Refused, Unreadable
from tests.core.asking import decided, fields, form_of, kinds, refused, said, toy
from tests.core.builders import ANA, BEN, CHEN, LENA, MINUTE, POLICY, TEN, context, declared, grown, staffed, words

OPEN = declared()
STAFFED = staffed(OPEN)
PRIVATE = declared(private=True)
OVER = grown(STAFFED, TEN, BEN, Resolved(how="Rolled back.", verified="Watched."))
CLOSED = grown(OVER, TEN, BEN, Closed())


# ------------------------------------------------------------------------------------------------------ Admission


def test_a_word_about_an_incident_needs_one() -> None:
    refusal = refused(lambda: said(None, status.SPEC, "", context()))

    assert refusal.sentence == (
        "This is not an incident's room: add the reference, as in `status INC-42`, or see `list`."
    )
    assert isinstance(refusal, NotFound)


@pytest.mark.parametrize("word", ["status", "note", "resolve", "why", "claim"])
def test_a_private_incident_is_as_good_as_missing_for_every_word(word: str) -> None:
    spec = find(word)
    assert spec is not None
    outside = context(LENA, in_room=False)

    assert refused(lambda: decided(PRIVATE, spec, outside)).sentence == (
        "There is no INC-42 that you can see: look at `list`."
    )


def test_guests_are_refused_unless_the_policy_takes_them() -> None:
    guest = replace(context(LENA), guest=True)

    refusal = refused(lambda: said(OPEN, note.SPEC, "hello", guest))
    taken = said(OPEN, note.SPEC, "hello", guest, replace(POLICY, guests=True))

    assert refusal.sentence == "Sitrep answers members of Larkfield only: ask one of them."
    assert isinstance(refusal, NotAllowed)
    assert kinds(taken) == ["NoteAdded"]


def test_a_guest_learns_nothing_of_a_private_incident() -> None:
    guest = replace(context(LENA, in_room=False), guest=True)

    assert isinstance(refused(lambda: said(PRIVATE, note.SPEC, "hello", guest)), NotFound)


def test_who_may_not_use_the_word_is_told_whom_to_ask_and_gets_no_form() -> None:
    refusal = refused(lambda: said(STAFFED, priority.SPEC, "", context(CHEN)))

    assert refusal.sentence == (
        "Setting the priority of INC-42 is for the incident commander or communications officer: ask @Ben or @Hana."
    )


def test_the_policy_says_who_may() -> None:
    own = replace(POLICY, permissions={"priority": ("responders",)})

    assert kinds(said(STAFFED, priority.SPEC, "high", context(CHEN), own)) == ["PriorityChanged"]


def test_what_is_for_fewer_people_with_some_values_is_refused_to_the_rest() -> None:
    spec = toy(who_for=lambda values: ("commander",) if "to" in values else ())

    assert decided(STAFFED, spec, context(CHEN), text="x").reply
    assert isinstance(refused(lambda: decided(STAFFED, spec, context(CHEN), text="x", to="customers")), NotAllowed)
    assert decided(STAFFED, spec, context(BEN), text="x", to="customers").reply


# ------------------------------------------------------------------------------------------------------ The values


def test_what_lacks_is_asked_for_in_a_form_and_nothing_happens() -> None:
    found = form_of(said(STAFFED, priority.SPEC, "", context(BEN)))

    assert (found.title, [field.finding for field in found.fields]) == ("Set priority: INC-42", ["", ""])


@pytest.mark.parametrize("word", ["cancel", "duplicate", "priority", "handover", "resolve"])
def test_no_form_asks_for_what_an_incident_that_is_resolved_takes_no_more(word: str) -> None:
    spec = find(word)
    assert spec is not None

    assert "if the trouble is back, `reopen REASON`" in refused(lambda: said(OVER, spec, "", context(BEN))).sentence


@pytest.mark.parametrize("word", ["update", "waive", "next", "snooze", "claim", "release", "role", "link"])
def test_no_form_asks_for_what_an_incident_that_is_closed_takes_no_more(word: str) -> None:
    spec = find(word)
    assert spec is not None

    assert "`reopen REASON` opens it again" in refused(lambda: said(CLOSED, spec, "", context(BEN))).sentence
    assert said(STAFFED, spec, "", context(BEN)).form is not None


def test_the_form_of_an_update_opens_while_somebody_is_owed_the_word_of_the_end() -> None:
    owed = grown(OVER, TEN, BEN, PromiseMade(audience=CUSTOMERS, due=TEN + 15 * MINUTE, cause="final"))

    assert said(owed, update.SPEC, "", context(BEN)).form is not None


def test_a_typed_value_that_cannot_be_read_is_refused() -> None:
    refusal = refused(lambda: said(STAFFED, priority.SPEC, "hgih", context(BEN)))

    assert refusal.sentence == "`priority` needs a level: critical, high, medium or low."
    assert isinstance(refusal, Unreadable)


def test_a_form_that_was_sent_comes_back_with_what_is_wrong_at_each_field() -> None:
    found = form_of(decided(OPEN, toy(), context(submitted=True), level="huge", when="late"))

    assert {name: field.finding for name, field in fields(found).items() if field.finding} == {
        "text": "Say it.",
        "level": "`toy` needs a level: high, medium or low.",
        "when": "`late` is not a time Sitrep can read: write 30m, 2h or 16:45.",
    }


def test_what_is_wrong_outside_the_form_is_refused() -> None:
    spec = toy(shown=lambda name, _incident, _policy: name != "level")

    assert refused(lambda: decided(OPEN, spec, context(submitted=True), text="x", level="huge")).field == "level"


def objects(field: str) -> Decide:
    def decide_no(_incident: Incident, _command: object, _context: Context, _policy: Policy) -> Outcome:
        raise Refused("Not like this: do otherwise.", field=field)

    return decide_no


def test_what_a_word_itself_objects_to_stands_at_the_field_of_a_form_that_was_sent() -> None:
    spec = toy(decide=objects("short"))

    found = form_of(decided(OPEN, spec, context(submitted=True), text="x", short="y"))

    assert fields(found)["short"].finding == "Not like this: do otherwise."
    assert fields(found)["text"].value == "x"


@pytest.mark.parametrize(("field", "submitted"), [("short", False), ("", True), ("plain", True)])
def test_what_a_word_itself_objects_to_is_a_refusal_otherwise(field: str, submitted: bool) -> None:
    spec = toy(decide=objects(field))

    assert refused(lambda: decided(OPEN, spec, context(submitted=submitted), text="x")).sentence == (
        "Not like this: do otherwise."
    )


def test_what_people_outside_will_read_is_seen_in_a_form_first() -> None:
    spec = toy(previewed=lambda values, _incident, _policy: "to" in values)

    assert decided(OPEN, spec, context(), text="x").reply
    assert fields(form_of(decided(OPEN, spec, context(), text="x", to="customers")))["to"].value == "customers"
    assert decided(OPEN, spec, context(submitted=True), text="x", to="customers").reply


def tells_whether_seen(_incident: Incident, _command: object, seen: Context, _policy: Policy) -> Outcome:
    return Outcome(reply=line(f"seen: {seen.submitted}"))


def test_having_chosen_an_incident_is_not_yet_having_seen_the_form() -> None:
    spec, sent = toy(decide=tells_whether_seen), context(submitted=True)

    asked = form_of(decide(OPEN, spec, {CHOSEN: "INC-42"}, sent, POLICY, submitted=True))
    done = decide(OPEN, spec, {CHOSEN: "INC-42", "text": "x"}, sent, POLICY, submitted=True)

    assert fields(asked)["text"].finding == ""
    assert words(done.reply) == "seen: False."
    assert words(decided(OPEN, spec, sent, text="x").reply) == "seen: True."


def test_a_word_without_an_incident_decides_on_an_empty_one() -> None:
    spec = toy(about="none", decide=lambda incident, *_: Outcome(reply=line(str(incident.number))))

    assert words(decide(None, spec, {"text": "x"}, replace(context(), number=57), POLICY).reply) == "57."


# --------------------------------------------------------------------------------------------------- Which incident


def meant(
    spec: Spec = note.SPEC,
    *,
    number: int | None = None,
    place: int | None = None,
    mine: tuple[Incident, ...] = (),
    **values: str,
) -> int | Form | None:
    return target(spec, number=number, place=place, mine=mine, values=values)


OTHER = declared(number=41, title="Slow search")
RESOLVED = grown(declared(number=40), TEN, BEN, Resolved(how="Rolled back.", verified="Watched."))


def test_the_incident_named_counts_before_the_room() -> None:
    assert meant(number=42, place=41) == 42


def test_the_room_counts_before_what_the_person_works_on() -> None:
    assert meant(place=41, mine=(OPEN,)) == 41


def test_elsewhere_the_one_open_incident_the_person_works_on_is_meant() -> None:
    assert meant(mine=(OPEN,)) == 42
    assert meant(mine=(OPEN, RESOLVED)) == 42
    assert meant(mine=(RESOLVED,)) == 40


def test_of_several_the_person_chooses_and_what_was_typed_comes_back() -> None:
    found = meant(mine=(OPEN, OTHER), text="hello")

    assert isinstance(found, Form)
    assert found.values == {"text": "hello"}
    assert [option.value for option in found.fields[0].options] == ["INC-42", "INC-41"]


def test_the_choice_names_the_incident() -> None:
    assert meant(mine=(OPEN, OTHER), incident="INC-41") == 41


def test_where_nothing_tells_the_reference_is_asked_for() -> None:
    refusal = refused(meant)

    assert refusal.sentence == "This is not an incident's room: add the reference, as in `note INC-42`, or see `list`."


def test_a_word_that_is_never_about_an_incident_has_none() -> None:
    assert meant(toy(about="none"), number=42, place=41) is None


def test_a_word_that_may_be_about_one_takes_what_is_there() -> None:
    spec = toy(about="any")

    assert (meant(spec), meant(spec, place=41), meant(spec, mine=(OPEN,))) == (None, 41, None)


# ------------------------------------------------------------------------------------------------------ Properties

KNOWN = (
    "",
    " ",
    "none",
    "all",
    "30m",
    "16:45",
    "critical",
    "high",
    "customers internal",
    "@P-1",
    "@P-2 @P-3",
    "INC-41",
)
ODD = (
    "41",
    "comms",
    "yes",
    "private",
    "identified",
    "https://example.com",
    "\u202e",
    "x" * 101,
    "x" * 3001,
    "Rolled back.",
)
SAID = st.sampled_from((*KNOWN, *ODD)) | st.text(max_size=20)


@st.composite
def pressed(draw: st.DrawFn) -> tuple[Spec, dict[str, str]]:
    """A word with values for most of its fields."""
    spec = draw(st.sampled_from(COMMANDS))
    names = [field.name for field in fields_of(spec)]
    return spec, {name: draw(SAID) for name in names if draw(st.integers(0, 4))}


STATES = (OPEN, STAFFED, PRIVATE, RESOLVED, grown(STAFFED, TEN, BEN, Cancelled(reason="a probe")))


@given(
    said_so=pressed(),
    incident=st.sampled_from(STATES),
    actor=st.sampled_from((ANA, BEN, CHEN, LENA)),
    submitted=st.booleans(),
    in_room=st.booleans(),
)
def test_whatever_is_pressed_or_sent_ends_in_an_outcome_or_a_refusal(
    said_so: tuple[Spec, dict[str, str]], incident: Incident, actor: Person, submitted: bool, in_room: bool
) -> None:
    spec, values = said_so
    asked = replace(context(actor, submitted=submitted, in_room=in_room, others=(OTHER,)), words=COMMANDS)
    asked = replace(asked, history=History(entries=()))
    try:
        outcome = decide(None if spec.about == "none" else incident, spec, values, asked, POLICY, submitted=submitted)
    except Refused as refusal:
        outcome = Outcome(reply=line(refusal.sentence))
    assert not (outcome.form and outcome.events)
    assert not (spec.reads and outcome.events)
