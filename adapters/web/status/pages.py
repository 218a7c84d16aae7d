"""The pages: how everything is now, one incident, a month, planned maintenance, targets."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby

from adapters.web.status.frame import framed
from adapters.web.status.links import Links
from adapters.web.status.markup import Element, Node, el
from adapters.web.status.phrases import (
    PHASE_WORDS,
    SERVICE_WORDS,
    STATUS_WORDS,
    lasted,
    moment_words,
    none_expected,
    overall,
    promise,
    service_state,
    when,
)
from adapters.web.status.shown import Shown
from bot.maintenance import Maintenance, Phase
from bot.plain import span_words
from bot.policy import CUSTOMERS, Priority
from bot.public import PublicIncident, PublicUpdate

RECENT = timedelta(days=14)
"""How far back the first page looks."""
AHEAD = (Phase.SCHEDULED, Phase.IN_PROGRESS)


def front(shown: Shown, links: Links) -> Element:
    """How everything is now."""
    sentence, colour = overall(shown)
    return framed(
        shown,
        links,
        sentence,
        (
            el("h1", sentence, class_=f"overall {colour}"),
            *(_open(each, shown, links) for each in shown.open),
            *_planned(shown, links),
            *_services(shown),
            *_recent(shown, links),
        ),
    )


def incident_page(shown: Shown, links: Links, incident: PublicIncident) -> Element:
    """One incident, whole."""
    zone = shown.policy.time_zone
    facts: list[Node] = [_tag(incident), *_affected(incident.services)]
    facts.append(el("p", "Began ", when(incident.started_at, zone), ".", class_="facts"))
    if incident.resolved_at:
        ended = ("Over since ", when(incident.resolved_at, zone), f". Lasted {lasted(incident)}.")
        facts.append(el("p", ended, class_="facts"))
    content = (
        el("h1", incident.headline),
        *facts,
        *_promise_line(incident, shown),
        el("h2", "Updates"),
        _updates(incident, shown),
    )
    return framed(shown, links, incident.headline, [el("article", content, class_=f"incident {incident.impact}")])


def maintenance_page(shown: Shown, links: Links, each: Maintenance) -> Element:
    """One piece of planned work."""
    return framed(shown, links, each.title, [el("article", el("h1", each.title), _work(each, shown))])


def history(shown: Shown, links: Links, month: str) -> Element:
    """What began in that month (`2026-11`), the last first, and the way to other months."""
    there = months(shown)
    found = [each for each in shown.incidents if month_of(each.told_at) == month]
    done = [each for each in shown.maintained(Phase.COMPLETED) if month_of(each.starts_at) == month]
    title = f"History of {month_words(month)}"
    content: list[Node] = [
        el("h1", title),
        _incident_list(found, shown, links, f"No incident in {month_words(month)}."),
    ]
    if done:
        content += [el("h2", "Planned maintenance"), *(_work_item(each, shown, links) for each in reversed(done))]
    ways = [
        el("li", el("a", month_words(name), href=links.page(f"history/{name}"), **_current(name == month)))
        for name in there
    ]
    if len(there) > 1:
        content += [el("h2", "Months"), el("nav", el("ul", ways), class_="months", aria_label="Months")]
    return framed(shown, links, title, content)


def targets(shown: Shown, links: Links) -> Element:
    """What the organisation promises in public (its policy's SLA table)."""
    wanted = shown.policy.status.publish_targets
    said = "What we aim for when something is wrong, by how bad it is. These are targets, not promises of a repair."
    rows = [_target(row, wanted) for row in shown.policy.priorities]
    return framed(shown, links, "Our targets", [el("h1", "Our targets"), el("p", said), *rows])


def _target(row: Priority, wanted: Iterable[str]) -> Element:
    name = row.name.replace("_", " ").capitalize()
    facts = [
        el("div", el("dt", _TARGETS[key]), el("dd", value)) for key, value in _targets_of(row).items() if key in wanted
    ]
    means = el("p", row.means, class_="facts") if row.means else None
    return el("section", el("h2", name), means, el("dl", facts, class_="targets"))


def missing(shown: Shown, links: Links) -> Element:
    """What is not there, or no longer."""
    said = el("p", "There is no such page. ", el("a", "See how everything is now", href=links.home), ".")
    return framed(shown, links, "Not found", [el("h1", "Not found"), said])


def months(shown: Shown) -> tuple[str, ...]:
    """Months in which something began, the last first; this month always."""
    done = (month_of(each.starts_at) for each in shown.maintained(Phase.COMPLETED))
    found = {month_of(shown.at), *(month_of(each.told_at) for each in shown.incidents), *done}
    return tuple(sorted(found, reverse=True))


def month_of(moment: datetime) -> str:
    """The month a moment lies in, UTC: `2026-11`."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def month_words(month: str) -> str:
    """`November 2026`."""
    return f"{datetime.strptime(month, '%Y-%m').replace(tzinfo=UTC):%B %Y}"


def _current(here: bool) -> Mapping[str, str]:
    return {"aria_current": "page"} if here else {}


def _open(incident: PublicIncident, shown: Shown, links: Links) -> Element:
    zone = shown.policy.time_zone
    heading = el("h2", el("a", incident.headline, href=links.page(f"incidents/{incident.id}")))
    began = el("p", "Began ", when(incident.started_at, zone), ".", class_="facts")
    content = (heading, _tag(incident), *_affected(incident.services), began, *_promise_line(incident, shown))
    return el("article", content, _updates(incident, shown), class_=f"incident {incident.impact}")


def _tag(incident: PublicIncident) -> Element:
    return el("p", STATUS_WORDS[incident.status], class_=f"tag {incident.status}")


def _affected(services: Iterable[str]) -> Iterator[Node]:
    named = ", ".join(services)
    if named:
        yield el("p", f"Affected: {named}.", class_="facts")


def _promise_line(incident: PublicIncident, shown: Shown) -> Iterator[Node]:
    said = promise(incident, shown)
    late = shown.policy.status.show_overdue and incident.overdue(shown.at)
    if said:
        yield el("p", said, class_="promise late" if late else "promise")


def _updates(incident: PublicIncident, shown: Shown) -> Element:
    """The newest first. What it promised while the incident is open stands above them, as it holds now."""
    last = incident.updates[-1] if incident.is_open else None
    items = [_update(each, shown, promises=each is not last) for each in reversed(incident.updates)]
    return el("ol", items, class_="updates")


def _update(update: PublicUpdate, shown: Shown, *, promises: bool) -> Element:
    zone = shown.policy.time_zone
    heading = el("p", el("strong", STATUS_WORDS[update.status]), " ", when(update.at, zone), class_="stamp")
    said = ("Next update by ", when(update.next_at, zone), ".") if update.next_at else none_expected(update)
    after = el("p", said, class_="after") if said and promises else None
    return el("li", heading, el("p", update.words, class_="words"), after, id=update.id)


def _planned(shown: Shown, links: Links) -> Iterator[Node]:
    ahead = shown.maintained(*AHEAD)
    if ahead:
        heading = el("h2", "Planned maintenance", id="planned")
        yield el("section", heading, [_work_item(each, shown, links) for each in ahead], aria_labelledby="planned")


def _work_item(each: Maintenance, shown: Shown, links: Links) -> Element:
    heading = el("h3", el("a", each.title, href=links.page(f"maintenance/{shown.work_id(each)}")))
    return el("article", heading, _work(each, shown), class_="work")


def _work(each: Maintenance, shown: Shown) -> Element:
    zone, phase = shown.policy.time_zone, each.phase(shown.at)
    span = el("p", when(each.starts_at, zone), " to ", when(each.ends_at, zone), ".", class_="facts")
    return el("div", el("p", PHASE_WORDS[phase], class_="tag maintenance"), *_affected(each.services), span)


def _services(shown: Shown) -> Iterator[Node]:
    rows = shown.policy.status.services
    if not rows:
        return
    yield el("h2", "Services")
    groups = ["", *(row.group for row in rows)]
    ordered = sorted(rows, key=lambda row: groups.index(row.group))
    for group, found in groupby(ordered, key=lambda row: row.group):
        if group:
            yield el("h3", group)
        yield el("ul", [_service(row.name, row.description, shown) for row in found], class_="services")


def _service(name: str, description: str, shown: Shown) -> Element:
    state = service_state(shown, name)
    about = el("span", description, class_="about") if description else None
    return el(
        "li",
        el("span", el("span", name, class_="service"), about),
        el("span", SERVICE_WORDS[state], class_=f"state {state}"),
    )


def _recent(shown: Shown, links: Links) -> Iterator[Node]:
    since = shown.at - RECENT
    found = [each for each in shown.incidents if not each.is_open and each.updated_at >= since]
    yield el("h2", f"The last {RECENT.days} days")
    yield _incident_list(found, shown, links, f"No incident in the last {RECENT.days} days.")
    yield el("p", el("a", "Earlier incidents", href=links.page("history")))


def _incident_list(found: Iterable[PublicIncident], shown: Shown, links: Links, empty: str) -> Element:
    items = [_line(each, shown, links) for each in found]
    return el("ul", items, class_="past") if items else el("p", empty, class_="empty")


def _line(incident: PublicIncident, shown: Shown, links: Links) -> Element:
    link = el("a", incident.headline, href=links.page(f"incidents/{incident.id}"))
    began = moment_words(incident.started_at, shown.policy.time_zone)
    ended = f"lasted {lasted(incident)}" if incident.resolved_at else STATUS_WORDS[incident.status]
    return el("li", link, el("span", f"{began} · {ended}", class_="facts"))


_TARGETS: Mapping[str, str] = {
    "updates": "You hear from us",
    "respond": "We begin to work on it",
    "resolve": "We aim to have it solved",
}


def _targets_of(row: Priority) -> Mapping[str, str]:
    """By what of it may be published."""
    every = row.update_every.get(CUSTOMERS)
    first = row.first_word_within.get(CUSTOMERS, every)
    told = f"Within {span_words(first)}, then every {span_words(every)}" if first and every else "When there is news"
    return {
        "updates": told,
        "respond": f"Within {span_words(row.respond_within)}" if row.respond_within else "No target",
        "resolve": f"Within {span_words(row.resolve_within)}" if row.resolve_within else "No target",
    }
