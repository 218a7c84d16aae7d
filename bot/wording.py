"""What an organisation has decided about its words: whom they may name, plain words for jargon, texts to start from."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Names and words that are not for everybody."""

    vendors: tuple[str, ...] = ()
    internal_names: tuple[str, ...] = ()
    customer_names: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """Beginnings of addresses that people outside may be sent to, beside `look_at` and `support`."""
    jargon: Mapping[str, str] = field(default_factory=dict[str, str])
    """A word of the trade to a plain one; to nothing where readers know it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An update for a kind of situation, to start from. `{service}` and `{since}` are filled in."""

    what: str = ""
    expect: str = ""
    words: str = ""
