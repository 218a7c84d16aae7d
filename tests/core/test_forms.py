"""Forms made from a command's description."""

from dataclasses import replace

import pytest

from bot.cards import Spans
from bot.catalog import COMMANDS
from bot.commands import declare, priority, role, services, snooze, update
from bot.commands.fields import fields_of
from bot.commands.parse import read
from bot.commands.spec import Spec
from bot.commands.values import command
from bot.events import ServicesSet
from bot.forms import CHOSEN, choose, form_for, in_form, lacking
from bot.incident import Incident
from bot.options import options_for
from bot.policy import COMMS, INTERNAL, SCRIBE, SME, Policy, Priority, Role
from bot.questions import Ask, Form
from tests.core.asking import fields, toy
from tests.core.builders import ANA, HANA, POLICY, TEN, context, declared, grown, staffed

INCIDENT = declared()
NONE_YET = Incident(number=42)
NOW = context()


def form(spec: Spec | None = None, incident: Incident = INCIDENT, policy: Policy = POLICY, **values: str) -> Form:
    return form_for(spec or toy(), values, incident, NOW, policy, {})


def test_a_form_has_the_commands_title_for_its_incident() -> None:
    found = form()

    assert (found.title, found.command, found.submit, found.incident) == ("Toy: INC-42", "toy", "Toy", 42)


def test_a_form_without_a_title_of_its_own_is_named_after_the_word() -> None:
    assert form(toy(title="", submit="End {ref}")).title == "Toy: INC-42"
    assert form(toy(title="", submit="End {ref}")).submit == "End INC-42"


def test_the_declare_form_asks_what_priority_services_and_whether_private() -> None:
    found = form(declare.SPEC, NONE_YET)

    assert (found.title, found.submit, found.incident) == ("Declare incident", "Declare", None)
    assert [(field.label, field.required) for field in found.fields] == [
        ("What is wrong?", True),
        ("Priority", True),
        ("Affected services", False),
        ("Private", False),
    ]
    assert fields(found)["title"].hint == "A few words, as a customer would say it."
    assert fields(found)["title"].limit == 100
    assert fields(found)["private"].hint == "Only people you invite see it."


def test_the_default_priority_stands_chosen_unless_another_was_typed() -> None:
    assert fields(form(declare.SPEC, NONE_YET))["priority"].value == "high"
    assert fields(form(declare.SPEC, NONE_YET, priority="P1"))["priority"].value == "critical"


def test_priorities_stand_open_in_the_organisations_words() -> None:
    first, second, third, _ = fields(form(declare.SPEC, NONE_YET))["priority"].options

    assert (first.value, first.label) == ("critical", "Critical: severe disruption or degradation")
    assert first.description == "Such as: the shop cannot be reached. Resolve within 2 h."
    assert second.description == "Resolve within 6 h."
    assert (third.label, third.description) == ("Medium", "")


def test_what_a_priority_means_is_cut_at_a_word() -> None:
    wordy = Priority(
        name="critical",
        means="DNS " + "and everything " * 9,
        example="API calls " + "fail " * 30,
        resolve_within=TEN - TEN.replace(hour=8),
    )
    policy = replace(POLICY, priorities=(wordy,))
    (option,) = fields(form(declare.SPEC, NONE_YET, policy))["priority"].options

    assert option.label.startswith("Critical: DNS and everything and everything")
    assert option.label.endswith("everything…")
    assert option.description.startswith("Such as: API calls fail fail")
    assert option.description.endswith("fail…. Resolve within 2 h.")
    assert max(len(option.label), len(option.description)) <= 75


def test_roles_that_nobody_holds_come_first_with_their_duties() -> None:
    options = fields(form(role.SPEC, staffed(INCIDENT, scribe=ANA)))["role"].options

    assert options[0].value == SME
    assert (options[0].label, options[0].description) == ("Subject matter expert", "Repairs.")
    assert {option.value for option in options} == {role.name for role in POLICY.roles}


