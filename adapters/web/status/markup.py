"""Pages and feeds as trees: a string in a tree is text, whatever it says, and is escaped once, when it is written.

There is no way to write markup from a string, so there is none to forget.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

VOID = frozenset({"br", "hr", "img", "link", "meta"})
"""HTML's elements without an end."""
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element with what is in it."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])
    children: "tuple[Node, ...]" = ()


Node = Element | str


def el(name: str, /, *children: "Node | Iterable[Node] | None", **attributes: str) -> Element:
    """An element. `class_` is `class`; `aria_label` is `aria-label`; an empty attribute is left out."""
    named = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value}
    return Element(name, named, tuple(_flat(children)))


def _flat(children: "Iterable[Node | Iterable[Node] | None]") -> "Iterator[Node]":
    for child in children:
        if child is None:
            continue
        if isinstance(child, Element | str):
            yield child
        else:
            yield from child


def page(root: Element) -> bytes:
    """An HTML document."""
    return ("<!doctype html>\n" + "".join(_written(root, VOID))).encode()


def feed(root: Element) -> bytes:
    """An XML document."""
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + "".join(_written(root, None))).encode()


def fragment(nodes: Iterable[Node]) -> str:
    """HTML as text: what stands, escaped once more, in a feed's entry."""
    return "".join(piece for node in nodes for piece in _written(node, VOID))


def _written(node: Node, void: frozenset[str] | None) -> Iterator[str]:
    """`void`: elements without an end; None: XML, where an empty element ends itself."""
    if isinstance(node, str):
        yield _text(node)
        return
    attributes = "".join(f' {name}="{_text(value)}"' for name, value in node.attributes.items())
    if void is None and not node.children:
        yield f"<{node.name}{attributes}/>"
        return
    yield f"<{node.name}{attributes}>"
    if void is not None and node.name in void:
        return
    for child in node.children:
        yield from _written(child, void)
    yield f"</{node.name}>"


def _text(text: str) -> str:
    return escape(_UNFIT.sub("\ufffd", text))
