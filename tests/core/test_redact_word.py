"""`redact`: what it takes, and what is left of the words."""

import pytest

from bot.cards import (
    Card,
    Code,
    Facts,
    Group,
    Lines,
    Link,
    Mention,
    Names,
    Note,
    Open,
    Press,
    Rule,
    Strong,
    Text,
    Tone,
    When,
)
from bot.commands import redact
from bot.commands.spec import Context, History
from bot.events import (
    BridgeSet,
    Closed,
    Declared,
    DraftEnded,
    Entry,
    Event,
    NoteAdded,
    Redacted,
    RoleReleased,
    TitleChanged,
    UpdateDrafted,
    UpdatePublished,
)
from bot.notices import Kind, Notice
from bot.plain import plain_text
from bot.policy import CUSTOMERS
from bot.posts import Post, SetTopic, ToRoom
from bot.redaction import REDACTED, reworded, terms, without, words_of
from bot.refs import Person
from bot.refusals import NotAllowed, Refused
from tests.core.asking import form_of, refused, said
from tests.core.builders import ANA, BEN, CHEN, POLICY, TEN, context, declared, staffed
from tests.core.reading_along import Desk
from tests.gallery import GALLERY
from tests.scenario import at

TEAM = staffed(declared())
DRAFT = UpdateDrafted(update=UpdatePublished(number=1, audiences=(CUSTOMERS,), what="Mr Kent cannot pay"))
LOG: tuple[Event, ...] = (
    Declared(title="Mr Kent cannot pay", priority="high"),
    NoteAdded(text="He lives in Smallville."),
    Closed(),
    NoteAdded(text=REDACTED),
)


OURS = (
    *("all", "high", "High.", "open", "update", "next update", "critical", "internal", "customers", "30m", "is", "by"),
    *("resolved", "investigating", "Incident commander", "INC-42", "yes", "is critical", "has no", "for"),
)


def knowing(events: tuple[Event, ...] = LOG) -> Context:
    entries = tuple(Entry(version=place, at=TEN, by=ANA, event=event) for place, event in enumerate(events, 1))
    return context(BEN, history=History(entries=entries))


def shown(card: Card | None) -> str:
    assert card is not None
    return plain_text(card, TEN, Names())


def test_the_commander_redacts_an_entry_by_its_number_and_says_why() -> None:
    outcome = said(TEAM, redact.SPEC, "#2 an address", knowing())

    assert outcome.events == (Redacted(entry=2, reason="an address"),)
    assert shown(outcome.reply) == (
        "Entry 2 of INC-42 is redacted, and messages in chats are edited. Mail and whatever else cannot be edited "
        "keeps them, and so do backups and what people wrote themselves."
    )


def test_of_a_title_it_is_said_that_the_room_is_named_by_it() -> None:
    assert shown(said(TEAM, redact.SPEC, "1 a name", knowing()).reply).endswith(
        "The room keeps its name: it is changed in the chat."
    )


def test_without_a_number_it_lists_what_holds_words() -> None:
    outcome = said(TEAM, redact.SPEC, "", knowing())

    assert outcome.events == ()
    assert shown(outcome.reply) == (
        "What people wrote in INC-42. 1 · 10:00 UTC Declared by @someone: Mr Kent cannot pay. High. "
        "2 · 10:00 UTC Note by @someone: He lives in Smallville. "
        "redact N REASON overwrites the words of entry N for good."
    )


def test_where_nobody_wrote_anything_there_is_nothing_to_list() -> None:
    said_so = said(TEAM, redact.SPEC, "", context(BEN)).reply

    assert shown(said_so) == "No entry of INC-42 holds words that could be redacted."


def test_a_reason_is_asked_for() -> None:
    form = form_of(said(TEAM, redact.SPEC, "2", knowing()))

    assert [(field.name, field.value) for field in form.fields] == [("entry", "2"), ("reason", "")]


