"""A page that looks as Slack does around a message or a form: the blocks themselves are drawn by others."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

STYLE = Path(__file__).resolve().parent.parent / "node_modules" / "slack-blocks-to-jsx" / "dist" / "style.css"

FRAME = """
body { margin: 0; background: #fff; color: #1d1c1d;
  font: 15px/1.46 Lato, "DejaVu Sans", "Noto Color Emoji", sans-serif; }
#picture { padding: 16px 20px; box-sizing: border-box; }
.message { display: flex; gap: 8px; margin-bottom: 8px; }
.logo { flex: none; width: 36px; height: 36px; border-radius: 8px; background: #1f2937; color: #fff; font-weight: 700;
  display: flex; align-items: center; justify-content: center; }
.who { font-weight: 900; }
.app { font-size: 10px; background: #ddd; border-radius: 2px; padding: 1px 3px; margin: 0 4px; vertical-align: 2px; }
.time { font-size: 12px; color: #616061; }
.blocks { flex: 1; min-width: 0; }
.mention { background: #e8f5fa; color: #1264a3; border-radius: 3px; padding: 0 2px; }
.view { border: 1px solid #ccc; border-radius: 8px; box-shadow: 0 2px 12px #0002; margin-bottom: 16px; }
.view h1 { font-size: 20px; margin: 0; padding: 16px 24px; border-bottom: 1px solid #eee; }
.view main { padding: 12px 24px; }
.view footer { padding: 12px 24px; border-top: 1px solid #eee; text-align: right; }
.view footer span { display: inline-block; border: 1px solid #bbb; border-radius: 4px; padding: 6px 12px;
  font-weight: 700; margin-left: 8px; }
.view footer .submit { background: #007a5a; border-color: #007a5a; color: #fff; }
#picture :not(code):not(.caption) { font-family: inherit; }
#picture textarea { height: 44px !important; min-height: 0 !important; }
#picture .slack_blocks_to_jsx__input .text-small > p { display: none; }
.caption { font: 12px "DejaVu Sans Mono", monospace; color: #888; margin: 16px 0 4px; }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A payload to look at."""

    payload: Mapping[str, Any]
    blocks: str
    """The HTML of its blocks."""
    clock: str
    """What stands beside the sender."""


def page(shown: Mapping[str, Piece], *, captions: bool) -> str:
    """The page with these pieces, by name."""
    parts = [
        (f'<div class="caption">{escape(name)}</div>' if captions else "") + _framed(piece)
        for name, piece in shown.items()
    ]
    style = f"<style>{STYLE.read_text(encoding='utf-8')}</style><style>{FRAME}</style>"
    body = f'<div id="picture">{"".join(parts)}</div>'
    return f'<!doctype html><html><head><meta charset="utf-8">{style}</head><body>{body}</body></html>'


def _framed(piece: Piece) -> str:
    if piece.payload.get("type") == "modal":
        return _view(piece.payload, piece.blocks)
    head = f'<span class="who">sitrep</span><span class="app">APP</span><span class="time">{piece.clock}</span>'
    inside = f'<div class="blocks"><div>{head}</div>{piece.blocks}</div>'
    return f'<div class="message"><div class="logo">S</div>{inside}</div>'


def _view(payload: Mapping[str, Any], blocks: str) -> str:
    title, submit, close = (escape(payload[part]["text"]) for part in ("title", "submit", "close"))
    buttons = f'<span>{close}</span><span class="submit">{submit}</span>'
    return f'<div class="view"><h1>{title}</h1><main>{blocks}</main><footer>{buttons}</footer></div>'
