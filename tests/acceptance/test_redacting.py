"""Words that must not stand anywhere: `redact`, in whichever chat people are."""

import re

from tests.acceptance.chats import Opens
from tests.acceptance.reading import until

SECRET = "Mr Kent of Smallville"


async def test_redacted_words_are_gone_from_every_message_and_page(world: Opens) -> None:
    async with world() as here:
        await here.types("ana", f"declare critical {SECRET} cannot pay")
        room = await here.room(1)
        await here.types("ben", "claim commander", room)
        await here.card(1, here.mention("ben"))
        await here.types("ben", f"update {SECRET} waits for his money steps:Asking him next:30m", room)
        await here.in_room(1, "waits for his money")
        listed = await (await here.types("ben", "redact", room)).hears("waits for his money")
        numbers = sorted(set(re.findall(rf"(\d+) · [^·]*?{SECRET}", listed)))

        for number in numbers:
            await (await here.types("ben", f"redact {number} a customer's name", room)).hears("is redacted")

        async def gone() -> bool:
            place = await here.place("incidents")
            said = [*await here.everything(room), *await here.everything(place)]
            return bool(said) and not any(SECRET in one.words for one in said)

        assert len(numbers) == 2
        await until(gone, within=8, what="no message with the words")
        status, page = await here.sitrep.page("/status")
        assert (status, SECRET in page, SECRET in here.sitrep.log) == (200, False, False)
        await here.in_room(1, "Update 1 on INC-1 [redacted]")