def test_audiences_offered_are_those_that_can_be_told() -> None:
    unreached = replace(POLICY, audiences={name: found for name, found in POLICY.audiences.items() if name != COMMS})
    audiences = {**unreached.audiences, "customers": replace(unreached.audiences["customers"], addresses=())}

    found = fields(form(policy=replace(POLICY, audiences=audiences)))["to"].options

    assert [option.value for option in found] == ["internal", "stakeholders", "leadership"]


def test_an_audience_is_described_by_where_it_looks() -> None:
    options = {option.value: option.description for option in fields(form())["to"].options}

    assert options["customers"] == "status page"
    assert options["leadership"] == ""


def test_a_private_incident_offers_its_room_only() -> None:
    options = fields(form(incident=declared(private=True)))["to"].options

    assert [option.value for option in options] == [INTERNAL]


def test_lengths_and_moments_are_offered_in_words() -> None:
    known = fields(form())

    assert [option.label for option in known["length"].options] == ["5 minutes", "Long"]
    assert [option.label for option in known["next"].options] == ["15 minutes", "30 minutes", "None expected"]
    assert known["when"].options == ()


def test_levels_statuses_and_choices_are_offered() -> None:
    known = fields(form())

    assert [option.label for option in known["level"].options] == ["High", "Medium", "Low"]
    assert [option.value for option in known["status"].options] == ["investigating", "identified", "monitoring"]
    assert [option.value for option in known["choice"].options] == ["open", "mine"]


def test_other_incidents_are_offered_to_who_may_see_them() -> None:
    other, hidden = declared(number=41, title="Slow search"), declared(number=40, private=True)
    asked = context(HANA, others=(INCIDENT, other, hidden))
    (question,) = [field for field in fields_of(toy()) if field.param.ask is Ask.INCIDENT]

    found = options_for(question, INCIDENT, asked, POLICY)

    assert [(option.value, option.label) for option in found] == [("INC-41", "INC-41 Slow search")]


def test_texts_that_were_typed_are_shown_to_be_looked_over() -> None:
    found = form(text="Ask @P-2  ", names="a, b", people="@P-1, @P-2", to="Customers, internal", quiet="yes")

    assert {name: field.value for name, field in fields(found).items() if field.value} == {
        "text": "Ask @Ben",
        "names": "a, b",
        "people": "@P-1 @P-2",
        "to": "customers internal",
        "quiet": "yes",
    }


def test_what_was_picked_already_is_not_asked_again_but_comes_back() -> None:
    found = form(role.SPEC, role="comms")

    assert list(fields(found)) == ["people"]
    assert found.values == {"role": "comms"}


def test_a_value_that_is_not_offered_is_not_shown() -> None:
    assert fields(form(length="7m", level="huge"))["length"].value == ""
    assert fields(form(length="7m", level="huge"))["level"].value == ""


def test_hidden_values_come_back_unasked() -> None:
    found = form(pressed="x", plain="y")

    assert found.values == {"pressed": "x", "plain": "y"}
    assert not {"pressed", "plain"} & set(fields(found))


def test_with_findings_the_form_is_shown_whole_and_says_what_is_wrong() -> None:
    found = form_for(role.SPEC, {"role": "comms"}, INCIDENT, NOW, POLICY, {"people": "Choose at least one person."})

    assert [(field.name, field.value, field.finding) for field in found.fields] == [
        ("role", COMMS, ""),
        ("people", "", "Choose at least one person."),
    ]


