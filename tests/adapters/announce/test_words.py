"""A card as plain paragraphs and as HTML: everything is words, whatever somebody typed."""

from html.parser import HTMLParser

from adapters.announce.words import page, paragraphs
from bot.cards import Card, Code, Facts, Lines, Link, Mention, Names, Note, Open, Press, Rule, Text
from bot.refs import Person
from tests.adapters.announce.rig import AT

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "&lt;b&gt;",
    "line\r\nBcc: all@example.com",
    "\u202egnp.exe",
    "<!--",
    "</body></html>",
    "<style>*{display:none}</style>",
    "<iframe src=//evil.example>",
)
KNOWN = {"html", "head", "meta", "title", "body", "h1", "p", "b", "br", "ul", "li", "hr", "a"}


class Tags(HTMLParser):
    """Which tags and attributes there are."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


def everything(words: str) -> Card:
    return Card(
        title=(words,),
        body=(
            Text((words, Link(words, f"javascript:{words}"), Code(words), Mention(Person("P-1")))),
            Facts(((words, (words,)),)),
            Rule(),
            Lines(((words,), (words,))),
            Note((words, Link(words, "https://example.com/?a=1&b=2"))),
        ),
        actions=(Open(label=words, url="https://example.com/room"), Press(label=words, command="resolve")),
    )


def test_hostile_words_are_words() -> None:
    for words in HOSTILE:
        read = Tags()
        read.feed(page(words, everything(words), AT, Names(people={Person("P-1"): words})))

        assert set(read.tags) <= KNOWN, words
        assert {name for name, _ in read.attributes} <= {"lang", "charset", "name", "content", "style", "href"}, words
        links = {value for name, value in read.attributes if name == "href"}
        assert links == {"https://example.com/?a=1&b=2", "https://example.com/room"}
        assert "\u202e" not in read.words


def test_a_page_fetches_nothing_from_anywhere() -> None:
    assert "src=" not in page("INC-42", everything("words"), AT, Names())
    assert "@import" not in page("INC-42", everything("words"), AT, Names())


def test_each_part_is_a_paragraph() -> None:
    found = paragraphs(everything("w"), AT, Names())

    assert found == ("www@someone", "w: w", "- w\n- w", "ww", "w: https://example.com/room")
