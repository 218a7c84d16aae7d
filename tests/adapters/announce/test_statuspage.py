"""Atlassian Statuspage: one incident there for each of ours, every update once, components, the budget."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from pydantic import SecretStr

from adapters.announce.statuspage import QUEUE, Statuspage
from adapters.announce.telling import Said
from adapters.sinks import SendFailed
from bot.notices import Kind
from config.announce_settings import StatuspageSettings
from tests.adapters.announce.rig import FOR_CUSTOMERS, said
from tests.receivers.statuspage import KEY, PAGE, FakeStatuspage
from tests.receivers.troubles import Trouble


@pytest.fixture
async def page() -> AsyncIterator[FakeStatuspage]:
    made = FakeStatuspage().with_components("Checkout", "Search")
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def way(page: FakeStatuspage) -> AsyncIterator[Statuspage]:
    settings = StatuspageSettings(api_key=SecretStr(KEY), page_id=PAGE, api_url=f"{page.url}/v1")
    async with aiohttp.ClientSession() as session:
        yield Statuspage(settings=settings, session=session, every=0)


def update(number: int = 1, *, status: str = "investigating", **more: object) -> Said:
    changed = {key: more.pop(key) for key in ("services", "final", "headline", "major", "about") if key in more}
    notice = replace(FOR_CUSTOMERS, update=number, status=status, **changed)  # type: ignore[arg-type]
    more = {"audience": "customers", "token": f"token-{number}", **more}
    return said("statuspage:", notice, **more)  # type: ignore[arg-type]


async def failed(way: Statuspage, one: Said) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await way.tell(one)
    return caught.value


async def test_the_first_update_makes_an_incident_and_the_last_resolves_it(
    page: FakeStatuspage, way: Statuspage
) -> None:
    await way.tell(update(1))
    assert page.states() == {"Checkout": "major_outage", "Search": "operational"}
    await way.tell(update(2, status="identified"))
    await way.tell(update(3, status="resolved", final=True))

    (made,) = page.incidents
    assert (made["name"], made["status"]) == ("Card payments", "resolved")
    assert [status for status, _ in page.said()] == ["investigating", "identified", "resolved"]
    assert page.said()[0][1] == "Orders fail for some shoppers.\n\nNext update by 10:50 UTC."
    assert page.states() == {"Checkout": "operational", "Search": "operational"}


async def test_an_incident_is_resolved_there_only_by_the_last_word(page: FakeStatuspage, way: Statuspage) -> None:
    await way.tell(update(1, status="resolved"))

    assert page.incidents[0]["status"] == "monitoring"


async def test_a_moved_promise_is_a_line_of_its_own(page: FakeStatuspage, way: Statuspage) -> None:
    await way.tell(update(1))
    await way.tell(replace(update(0), notice=replace(FOR_CUSTOMERS, about=Kind.MOVED, update=None), token="moved"))

    assert len(page.said()) == 2


async def test_an_answer_that_was_lost_makes_no_second_incident(page: FakeStatuspage, way: Statuspage) -> None:
    page.trouble = Trouble("drop_after", only="POST")
    refused = await failed(way, update(1))

    found = await way.find(update(1))
    await way.tell(update(1))

    assert refused.outcome_unknown
    assert found == "i1"
    assert len(page.incidents) == 1
    assert len(page.said()) == 1


async def test_an_update_whose_answer_was_lost_is_found_by_its_token(page: FakeStatuspage, way: Statuspage) -> None:
    await way.tell(update(1))

    assert await way.find(update(1)) == "i1"
    assert await way.find(update(2)) is None


async def test_an_incident_that_opens_again_is_opened_again_there(page: FakeStatuspage, way: Statuspage) -> None:
    await way.tell(update(1))
    await way.tell(update(2, status="resolved", final=True))

    await way.tell(update(3))

    assert len(page.incidents) == 1
    assert page.incidents[0]["status"] == "investigating"


async def test_an_older_update_that_comes_late_adds_its_words_and_nothing_else(
    page: FakeStatuspage, way: Statuspage
) -> None:
    await way.tell(update(1))
    await way.tell(update(3, status="monitoring", headline="Payments"))

    await way.tell(update(2, status="identified"))

    assert (page.incidents[0]["status"], page.incidents[0]["name"]) == ("monitoring", "Payments")
    assert len(page.said()) == 3


async def test_services_that_are_no_components_are_left_out(page: FakeStatuspage, way: Statuspage) -> None:
    await way.tell(update(1, services=("search", "Mainframe"), major=False))
    assert page.states() == {"Checkout": "operational", "Search": "degraded_performance"}

    await way.tell(update(2, services=()))

    assert page.states() == {"Checkout": "operational", "Search": "operational"}


async def test_a_component_that_somebody_added_there_by_hand_is_left_alone(
    page: FakeStatuspage, way: Statuspage
) -> None:
    await way.tell(update(1))
    search = page.components["c2"]
    search["status"] = "partial_outage"
    page.incidents[0]["components"].append(search)

    await way.tell(update(2))
    await way.tell(update(3, status="resolved", final=True))

    assert page.states() == {"Checkout": "operational", "Search": "partial_outage"}
    assert [one["name"] for one in page.incidents[0]["components"]] == ["Checkout", "Search"]


async def test_only_what_customers_are_told_is_told_there(page: FakeStatuspage, way: Statuspage) -> None:
    refused = await failed(way, update(1, audience="stakeholders"))

    assert refused.permanent
    assert page.seen == 0


@pytest.mark.parametrize(
    ("kind", "permanent", "waits", "unknown"),
    [
        ("420", False, True, False),
        ("429", False, True, False),
        ("500", False, False, False),
        ("503", False, False, False),
        ("401", True, False, False),
        ("404", True, False, False),
        ("422", True, False, False),
        ("302", True, False, False),
        ("drop_before", False, False, False),
    ],
)
async def test_what_an_answer_means(
    page: FakeStatuspage, way: Statuspage, kind: str, permanent: bool, waits: bool, unknown: bool
) -> None:
    page.trouble = Trouble(kind, times=-1, seconds=7)

    refused = await failed(way, update(1))

    found = (refused.permanent, refused.retry_after is not None, refused.outcome_unknown)
    assert found == (permanent, waits, unknown)
    assert KEY not in refused.reason


async def test_a_page_that_is_not_there_is_tried_again(page: FakeStatuspage, way: Statuspage) -> None:
    await page.stop()

    refused = await failed(way, update(1))

    assert (refused.permanent, refused.outcome_unknown) == (False, False)


async def test_requests_keep_their_distance_and_a_long_queue_goes_back(page: FakeStatuspage, way: Statuspage) -> None:
    now = 100.0
    way.clock, way.every = (lambda: now), QUEUE + 1
    await way.name()

    refused = await failed(way, update(1))

    assert refused.retry_after == QUEUE + 1
    assert page.seen == 1


async def test_the_page_has_a_name_for_the_operator(page: FakeStatuspage, way: Statuspage) -> None:
    page.trouble = Trouble("500")
    with pytest.raises(SendFailed):
        await way.name()


async def test_another_page_of_the_same_key_is_named_in_the_address(page: FakeStatuspage, way: Statuspage) -> None:
    refused = await failed(way, replace(update(1), address="statuspage:other"))

    assert refused.reason == "it knows no such page or incident (404)"
    assert (way.shown("statuspage:"), way.shown("statuspage:other")) == ("Statuspage", "Statuspage other")