def test_redacting_twice_changes_nothing() -> None:
    outcome = said(TEAM, redact.SPEC, "4 an address", knowing())

    assert (outcome.events, shown(outcome.reply)) == ((), "Entry 4 of INC-42 is redacted already; nothing changed.")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("9 a name", "INC-42 has no such entry: `redact` alone lists them."),
        ("x a name", "INC-42 has no such entry: `redact` alone lists them."),
        ("3 a name", "Entry 3 of INC-42 holds nobody's words: who, when and what happened stays."),
    ],
)
def test_what_is_no_words_is_refused(line: str, sentence: str) -> None:
    refusal: Refused = refused(lambda: said(TEAM, redact.SPEC, line, knowing()))

    assert refusal.sentence == sentence


def test_it_is_for_the_commander() -> None:
    refusal = refused(lambda: said(TEAM, redact.SPEC, "2 an address", context(CHEN)))

    assert isinstance(refusal, NotAllowed)
    assert refusal.sentence.startswith("Redacting an entry of INC-42 is for the incident commander")


def test_what_sitrep_says_itself_is_nobodys_words() -> None:
    ours, theirs = (RoleReleased(role="sme", person=ANA, reason=reason) for reason in ("left", "on holiday with Bo"))

    assert words_of(ours) == frozenset()
    assert words_of(theirs) == {"on holiday with Bo"}


def test_only_who_sends_a_draft_back_gives_the_reason_of_its_end() -> None:
    ends = [DraftEnded(number=1, audiences=(), outcome=how, reason="Too vague.") for how in ("sent back", "withdrawn")]

    assert [words_of(event) for event in ends] == [{"Too vague."}, frozenset()]


def test_the_same_words_are_gone_from_every_entry_that_says_just_them() -> None:
    words = words_of(DRAFT)

    changed = [without(event, words) for event in (DRAFT, DRAFT.update, TitleChanged(title="Mr Kent cannot pay"))]

    assert [words_of(event) for event in changed] == [frozenset()] * 3
    assert without(NoteAdded(text="Another"), words) == NoteAdded(text="Another")
    assert without(Closed(), words) == Closed()


def test_an_address_is_emptied() -> None:
    assert without(BridgeSet(url="https://meet.example/s"), {"https://meet.example/s"}) == BridgeSet(url="")


def test_words_are_gone_from_every_part_of_a_message() -> None:
    notice = Notice(about=Kind.UPDATE, headline="Mr Kent can…", status="open")
    card = Card(
        title=("INC-42 mr kent  cannot pay",),
        tone=Tone.WARNING,
        body=(
            Text(("Mr\nKent cannot pay. Next by ", When(TEN), Mention(Person("P-1")), Group("slack:@a"))),
            Facts((("Title", (Strong(("Mr Kent cannot pay",)),)),)),
            Lines((("Mr Kent cannot payback", Code("Mr Kent cannot pay")),)),
            Note((Link("Mr Kent cannot pay!", "https://example.com"),)),
            Rule(),
        ),
        actions=(
            Press(label="Go", command="next", values={"audience": "all"}, incident=42),
            Open(label="O"),
        ),
    )
    post = Post(to=ToRoom(), card=card, key="k", notice=notice)

    waiting, out = (reworded(post, ["Mr Kent cannot pay."], out=sent) for sent in (False, True))

    assert (
        waiting.card
        == out.card
        == Card(
            title=(f"INC-42 {REDACTED}",),
            tone=Tone.WARNING,
            body=(
                Text((f"{REDACTED}. Next by ", When(TEN), Mention(Person("P-1")), Group("slack:@a"))),
                Facts((("Title", (Strong((REDACTED,)),)),)),
                Lines((("Mr Kent cannot payback", Code("Mr Kent cannot pay")),)),
                Note((Link(f"{REDACTED}!", "https://example.com"),)),
                Rule(),
            ),
            actions=card.actions,
        )
    )
    assert (waiting.notice and waiting.notice.headline, out.notice) == (REDACTED, None)


def test_words_that_are_only_dots_take_nothing_away() -> None:
    post = Post(to=ToRoom(), card=Card(body=(Text(("Wait ... here",)),)), key="k")

    assert reworded(post, ["..."], out=False) == post


