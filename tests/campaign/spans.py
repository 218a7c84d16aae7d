"""Spans of time, as pairs of seconds."""

from collections.abc import Iterable

Span = tuple[float, float]


def merged(spans: Iterable[Span]) -> list[Span]:
    """When at least one of them was, in order, without gaps that are none."""
    found: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """What is left of them."""
    left = list(spans)
    for begin, end in holes:
        pieces = [piece for span in left for piece in ((span[0], min(span[1], begin)), (max(span[0], end), span[1]))]
        left = [piece for piece in pieces if piece[0] < piece[1]]
    return left
