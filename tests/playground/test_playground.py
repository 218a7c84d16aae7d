"""Sitrep in a client that Microsoft wrote: people press what its own renderer drew."""

import re

from playwright.sync_api import expect

from tests.playground.rig import ANNOUNCED, GENERAL, PERSONAL, Ana

TITLE = "INC-1 Checkout is down"


def test_an_incident_from_declare_to_resolve_by_presses_in_the_personal_chat(ana: Ana) -> None:
    ana.types("declare")
    form = ana.sees("Declare incident")
    ana.fills(form, What_is_wrong="Checkout is down")
    ana.chooses(form, "Critical")
    ana.presses("Declare", form)
    ana.sees("INC-1 is open in", "First update by")

    ana.types("status INC-1")
    shown = ana.sees(TITLE, "Next update by", "nobody yet")
    ana.presses("Claim commander", shown)
    expect(shown).to_contain_text("Incident commanderAna Souza")
    expect(shown.get_by_role("button", name="Claim commander")).to_have_count(0)

    nudge = ana.sees("Update on INC-1 is due in 30 minutes", within=15)
    ana.presses("Post update", nudge)
    composer = ana.sees("Post update: INC-1")
    ana.fills(composer, What_is_happening="About 4 in 10 card payments fail.", What_is_being_done="We roll back 5.8.")
    ana.chooses(composer, "1 h")
    ana.presses("Publish", composer)
    ana.sees("Update 1 came at")
    ana.sees("Update 1 is out to internal")
    expect(ana.page.locator("body")).not_to_contain_text("is due in 30 minutes")

    ana.types("status INC-1")
    ana.chooses_more("Resolve", ana.sees(TITLE, "Last update"))
    ending = ana.sees("Resolve INC-1")
    ana.fills(ending, How_was_it_resolved="Release 5.8 was rolled back.")
    ana.presses("Resolve", ending)
    expect(ending).to_contain_text("Say how it was checked")
    ana.fills(ending, How_was_it_verified="200 test payments went through.")
    ana.presses("Resolve", ending)
    ana.sees("Done: the card of INC-1 shows it.")
    ana.types("status INC-1")
    ana.sees(TITLE, "Resolved at")

    ana.goes_to(ANNOUNCED)
    for said in ("About 4 in 10 card payments fail.", "200 test payments went through."):
        for thread in ("Incident commanderAna Souza", "Resolved at"):  # of the room's card, and of the announcement
            expect(ana.post(TITLE, thread, said)).to_be_visible()


def test_a_mention_in_a_channel_opens_a_post_whose_card_shows_every_press(ana: Ana) -> None:
    ana.goes_to(GENERAL)
    ana.posts("declare critical Checkout is down")

    card = ana.sees(TITLE, "Incident commandernobody yet")
    promised = re.search(r"Next update by (\d\d?):(\d\d) \((\d\d):(\d\d) UTC\)", card.inner_text())
    assert promised, card.inner_text()
    assert (int(promised[1]) + 3) % 24 == int(promised[3])
    assert promised[2] == promised[4]
    line = ana.post("declare critical Checkout is down", "INC-1 is open in")
    expect(line.get_by_role("link")).to_have_attribute("href", re.compile("/l/message/"))

    ana.presses("Claim commander", card)

    ana.sees(TITLE, "Incident commanderAna Souza")
    expect(ana.post(TITLE)).to_contain_text("Ana Souza is incident commander of INC-1.")
    expect(ana.page.get_by_role("button", name="Claim commander")).to_have_count(0)


def test_a_private_incident_lives_in_the_personal_chat_that_it_was_declared_in(ana: Ana) -> None:
    ana.types("declare private critical Somebody reads our mail")
    card = ana.sees("INC-1 (private) Somebody reads our mail", "nobody yet")

    ana.presses("Claim commander", card)
    card = ana.sees("INC-1 (private) Somebody reads our mail", "Incident commanderAna Souza")
    ana.chooses_more("Cancel INC-1", card)
    ana.presses("Back", ana.sees("Why was it a false alarm?"))
    ana.sees("Nothing was changed.")
    expect(card).not_to_contain_text("Cancelled")

    for elsewhere in (GENERAL, ANNOUNCED):
        ana.goes_to(elsewhere)
        expect(ana.page.get_by_text("Start a new post")).to_be_visible()
        expect(ana.page.locator(".ac-adaptiveCard")).to_have_count(0)
    ana.goes_to(PERSONAL)
    ana.sees("INC-1 (private) Somebody reads our mail")
