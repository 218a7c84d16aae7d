"""Worked timelines of approval: the clock keeps running while words wait, and who approves is nudged by its steps."""

from dataclasses import replace

from bot import promises
from bot.approvers import still_asked
from bot.deadlines import coming, next_due
from bot.drafts import SENT_BACK, ended, parted
from bot.events import Cancelled, PromiseMade, Recipient, Reminded, Rung, UpdateDrafted, UpdatePublished
from bot.evolve_drafts import narrowed
from bot.final_words import ENDED_BECAUSE
from bot.ladders import still_true
from bot.policy import COMMANDER, CUSTOMERS, INTERNAL, SCRIBE, Standard
from bot.succession import APPROVER
from tests.scenario import ANA, BEN, DEE, HANA, LENA, MINUTE, Story, at, policy

CAREFUL = replace(policy(silence_after=99 * 60 * MINUTE), standards={CUSTOMERS: Standard(approve=("critical",))})


def critical() -> Story:
    story = Story(policy=CAREFUL)
    story.declare("10:00")
    story.hold("10:00")
    return story


def draft(story: Story, clock: str, following: str = "", *, final: bool = False) -> None:
    """Hana writes to internal and customers."""
    due = {name: at(following) for name in (INTERNAL, CUSTOMERS)} if following else {}
    number = story.incident.updates + 1
    update = UpdatePublished(number=number, audiences=(INTERNAL, CUSTOMERS), what="Looking.", next=due, final=final)
    parts = parted(update, story.incident, HANA, story.policy)
    settled = promises.by_update(story.incident, parts.told, due, "", at(clock), story.policy)
    story.write(clock, (*parts.events, *settled), by=HANA)


def approve(story: Story, clock: str) -> None:
    update = story.incident.drafts[0].update
    settled = promises.by_update(story.incident, update.audiences, update.next, "", at(clock), story.policy)
    story.write(clock, (update, *settled), by=BEN)


def unpromised(approvers: tuple[str, ...] = ("commander",)) -> Story:
    """Hana writes to customers, who are promised no moment."""
    standard = Standard(approve=("critical",), approvers=approvers)
    story = Story(policy=replace(CAREFUL, standards={CUSTOMERS: standard}))
    story.declare("10:00")
    story.hold("10:00")
    none = (PromiseMade(audience=name, due=None, cause="update") for name in (INTERNAL, CUSTOMERS))
    update = UpdatePublished(number=1, audiences=(CUSTOMERS,), what="Looking.")
    story.write("10:10", (*none, UpdateDrafted(update=update)), by=HANA)
    return story


def send_back(story: Story, clock: str) -> None:
    story.write(clock, ended(story.incident, (CUSTOMERS,), SENT_BACK, "Too long."), by=BEN)


def test_while_a_draft_waits_each_step_of_its_promise_reaches_who_approves() -> None:
    story = critical()
    draft(story, "10:10", "12:30")

    assert story.run("11:30") == [
        "10:55 Hana customers",
        "10:55 Ben customers",
        "11:00 room @Hana customers",
        "11:00 Ben customers",
        "11:05 room @Ben customers",
        "11:05 Ben customers",
        "11:15 leadership customers",
        "11:15 Ben customers",
        "11:30 leadership customers",
        "11:30 Ben customers",
    ]


def test_an_internal_update_leaves_the_ladder_of_customers_as_it_was() -> None:
    story = critical()

    story.update("10:20", (INTERNAL,), "11:20")

    assert story.run("11:05") == [
        "10:55 Hana customers",
        "11:00 room @Hana customers",
        "11:05 room @Ben customers",
        "11:05 Ben customers",
    ]


def test_once_approved_the_ladder_starts_anew_and_the_promise_was_kept() -> None:
    story = critical()
    draft(story, "10:10", "11:20")
    assert story.run("10:56") == ["10:55 Hana customers", "10:55 Ben customers"]

    approve(story, "10:57")

    assert story.run("11:15") == ["11:15 Hana internal+customers"]
    assert story.incident.tallies[CUSTOMERS].kept == 1


def test_a_draft_for_people_who_are_promised_no_moment_reminds_who_approves_ever_more_rarely() -> None:
    story = unpromised()

    assert story.run("21:00") == [
        "10:25 Ben draft:1",
        "10:55 Ben draft:1",
        "11:55 Ben draft:1",
        "13:55 Ben draft:1",
        "17:55 Ben draft:1",
    ]

    approve(story, "21:10")
    assert story.run("23:59") == []


