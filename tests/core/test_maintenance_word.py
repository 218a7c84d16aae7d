"""`maintenance`: planned in public, listed, called off."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.cards import Press
from bot.maintenance import Maintenance, Phase
from bot.people import Profile
from bot.plain import plain_text
from bot.policy import Policy
from bot.refs import Identity
from bot.requests import Answer, Request
from bot.service import Service
from bot.status_policy import Service as PublicService
from bot.status_policy import StatusPage
from tests.memory import MemoryStore
from tests.scenario import at, policy

SHOP = StatusPage(services=(PublicService(name="Checkout", also=("checkout-api",)), PublicService(name="Search")))


@dataclass(slots=True)
class Desk:
    """One Sitrep and somebody who types."""

    policy: Policy = field(default_factory=policy)
    store: MemoryStore = field(default_factory=MemoryStore)
    count: int = 0

    def types(self, text: str, clock: str = "10:00") -> Answer:
        return self._asks(clock, text=text)

    def submits(self, clock: str = "10:00", **values: str) -> Answer:
        return self._asks(clock, word="maintenance", values=values, submitted=True)

    def presses(self, clock: str = "10:00", **values: str) -> Answer:
        return self._asks(clock, word="maintenance", values=values)

    def _asks(self, clock: str, **said: object) -> Answer:
        self.count += 1
        service = Service(store=self.store, policy=self.policy, rules="rules", replica="one")
        profile = Profile(name="Ana", zone="Etc/UTC")
        request = Request(key=f"k{self.count}", identity=Identity("one:T1/ana"), profile=profile, **said)  # type: ignore[arg-type]
        return service.handle(request, at(clock))

    @property
    def planned(self) -> list[Maintenance]:
        return list(self.store.data.maintenances.values())


def words(answer: Answer, clock: str = "10:00") -> str:
    assert answer.card is not None
    return plain_text(answer.card, at(clock), answer.names)


def plan(desk: Desk, title: str = "New database", start: str = "12:00", lasts: str = "2h", **more: str) -> Answer:
    return desk.submits(start=start, lasts=lasts, title=title, **more)


def test_a_typed_line_is_shown_before_the_public_is_told() -> None:
    desk = Desk()

    answer = desk.types("maintenance 12:00 2h New database services:checkout")

    assert desk.planned == []
    assert answer.form is not None
    assert answer.form.submit == "Publish"
    values = {each.name: each.value for each in answer.form.fields}
    assert values == {"start": "12:00", "lasts": "2h", "title": "New database", "services": "checkout"}


def test_the_form_submitted_plans_it() -> None:
    desk = Desk()

    answer = plan(desk, services="checkout, search")

    (found,) = desk.planned
    assert (found.title, found.services) == ("New database", ("checkout", "search"))
    assert (found.starts_at, found.ends_at) == (at("12:00"), at("14:00"))
    assert answer.changed
    assert "on the status page: New database (checkout, search), 12:00 UTC to 14:00 UTC" in words(answer)


def test_an_end_that_was_typed_becomes_how_long_it_lasts() -> None:
    desk = Desk()

    form = desk.types("maintenance 12:00 13:30 New database").form

    assert form is not None
    assert {each.name: each.value for each in form.fields}["lasts"] == "90m"
    desk.submits(**form.values, **{each.name: each.value for each in form.fields})
    assert desk.planned[0].ends_at == at("13:30")


def test_an_end_alone_will_do_where_no_length_is_given() -> None:
    desk = Desk()

    desk.submits(start="12:00", end="13:00", title="New database")

    assert desk.planned[0].ends_at == at("13:00")


@pytest.mark.parametrize("line", ["12:00 11:00 New database", "nonsense 13:00 New database"])
def test_an_end_that_says_nothing_of_a_length_proposes_none(line: str) -> None:
    form = Desk().types(f"maintenance end:13:00 title:{line}").form

    assert form is not None
    assert {each.name: each.value for each in form.fields}["lasts"] == ""


def test_it_cannot_end_before_it_begins() -> None:
    desk = Desk()

    form = desk.submits(start="12:00", end="11:00", title="New database").form
    backwards = desk.types("maintenance 12:00 11:00 New database").form

    assert form is not None
    assert "It ends before it begins" in str([each.finding for each in form.fields])
    assert backwards is not None
    assert desk.planned == []


def test_what_a_line_lacks_is_asked_for() -> None:
    answer = Desk().types("maintenance 12:00")

    assert answer.form is not None
    assert {each.name for each in answer.form.fields if each.required} == {"start", "lasts", "title"}


def test_services_are_called_as_the_page_calls_them() -> None:
    desk = Desk(policy=replace(policy(), status=SHOP))

    plan(desk, services="search, CHECKOUT-API")

    assert desk.planned[0].services == ("Checkout", "Search")


def test_a_service_the_page_does_not_have_is_refused_with_those_it_has() -> None:
    form = plan(Desk(policy=replace(policy(), status=SHOP)), services="serch").form

    assert form is not None
    findings = {each.name: each.finding for each in form.fields}
    assert findings["services"] == "The status page has no service `serch`: it has Checkout, Search."


def test_nothing_planned_is_said_with_how_to_plan() -> None:
    answer = Desk().types("maintenance")

    assert "No maintenance is planned" in words(answer)
    assert answer.card is not None
    (press,) = answer.card.actions
    assert isinstance(press, Press)
    assert Desk().presses(**press.values).form is not None


def test_what_is_planned_is_listed_the_next_first_and_the_past_is_not() -> None:
    desk = Desk()
    plan(desk, "Later", start="16:00")
    plan(desk, "Sooner", start="13:00")
    plan(desk, "Past", start="10:30", lasts="10m")

    answer = desk.types("maintenance", clock="11:00")

    said = words(answer, "11:00")
    assert "Planned maintenance" in said
    assert said.index("Sooner") < said.index("Later")
    assert "Past" not in said


def test_it_is_called_off_by_its_number_or_by_the_button() -> None:
    desk = Desk()
    plan(desk, "One")
    plan(desk, "Two")

    assert "Called off" in words(desk.types("maintenance cancel 2"))
    card = desk.types("maintenance").card
    assert card is not None
    button = next(each for each in card.actions if isinstance(each, Press) and each.label == "Cancel 1")
    assert desk.presses(**button.values).changed
    assert desk.planned == []


@pytest.mark.parametrize("line", ["maintenance cancel", "maintenance cancel 7", "maintenance cancel the first"])
def test_a_number_that_is_none_is_refused(line: str) -> None:
    desk = Desk()
    plan(desk)

    answer = desk.types(line)

    assert answer.refused
    assert "by its number" in words(answer)
    assert len(desk.planned) == 1


def test_what_is_over_cannot_be_called_off() -> None:
    desk = Desk()
    plan(desk, start="10:30", lasts="10m")

    assert desk.types("maintenance cancel 1", clock="11:00").refused


def test_the_policy_may_name_who_plans() -> None:
    desk = Desk(policy=replace(policy(), permissions={"maintenance": ("one:ben",)}))

    answer = desk.types("maintenance 12:00 2h New database")

    assert answer.refused
    assert "Planning maintenance is for people whom the policy names" in words(answer)


def test_it_is_scheduled_then_in_progress_then_completed_by_the_clock_alone() -> None:
    start: datetime = at("12:00")
    found = Maintenance(
        number=1, title="A", starts_at=start, ends_at=start + timedelta(hours=1), services=(), planned_at=at("10:00")
    )

    phases = [found.phase(at(clock)) for clock in ("11:59", "12:00", "12:59", "13:00")]

    assert phases == [Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.IN_PROGRESS, Phase.COMPLETED]