@pytest.mark.parametrize("ours", OURS)
def test_a_word_that_sitrep_says_too_is_left_in_its_own_sentences_buttons_and_values(ours: str) -> None:
    notice = Notice(about=Kind.UPDATE, headline="Checkout", status="open", priority="high", services=("all",))

    for name, card in GALLERY.items():
        post = Post(to=ToRoom(), card=card, key="k", notice=notice)
        assert reworded(post, [ours], out=False, ours=terms(POLICY)) == post, name


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("INC-42 Kent", "INC-42 [redacted]"),
        ("INC-42 (private) Kent: update 3", "INC-42 (private) [redacted]: update 3"),
        ("You are comms of DRILL INC-42 Kent", "You are comms of DRILL INC-42 [redacted]"),
        ("INC-42 Kent is resolved", "INC-42 [redacted] is resolved"),
        ("The next update on INC-42 Kent comes by ", "The next update on INC-42 [redacted] comes by "),
        ("No further update on INC-42 Kent is expected.", "No further update on INC-42 [redacted] is expected."),
        ("INC-42 Kent is cancelled: it was a test.", "INC-42 [redacted] is cancelled: it was a test."),
        ("INC-42 Kent is the same as INC-7", "INC-42 [redacted] is the same as INC-7"),
        ("INC-42 Kent is open again.", "INC-42 [redacted] is open again."),
        ("INC-42 Kent: ", "INC-42 [redacted]: "),
        ("INC-42 is critical: Kent.", "INC-42 is critical: [redacted]."),
        ("Waiting. Kent. Then more.", "Waiting. [redacted]. Then more."),
        ("kent", "[redacted]"),
        ("Cancelled: false alarm, kent.", "Cancelled: false alarm, [redacted]."),
        ("Kent knows, Kentish too, and Kent", "Kent knows, Kentish too, and Kent"),
    ],
)
def test_a_short_phrase_is_gone_where_it_stands_as_what_somebody_wrote(said: str, left: str) -> None:
    changed = reworded(Post(to=ToRoom(), card=Card(body=(Text((said,)),)), key="k"), ["Kent."], out=False)

    assert changed.card == Card(body=(Text((left,)),))


def told(desk: Desk) -> str:
    """Everything that stands in every message."""
    return " ".join(
        plain_text(row.order.card, at("10:20"), Names()) for row in desk.store.data.rows if isinstance(row.order, Post)
    )


def test_redacted_words_stand_nowhere_any_more() -> None:
    desk = Desk()
    number = desk.declare("10:00", "critical Mr Kent cannot pay")
    desk.say("10:05", "ben", "update Mr Kent cannot pay next:20m", number=number)
    desk.say("10:06", "ben", "note seen", number=number)
    assert "Mr Kent" in told(desk)

    desk.say("10:10", "ben", "redact 1 a name", number=number)

    after = desk.incident()
    assert (after.title, after.told["internal"].update.what) == (REDACTED, REDACTED)
    assert "Mr Kent" not in told(desk) + str(desk.store.data.logs) + str(desk.store.data.indexes)
    topics = [row.order for row in desk.store.data.rows if isinstance(row.order, SetTopic)]
    assert [topic.text for topic in topics] == [f"INC-1 · Critical · {REDACTED}"]


def test_a_short_reason_why_no_update_follows_is_gone_too() -> None:
    desk = Desk()
    number = desk.declare("10:00")
    desk.submit("10:05", "ben", "update", what="It is slow.", steps="Waiting.", next="none", reason="Ask Kent.")
    assert "Kent" in told(desk)
    entry = next(one.version for one in desk.store.data.logs[number] if isinstance(one.event, UpdatePublished))

    desk.say("10:10", "ben", f"redact {entry} a name", number=number)

    assert "Kent" not in told(desk)


def test_redacting_changes_no_deadline() -> None:
    desk = Desk()
    desk.declare("10:00")
    before = desk.incident()

    desk.say("10:10", "ben", "redact 1 a name", number=1)

    assert desk.incident().promises == before.promises