def test_a_draft_that_nobody_is_asked_about_in_private_is_said_again_in_the_room() -> None:
    story = unpromised(("anyone",))

    assert story.run("11:00") == ["10:25 room draft:1", "10:55 room draft:1"]
    events = [entry.event for entry in story.entries if isinstance(entry.event, Reminded)]
    assert len({event.key for event in events}) == len(events)


def test_a_reminder_of_a_draft_alone_is_true_while_it_waits() -> None:
    story = unpromised()
    (rung,) = [one.rung for one in coming(story.incident, story.policy, {}) if one.rung.subject == "draft:1"]

    assert still_true(story.incident, rung, story.policy)
    send_back(story, "10:20")
    assert not still_true(story.incident, rung, story.policy)


def test_sent_back_only_who_writes_is_nudged() -> None:
    story = critical()
    draft(story, "10:10", "11:20")

    send_back(story, "10:30")

    assert story.run("11:00") == ["10:55 Hana customers", "11:00 room @Hana customers"]


def test_a_new_commander_is_nudged_in_place_of_the_old() -> None:
    story = critical()
    draft(story, "10:10", "11:20")

    story.leave("10:20", COMMANDER, BEN)
    story.hold("10:20", {COMMANDER: LENA})

    assert story.run("10:55") == ["10:55 Hana customers", "10:55 Lena customers"]


def test_an_approver_who_asked_for_quiet_is_told_once_when_it_ends_if_it_still_waits() -> None:
    story = critical()
    draft(story, "10:10", "11:20")
    story.snooze("10:54", BEN, 4)

    assert story.run("10:58") == ["10:55 Hana customers", "10:58 Ben customers"]


def test_what_was_kept_from_an_approver_is_dropped_once_nothing_waits() -> None:
    story = critical()
    draft(story, "10:10", "11:20")
    story.snooze("10:54", BEN, 4)
    assert story.run("10:55") == ["10:55 Hana customers"]

    send_back(story, "10:56")

    assert story.run("10:59") == []


def test_a_reminder_to_an_approver_is_theirs_only_while_they_are_asked() -> None:
    story = critical()
    draft(story, "10:10", "11:20")
    rung = Rung(subject="update:customers", generation=1, step=0, moment=at("11:00"), about=at("11:00"))
    to = Recipient(person=BEN, role=APPROVER)

    assert still_asked(story.incident, to, (rung,), story.policy, {})
    assert not still_asked(story.incident, replace(to, person=DEE), (rung,), story.policy, {})
    assert still_asked(story.incident, Recipient(person=DEE, role=SCRIBE), (rung,), story.policy, {})


def test_what_is_coming_names_who_approves_once() -> None:
    story = critical()
    draft(story, "10:10", "11:20")

    steps = [item for item in coming(story.incident, story.policy, {}) if item.rung.subject == "update:customers"]

    private = [[to.person for to in item.to if to.person and not to.room] for item in steps]
    assert private == [[HANA, BEN], [BEN], [BEN], [BEN]]


def test_a_cancelled_incident_reminds_until_the_last_words_are_said() -> None:
    story = critical()
    story.update("10:10", (CUSTOMERS,), "11:10")
    update = UpdatePublished(number=2, audiences=(CUSTOMERS,), what="All is well.", final=True)
    parts = parted(update, story.incident, HANA, story.policy)
    over = promises.by_ending(story.incident, at("10:30"), story.policy)
    owed = promises.final_words(parts.waiting, at("10:30"), story.policy)

    story.write("10:30", (Cancelled(reason="a probe"), *parts.events, *over, *owed), by=ANA)

    assert story.run("10:45") == [
        "10:40 Hana customers",
        "10:40 Ben customers",
        "10:45 room @Hana customers",
        "10:45 Ben customers",
    ]
    approve(story, "10:46")
    assert next_due(story.incident, story.policy) is None


def test_words_for_some_of_an_update_keep_their_moments_only() -> None:
    update = UpdatePublished(number=1, audiences=(INTERNAL, CUSTOMERS), what="a", words="b", next={INTERNAL: None})

    assert narrowed(update, (INTERNAL,)) == replace(update, audiences=(INTERNAL,), words="")
    assert narrowed(update, (CUSTOMERS,)) == replace(update, audiences=(CUSTOMERS,), next={})
    assert set(ENDED_BECAUSE.values()) == {"it was a false alarm", "it goes on as another incident"}
