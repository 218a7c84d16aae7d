"""Strings that want to be something else: a mention, a link, markup, a way out of a quotation, or simply too long."""

import random
from collections.abc import Iterator

from bot.cards import (
    Card,
    Code,
    Confirm,
    Due,
    Facts,
    Group,
    Lines,
    Link,
    Mention,
    Note,
    Open,
    Press,
    RoomLink,
    Strong,
    Text,
    Tone,
    When,
)
from tests.samples.world import BEN, KIM, NOW

FRAGMENTS = (
    *("<!channel>", "<!here>", "<!everyone>", "<!here|here>", "<!subteam^S1>", "<!subteam^SONCALL|x>"),
    *("<@U1>", "<@UBEN>", "<@UBEN|Ben>", "<#C42>", "<#C42|room>", "@channel", "@here", "@everyone", "@Ben"),
    *(
        "<https://evil.example|https://good.example>",
        "https://evil.example/<@UBEN>",
        "http://a|b>",
        "javascript:alert(1)",
    ),
    *("<at>Ben</at>", "<at>Everyone</at>", "[good](https://evil.example)", "![x](https://evil.example/x.png)"),
    *("&lt;!channel&gt;", "&amp;lt;@UBEN&amp;gt;", "&", "<", ">", "&lt", "&#60;!here&#62;", "&amp;"),
    *("*", "**", "_", "~", "`", "```", "\\", "|", "||", ">", "\n", "\r\n", "\n\n\n\n", "\t", " ", "   "),
    *("\x00", "\x07", "\x1b[31m", "\u202e", "\u2066", "\u2028", "\ud800", "\udfff", "\ufeff", "\u200b", "\u200d"),
    *(
        "@{slack:T1/UBEN|Ben}",
        "@P-2",
        "{{DATE(2026-11-23T10:00:00Z,SHORT)}}",
        "<!date^1^{time}|x>",
        "{",
        "}",
        "$",
        "%s",
    ),
    *(
        "é",
        "e\u0301",
        "日本語",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "\U0001f1e9\U0001f1ea",
        "\U0001f44d\U0001f3fd",
    ),
    *("\U0001f3f4\U000e0067\U000e0062\U000e007f", "\N{ARABIC LETTER ALEF}", "\u0300" * 40, "\ufdfa"),
    *("'", '"', "';--", "</script>", "<b>", "null", "-", "INC-42", "checkout is down", "4 in 10 payments fail", "."),
)
LONG = 40
"""Every that many strings, a long one."""


def strings(seed: int = 42) -> Iterator[str]:
    """Hostile strings without end, the same ones each time."""
    draw = random.Random(seed)
    number = 0
    while True:
        number += 1
        parts = draw.choices(FRAGMENTS, k=draw.randint(1, 6))
        yield "".join(parts) * (draw.choice((40, 200)) if number % LONG == 0 else 1)


HOLDS = 16
"""Strings in a card."""
ROOM = 42
"""The one that a card means to link to."""


def card(words: list[str]) -> Card:
    """A card with hostile words wherever words can stand. It means to mention Ben, and Kim, who is in another chat."""
    quiet = Press(label=words[8], command="note", values={"text": words[9]}, incident=42, more=True)
    question = Confirm(title=words[10], text=words[11], yes=words[12], no=words[13])
    return Card(
        title=(words[0], Due(NOW)),
        tone=Tone.WARNING,
        headline=len(words[0]) % 2 == 0,
        body=(
            Text((words[1], Mention(BEN), words[2], Strong((words[3], When(NOW), words[4])))),
            Facts(((words[5], (words[6], Mention(KIM))), ("Code", (Code(words[7]), Group(words[14]))))),
            Lines(
                ((words[15], Link(words[0], words[1])), (Link(words[2], "https://status.example.com/|<>" + words[3]),))
            ),
            Note((words[8], RoomLink(ROOM), RoomLink(7), Strong((Code(words[9]), Link(words[4], words[5]))))),
        ),
        actions=(
            Press(label=words[6], command="update", values={"text": words[7]}, incident=42, confirm=question),
            Open(label=words[10], url=words[11]),
            quiet,
        ),
    )
