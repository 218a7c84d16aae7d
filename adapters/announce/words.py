"""A card as plain paragraphs and as a page of HTML: what mail, programs and pagers show. Buttons are for chats."""

from datetime import datetime
from html import escape
from typing import assert_never

from adapters.visible import clean, one_line, page_address
from bot.cards import Card, Facts, Lines, Link, Names, Note, Open, Part, Rule, Span, Spans, Strong, Text
from bot.notices import Notice
from bot.plain import plain_spans

PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
    "<title>{title}</title></head>"
    '<body style="font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:1em auto;padding:0 1em">{body}</body></html>'
)


def title(card: Card, notice: Notice, at: datetime, names: Names) -> str:
    """The card's title, else what the incident is called."""
    return one_line(plain_spans(card.title, at, names)) or one_line(notice.headline)


def paragraphs(card: Card, at: datetime, names: Names) -> tuple[str, ...]:
    """The card's parts as plain paragraphs, its title left out."""
    found = (_plain(part, at, names) for part in card.body)
    links = tuple(f"{one_line(link.label)}: {url}" for link in card.actions if (url := _page(link)))
    return (*(words for part in found if (words := clean(part).strip())), *links)


def page(heading: str, card: Card, at: datetime, names: Names) -> str:
    """The card as a page of its own: everything escaped, nothing fetched from anywhere."""
    shown = escape(one_line(heading))
    parts = [f'<h1 style="font-size:1.25em">{shown}</h1>']
    parts += [_html(part, at, names) for part in card.body]
    links = ((link.label, _page(link)) for link in card.actions)
    parts += [f"<p>{_anchor(label, url)}</p>" for label, url in links if url]
    return PAGE.format(title=shown, body="".join(parts))


def _plain(part: Part, at: datetime, names: Names) -> str:
    match part:
        case Text(spans) | Note(spans):
            return plain_spans(spans, at, names)
        case Facts(pairs):
            return "\n".join(f"{label}: {plain_spans(value, at, names)}" for label, value in pairs)
        case Lines(items):
            return "\n".join(f"- {plain_spans(item, at, names)}" for item in items)
        case Rule():
            return ""
        case _:
            assert_never(part)


def _html(part: Part, at: datetime, names: Names) -> str:
    match part:
        case Text(spans):
            return f"<p>{_spans(spans, at, names)}</p>"
        case Note(spans):
            return f'<p style="font-size:.9em">{_spans(spans, at, names)}</p>'
        case Facts(pairs):
            rows = (f"<b>{escape(clean(label))}:</b> {_spans(value, at, names)}" for label, value in pairs)
            return f"<p>{'<br>'.join(rows)}</p>"
        case Lines(items):
            return f"<ul>{''.join(f'<li>{_spans(item, at, names)}</li>' for item in items)}</ul>"
        case Rule():
            return "<hr>"
        case _:
            assert_never(part)


def _spans(spans: Spans, at: datetime, names: Names) -> str:
    return "".join(_span(span, at, names) for span in spans)


def _span(span: Span, at: datetime, names: Names) -> str:
    if isinstance(span, Strong):
        return f"<b>{_spans(span.spans, at, names)}</b>"
    if isinstance(span, Link) and (url := page_address(span.url)):
        return _anchor(span.label or url, url)
    return escape(clean(plain_spans((span,), at, names))).replace("\n", "<br>")


def _anchor(label: str, url: str) -> str:
    return f'<a href="{escape(url)}">{escape(one_line(label))}</a>'


def _page(action: object) -> str:
    return page_address(action.url) if isinstance(action, Open) else ""
