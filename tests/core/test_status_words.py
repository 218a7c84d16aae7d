"""`investigating`, `identified`, `monitoring`."""

from itertools import permutations

import pytest

from bot.commands import status_words
from bot.commands.spec import Context, Outcome, Spec
from bot.events import Closed, PromiseMade, Resolved, Status, StatusChanged
from bot.incident import OPEN as OPEN_STATUSES
from bot.incident import Incident
from bot.policy import INTERNAL
from bot.promises import by_next
from tests.core.asking import decided, kinds, only, refused
from tests.core.builders import ANA, BEN, CHEN, HANA, POLICY, TEN, context, declared, grown, moment, staffed, words

WORDS = {Status(spec.word): spec for spec in status_words.SPECS}
STAFFED = staffed(declared())


def at_status(status: Status) -> Incident:
    return grown(STAFFED, TEN, BEN, StatusChanged(status=status, before=STAFFED.status))


def to(status: Status, incident: Incident, asked: Context | None = None, was: str = "") -> Outcome:
    spec: Spec = WORDS[status]
    return decided(incident, spec, asked or context(ANA), was=was)


def test_there_is_a_word_for_each_status_of_an_open_incident() -> None:
    assert set(WORDS) == set(OPEN_STATUSES)


@pytest.mark.parametrize(("before", "status"), list(permutations(sorted(OPEN_STATUSES), 2)))
def test_from_any_open_status_to_any_other(before: Status, status: Status) -> None:
    outcome = to(status, at_status(before))

    assert only(StatusChanged, outcome) == StatusChanged(status=status, before=before)
    assert outcome.reply is None


def test_outside_the_room_the_answer_says_it() -> None:
    outcome = to(Status.IDENTIFIED, STAFFED, context(ANA, in_room=False))

    assert words(outcome.reply) == "INC-42 is identified."


def test_the_status_that_stands_changes_nothing() -> None:
    outcome = to(Status.IDENTIFIED, at_status(Status.IDENTIFIED))

    assert outcome.events == ()
    assert words(outcome.reply) == "INC-42 is identified since 10:00 UTC; nothing changed."


def test_a_status_other_than_monitoring_ends_none_expected() -> None:
    silent = grown(STAFFED, TEN, HANA, *by_next(STAFFED, (INTERNAL,), None, "waiting for the supplier", TEN, POLICY))

    assert only(PromiseMade, to(Status.IDENTIFIED, silent)).cause == "status"
    assert kinds(to(Status.MONITORING, silent)) == ["StatusChanged"]


def test_an_old_button_does_not_set_the_status_back() -> None:
    refusal = refused(lambda: to(Status.IDENTIFIED, at_status(Status.MONITORING), was="investigating"))

    assert refusal.sentence == "INC-42 has moved on to monitoring: use its card."


def test_a_button_of_this_moment_counts() -> None:
    assert kinds(to(Status.IDENTIFIED, STAFFED, was="investigating")) == ["StatusChanged"]


def test_what_is_resolved_is_reopened_first() -> None:
    resolved = grown(STAFFED, TEN, BEN, Resolved(how="x", verified="y"))

    refusal = refused(lambda: to(Status.MONITORING, resolved, context(ANA, moment("10:20"))))

    assert refusal.sentence.startswith("INC-42 is resolved since")
    assert refusal.sentence.endswith(": if the trouble is back, `reopen REASON`.")


def test_who_comes_a_moment_too_late_is_told_so() -> None:
    resolved = grown(STAFFED, TEN, BEN, Resolved(how="x", verified="y"))

    late = refused(lambda: to(Status.MONITORING, resolved, context(ANA, moment("10:00:30"))))
    own = refused(lambda: to(Status.MONITORING, resolved, context(BEN, moment("10:00:30"))))

    assert late.sentence == "@Ben resolved INC-42 a moment earlier: see its card."
    assert own.sentence.startswith("INC-42 is resolved since")


def test_what_has_ended_is_opened_first() -> None:
    closed = grown(STAFFED, TEN, BEN, Resolved(how="x", verified="y"), Closed())

    assert "INC-42 is closed since" in refused(lambda: to(Status.IDENTIFIED, closed)).sentence


def test_a_status_is_for_those_who_work_on_it() -> None:
    refusal = refused(lambda: to(Status.IDENTIFIED, STAFFED, context(CHEN, in_room=False)))

    assert refusal.sentence.startswith("Setting the status of INC-42 is for those who work on it")