def test_a_reason_to_go_on_is_asked_for_once_something_was_found_that_it_overrules() -> None:
    given = {"what": "Looking.", "steps": "Comparing.", "next": "30m"}
    plain = form_for(update.SPEC, given, INCIDENT, NOW, POLICY, {})
    found = form_for(update.SPEC, given, INCIDENT, NOW, POLICY, {"what": "No."}, risky=True)
    incomplete = form_for(update.SPEC, {"steps": "Comparing."}, INCIDENT, NOW, POLICY, {"what": "Say it."})
    kept = form_for(update.SPEC, {**given, "publish_as_it_is": "It is so."}, INCIDENT, NOW, POLICY, {})

    assert "publish_as_it_is" in fields(found)
    assert "publish_as_it_is" not in {**fields(plain), **fields(incomplete)}
    assert fields(kept)["publish_as_it_is"].value == "It is so."


@pytest.mark.parametrize(("typed", "shown"), [("30m", ("30m", "")), ("none", ("none", "")), ("16:45", ("", "16:45"))])
def test_a_next_moment_that_was_typed_stands_in_the_form(typed: str, shown: tuple[str, str]) -> None:
    known = fields(form(update.SPEC, next=typed))

    assert (known["next"].value, known["other_time"].value) == shown


def test_a_command_says_which_fields_make_sense() -> None:
    spec = toy(shown=lambda name, _incident, _policy: name != "short")

    assert "short" not in fields(form(spec))
    assert not in_form(spec, "short", INCIDENT, POLICY)
    assert in_form(spec, "text", INCIDENT, POLICY)
    assert not in_form(spec, "pressed", INCIDENT, POLICY)
    assert not in_form(spec, "nonsense", INCIDENT, POLICY)


def test_above_the_questions_stands_what_is_known() -> None:
    def above(incident: Incident, policy: Policy) -> Spans:
        return (f"{incident.title} at {policy.organisation}",)

    assert form(toy(above=above)).above == ("Checkout is down at Larkfield",)
    assert form(toy(above=above), NONE_YET).above == ()


def test_the_promise_stands_above_the_snooze_form() -> None:
    assert form(snooze.SPEC).above[0] == "The promise is still "


def test_what_a_command_lacks_depends_on_what_is_there() -> None:
    spec = toy(lacks=lambda values, _incident, _policy: () if values.get("role") else ("short",))

    assert lacking(spec, {}, INCIDENT, POLICY) == ("text", "short")
    assert lacking(spec, {"text": " \u200e", "role": "comms"}, INCIDENT, POLICY) == ("text",)
    assert fields(form(spec, text="x"))["short"].required
    assert not fields(form(spec, text="x", role="comms"))["short"].required


@pytest.mark.parametrize("named", [("cart",), ("card payments",), ("cart", "card payments"), ()])
def test_services_shown_in_a_form_are_the_same_when_it_is_sent(named: tuple[str, ...]) -> None:
    incident = grown(INCIDENT, TEN, ANA, ServicesSet(services=named))
    shown = fields(form(services.SPEC, incident))["names"].value

    if named:
        assert command(services.SPEC, {"names": shown}, NOW, POLICY).names == named
    else:
        assert shown == ""


def test_a_choice_of_incidents_brings_back_what_was_typed() -> None:
    found = choose(priority.SPEC, {"level": "low"}, (INCIDENT, declared(number=41, title="Slow search")))

    (question,) = found.fields
    assert (found.title, found.command, found.values) == ("Which incident?", "priority", {"level": "low"})
    assert (question.name, [option.value for option in question.options]) == (CHOSEN, ["INC-42", "INC-41"])


def test_no_command_has_a_field_of_the_name_that_chooses_an_incident() -> None:
    assert [spec.word for spec in COMMANDS if any(field.name == CHOSEN for field in fields_of(spec))] == []


def test_a_role_of_several_words_is_read_back_from_the_form() -> None:
    policy = replace(POLICY, roles=(*POLICY.roles, Role(name="legal", title="Legal counsel")))

    assert read("role legal counsel @P-1", (role.SPEC,), policy).values["role"] == "legal counsel"
    assert fields(form(toy(), policy=policy, role="legal counsel"))["role"].value == "legal"
    assert SCRIBE in {option.value for option in fields(form(policy=policy))["role"].options}
