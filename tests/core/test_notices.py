"""What other ways than chats are given to tell: a notice beside the card, and none where nothing may be told."""

from dataclasses import replace

import pytest

from bot.announce import posts
from bot.events import (
    Cancelled,
    Closed,
    Declared,
    DetectedSet,
    Event,
    MarkedDuplicate,
    NoteAdded,
    PriorityChanged,
    PromiseMade,
    Recipient,
    Reminded,
    Reopened,
    Resolved,
    Rung,
    ServicesSet,
    Status,
    StatusChanged,
    TitleChanged,
    UpdatePublished,
    VisibilityChanged,
)
from bot.evolve import fold
from bot.incident import Incident
from bot.messages.notice import NAMELESS
from bot.messages.notice import notice as notice_of
from bot.notices import LONGEST_HEADLINE, Kind, Notice, headline, shortened
from bot.plain import plain_text
from bot.policy import CUSTOMERS, INTERNAL, STAKEHOLDERS, Policy, called_at
from bot.posts import Order, Post, ToAudience
from bot.status_policy import Service, StatusPage
from tests.core.builders import ANA, BEN, MINUTE, NAMES, POLICY, TEN, declared, grown, log, moment

LATER = moment("10:20")
RUNG = Rung(subject="update:internal", generation=1, step=900, moment=moment("10:45"), about=moment("10:30"))
PAGED = replace(
    POLICY, priorities=(replace(POLICY.priorities[0], pages=("mailto:oncall@example.com",)), *POLICY.priorities[1:])
)


def update(*audiences: str, **more: object) -> UpdatePublished:
    due = dict.fromkeys(audiences, moment("10:50"))
    words = "Card payments fail for some customers."
    said = UpdatePublished(number=1, audiences=audiences, what="Orders fail at db-7.", words=words, next=due)
    return replace(said, **more)  # type: ignore[arg-type]


def ordered(before: Incident, *events: Event, policy: Policy = POLICY) -> tuple[Order, ...]:
    batch = log(*((LATER, BEN, event) for event in events), after=before)
    return posts(before, batch, fold(batch, before), policy, {})


def to_audiences(orders: tuple[Order, ...]) -> list[tuple[str, Post]]:
    return [(each.to.name, each) for each in orders if isinstance(each, Post) and isinstance(each.to, ToAudience)]


def notices(before: Incident, *events: Event, policy: Policy = POLICY) -> dict[str, list[Notice]]:
    found: dict[str, list[Notice]] = {}
    for name, post in to_audiences(ordered(before, *events, policy=policy)):
        if post.notice and post.key != "announcement":
            found.setdefault(name, []).append(post.notice)
    return found


def birth(*, private: bool = False, drill: bool = False) -> tuple[Declared, PromiseMade]:
    first = Declared(title="Checkout is down", priority="critical", private=private, drill=drill)
    return first, PromiseMade(audience=INTERNAL, due=moment("10:30"), cause="declared")


def test_a_declaration_is_told_with_all_that_is_known() -> None:
    [(name, post)] = to_audiences(ordered(Incident(number=42), *birth()))

    assert (name, post.key) == (INTERNAL, "announcement")
    assert post.notice == Notice(
        about=Kind.DECLARED,
        headline="INC-42 Checkout is down",
        status="investigating",
        number=42,
        priority="critical",
        major=True,
        declared_at=LATER,
        next_at=moment("10:30"),
    )


def test_an_update_tells_each_audience_its_own_promise() -> None:
    found_at = TEN - 10 * MINUTE
    incident = grown(declared(), TEN, ANA, ServicesSet(services=("checkout",)), DetectedSet(detected_at=found_at))
    said = update(INTERNAL, STAKEHOLDERS)
    said = replace(said, next={INTERNAL: moment("10:40"), STAKEHOLDERS: None}, none_because="Nothing will change.")

    found = notices(incident, said)

    (inside,), (outside,) = found[INTERNAL], found[STAKEHOLDERS]
    assert (inside.about, inside.update, inside.next_at, inside.none_because) == (Kind.UPDATE, 1, moment("10:40"), "")
    assert (outside.next_at, outside.none_because) == (None, "Nothing will change.")
    assert (outside.services, outside.detected_at) == (("checkout",), found_at)


