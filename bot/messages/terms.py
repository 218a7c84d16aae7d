"""The organisation's own definitions: its terms, priorities and communication standards (guide, pages 6, 10 and 17)."""

from collections.abc import Iterator

from bot.cards import Card, Lines, Part, Rule, Spans, Strong, Text
from bot.messages.phrases import listed, priority_word, within
from bot.plain import span_words
from bot.policy import Policy, Priority

SAYS = {
    "what": "what is happening",
    "steps": "what is being done",
    "detected": "when it was detected",
    "who": "who is affected",
    "expect": "what people can expect or do",
    "next": "when the next update comes",
}
"""What an update must say, as `must_say` names it."""


def terms_card(policy: Policy) -> Card:
    """What the organisation means by its words, its priorities with examples and times, and what updates must say."""
    parts: list[tuple[Part, ...]] = [
        tuple(Text(_term(name, policy)) for name in policy.terms),
        (Lines(tuple(_priority(priority) for priority in policy.priorities)),),
        tuple(_standards(policy)),
    ]
    body: list[Part] = []
    for part in parts:
        body += [Rule(), *part] if body and part else part
    return Card(title=(f"Words of {policy.organisation}",), body=tuple(body))


def _term(name: str, policy: Policy) -> Spans:
    term = policy.terms[name]
    example = f" For example: {within(term.example)}." if term.example else ""
    return (Strong((f"{name.replace('_', ' ').capitalize()}:",)), f" {term.means}{example}")


def _priority(priority: Priority) -> Spans:
    said = [priority.means, f"Such as: {within(priority.example)}." if priority.example else "", _times(priority)]
    return (Strong((f"{priority_word(priority.name)}:",)), f" {' '.join(part for part in said if part)}")


def _times(priority: Priority) -> str:
    respond, resolve = priority.respond_within, priority.resolve_within
    allowed = [f"first response within {span_words(respond)}"] if respond else []
    allowed += [f"resolved within {span_words(resolve)}"] if resolve else []
    every = [f"{name} every {span_words(interval)}" for name, interval in priority.update_every.items()]
    sentences = [listed(allowed), f"updates: {', '.join(every)}" if every else ""]
    return " ".join(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in sentences if sentence)


def _standards(policy: Policy) -> Iterator[Text]:
    for audience, standard in policy.standards.items():
        where = f" ({standard.channel})" if standard.channel else ""
        says = listed([SAYS.get(name, name) for name in standard.must_say])
        each = f" each says {says}." if says else " nothing is demanded."
        yield Text((Strong((f"Updates to {audience}{where}:",)), each))
