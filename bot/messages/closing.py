"""How every text for people outside ends: where they look, and whom they ask."""

from bot.cards import Link, Span, Spans
from bot.messages.phrases import spread
from bot.policy import INTERNAL, Policy


def closing_words(audience: str, policy: Policy) -> Spans:
    """Where these people look and whom they ask, as the policy has it: the end of every text for them."""
    standard = policy.standards.get(audience)
    if standard is None or audience == INTERNAL:
        return ()
    look = ("Where to look: ", _place(standard.look_at), ".") if standard.look_at else ()
    ask = ("Whom to ask: ", _place(standard.support), ".") if standard.support else ()
    return spread(tuple(part for part in (look, ask) if part), " ")


def _place(said: str) -> Span:
    """An address to follow, or words."""
    words = said.rstrip(".")
    return Link(label=words, url=words) if words.startswith(("https://", "http://")) else words
