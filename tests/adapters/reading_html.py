"""HTML as somebody reads it: its text, its links, its elements; parsed, never searched as a string."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = frozenset({"br", "hr", "img", "link", "meta"})


@dataclass
class Read:
    """What was in a document."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list[tuple[str, dict[str, str | None]]])
    texts: list[str] = field(default_factory=list[str])
    unclosed: list[str] = field(default_factory=list[str])

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.elements if found == name]

    @property
    def links(self) -> list[str]:
        return [str(one["href"]) for name in ("a", "link") for one in self.all(name)]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Read()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.found.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.found.unclosed.pop() == tag

    def handle_data(self, data: str) -> None:
        self.found.texts.append(data)


def read(document: bytes | str) -> Read:
    """The document, whose every element must end where it should."""
    parser = _Parser()
    parser.feed(document.decode() if isinstance(document, bytes) else document)
    parser.close()
    assert parser.found.unclosed == []
    return parser.found