def test_customers_are_given_neither_number_nor_title_nor_priority() -> None:
    (found,) = notices(declared(), update(CUSTOMERS))[CUSTOMERS]

    assert (found.number, found.priority) == (None, "")
    assert found.headline == "Card payments fail for some customers."
    assert found.major


def test_the_last_word_is_told_as_the_last() -> None:
    incident = grown(declared(), TEN, ANA, StatusChanged(status=Status.MONITORING, before=Status.INVESTIGATING))

    (found,) = notices(incident, update(CUSTOMERS, next={}, final=True, none_because="Paid again."))[CUSTOMERS]

    assert (found.final, found.next_at, found.none_because) == (True, None, "Paid again.")
    assert found.status == "monitoring"


def test_customers_know_an_incident_by_one_name_until_people_give_it_another() -> None:
    incident = grown(declared(), TEN, BEN, update(STAKEHOLDERS))
    assert incident.headline == ""
    incident = grown(incident, TEN, BEN, update(CUSTOMERS))
    incident = grown(incident, TEN, BEN, update(CUSTOMERS, words="Fewer payments fail."), ServicesSet(services=("x",)))
    assert incident.headline == "Card payments fail for some customers."

    (found,) = notices(incident, update(CUSTOMERS, headline="Card payments in Europe"))[CUSTOMERS]

    assert found.headline == "Card payments in Europe"


def test_services_name_an_incident_better_than_first_words() -> None:
    assert headline("", ("Checkout", "Payments"), "words") == "Checkout, Payments"
    assert headline("", (), "words") == "words"


def test_customers_read_no_service_that_the_page_does_not_list() -> None:
    listed = replace(POLICY, status=StatusPage(services=(Service(name="Checkout", also=("pg-prod-eu-3",)),)))
    incident = grown(declared(), TEN, BEN, ServicesSet(services=("pg-prod-eu-3", "acme-tenant")), update(CUSTOMERS))

    (found,) = notices(incident, update(CUSTOMERS), policy=listed)[CUSTOMERS]

    assert found.services == ("Checkout",)
    assert found.headline == "Card payments fail for some customers."


def test_a_long_headline_is_cut_after_a_word() -> None:
    long = shortened("Payments, " * 20)

    assert len(long) <= LONGEST_HEADLINE
    assert long.endswith("Payments…")
    assert shortened("x" * 100) == f"{'x' * (LONGEST_HEADLINE - 1)}…"


def test_a_moved_promise_is_told_with_its_reason_inside_only() -> None:
    later = PromiseMade(audience=INTERNAL, due=None, cause="moved", reason="Night.", tell=True)

    inside = notices(declared(), later)[INTERNAL][0]
    outside = notices(declared(), replace(later, audience=CUSTOMERS))[CUSTOMERS][0]

    assert (inside.about, inside.next_at, inside.none_because) == (Kind.MOVED, None, "Night.")
    assert (outside.headline, outside.none_because) == (NAMELESS, "")


def test_customers_read_no_name_of_ours_when_a_promise_moves() -> None:
    orders = ordered(declared(), PromiseMade(audience=CUSTOMERS, due=moment("11:00"), cause="moved", tell=True))

    (card,) = [post.card for name, post in to_audiences(orders) if name == CUSTOMERS]

    assert plain_text(card, LATER, NAMES) == "The next update comes by 11:00 UTC."


@pytest.mark.parametrize(
    ("event", "kind", "final"),
    [
        (PriorityChanged(priority="high", before="critical"), Kind.PRIORITY, False),
        (Resolved(how="Rolled back.", verified="Watched."), Kind.RESOLVED, True),
        (Closed(), Kind.CLOSED, True),
        (Cancelled(reason="False alarm."), Kind.CANCELLED, True),
        (MarkedDuplicate(of=41), Kind.DUPLICATE, True),
        (Reopened(reason="Back again."), Kind.REOPENED, False),
    ],
)
def test_what_happens_to_an_incident_is_told_inside(event: Event, kind: Kind, final: bool) -> None:
    found = notices(declared(), event)

    assert {name: [(each.about, each.final) for each in said] for name, said in found.items()} == {
        INTERNAL: [(kind, final)]
    }


def test_leadership_is_reminded_by_every_way() -> None:
    incident = declared()
    event = Reminded(rungs=(RUNG,), to=Recipient(audience="leadership"), key="late")

    (found,) = notices(incident, event)["leadership"]

    assert found.about is Kind.REMINDER


def test_whoever_is_called_by_no_chat_is_paged_once_and_again_when_the_priority_is_raised() -> None:
    first = to_audiences(ordered(Incident(number=42), *birth(), policy=PAGED))
    raised = to_audiences(ordered(declared("high"), PriorityChanged(priority="critical", before="high"), policy=PAGED))

    calls = [(name, post) for name, post in (*first, *raised) if name == called_at("critical")]
    assert [post.key for _, post in calls] == ["called", "called:critical"]
    assert {post.notice.about for _, post in calls if post.notice} == {Kind.CALL}
    words = "INC-42 Checkout is down: you are called. Critical, investigating."
    assert all(plain_text(post.card, LATER, NAMES).startswith(words) for _, post in calls)
    assert PAGED.addresses(called_at("critical")) == ("mailto:oncall@example.com",)
    assert PAGED.addresses(called_at("low")) == ()


def test_a_lowered_priority_pages_nobody() -> None:
    lowered = ordered(declared(), PriorityChanged(priority="high", before="critical"), policy=PAGED)

    assert not [name for name, _ in to_audiences(lowered) if name.startswith("those called")]


@pytest.mark.parametrize("hidden", [{"private": True}, {"drill": True}])
def test_of_a_private_incident_and_of_a_drill_no_event_gives_a_notice(hidden: dict[str, bool]) -> None:
    everything: tuple[Event, ...] = (
        update(INTERNAL, STAKEHOLDERS, CUSTOMERS),
        PromiseMade(audience=CUSTOMERS, due=moment("11:00"), cause="moved", tell=True),
        PriorityChanged(priority="high", before="critical"),
        PriorityChanged(priority="critical", before="high"),
        Reminded(rungs=(RUNG,), to=Recipient(audience="leadership"), key="late"),
        TitleChanged(title="Another"),
        NoteAdded(text="Seen."),
        Resolved(how="Rolled back.", verified="Watched."),
        Reopened(reason="Back again."),
        Closed(),
        Cancelled(reason="False alarm."),
        MarkedDuplicate(of=41),
    )
    born = log(*((TEN, ANA, event) for event in birth(**hidden)))
    incident = fold(born, number=42)

    orders = list(posts(Incident(number=42), born, incident, PAGED, {}))
    for event in everything:
        orders += ordered(incident, event, policy=PAGED)

    assert [post.key for _, post in to_audiences(tuple(orders)) if post.notice] == []
    assert [name for name, _ in to_audiences(tuple(orders)) if name.startswith("those called")] == []


def test_an_incident_that_became_private_is_told_no_further() -> None:
    orders = ordered(declared(), VisibilityChanged(private=True), update(INTERNAL, CUSTOMERS))

    assert [post.notice for _, post in to_audiences(orders) if post.notice] == []


def test_everything_that_is_news_to_an_audience_has_a_notice() -> None:
    incident = declared()
    for event in (update(INTERNAL, STAKEHOLDERS, CUSTOMERS), Resolved(how="x", verified="y"), Reopened(reason="z")):
        said = to_audiences(ordered(incident, event))
        assert [post.key for _, post in said if post.notice is None and not post.only_edit] == []


def test_customers_are_given_nothing_but_their_updates_and_promises() -> None:
    told = {kind for kind in Kind if notice_of(kind, CUSTOMERS, declared(), POLICY)}

    assert told == {Kind.UPDATE, Kind.MOVED}
