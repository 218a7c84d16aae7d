"""Something odd in the place of something: values, parts of a structure, bytes, headers."""

import json
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

Path = tuple[Any, ...]

DEEP: Any = [[[[[[[[[[[[[[[[{"a": [{}]}]]]]]]]]]]]]]]]]
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    1e308,
    2**31,
    2**63,
    10**400,
    "",
    " ",
    "\u0000",
    "a\u0000b",
    "\u202eevil\u2066",
    "\ufeff",
    "\ud83d\ude92" * 50,
    "e\u0301" * 200,
    "x" * 5000,
    "x" * 70_000,
    "1" * 400,
    "-1",
    "<!channel> <@U1> <script>alert(1)</script>",
    "@{slack:T1/U1|x}",
    "@{teams:larkfield/o-ana|x}",
    "@P-1 @P-999999999 @P-99999999999999999999",
    "INC-999999999",
    "INC-99999999999999999999",
    "'; DROP TABLE events; --",
    "%s%n{0}{x.__class__}${jndi:x}",
    "../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "2026-13-45T99:99",
    "9999999999h",
    "none",
    "slack:T1/C1",
    "C1",
    "U1",
    "T1",
    [],
    {},
    [None],
    [[]],
    [{}],
    {"": None},
    {"type": {"type": []}},
    {"id": []},
    DEEP,
)
"""What may stand anywhere instead of what should."""

NAMES = tuple(one[:50] for one in VALUES if isinstance(one, str))

ENCODED = ("gzip", "deflate", "br", "zstd", "identity, gzip", "GZIP", "x", "\xe9")


def changed(chance: Random, tree: Any, times: int = 1) -> Any:
    """A copy with so many of its parts odd: put in another's place, taken away, doubled, or wrapped."""
    found = json.loads(json.dumps(tree))
    for _ in range(times):
        paths = list(_paths(found))
        if not paths:
            return deepcopy(chance.choice(VALUES))
        found = _changed_at(chance, found, chance.choice(paths))
    return found


def _paths(tree: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield (*path, name)
            yield from _paths(value, (*path, name))
    if isinstance(tree, list):
        for index, value in enumerate(tree):
            yield (*path, index)
            yield from _paths(value, (*path, index))


def _changed_at(chance: Random, tree: Any, path: Path) -> Any:
    *way, last = path
    holder = tree
    for step in way:
        holder = holder[step]
    match chance.randrange(8):
        case 0:
            del holder[last]
        case 1:
            holder[last] = [holder[last]]
        case 2:
            holder[last] = {"a": holder[last]}
        case 3:
            others = list(_paths(tree))
            other = tree
            for step in chance.choice(others):
                other = other[step]
            holder[last] = json.loads(json.dumps(other))
        case 4 if isinstance(holder, dict):
            holder[chance.choice(NAMES)] = deepcopy(holder[last])
        case 5 if isinstance(holder[last], str):
            holder[last] = _text(chance, holder[last])
        case _:
            holder[last] = deepcopy(chance.choice(VALUES))
    return tree


def _text(chance: Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    odd = chance.choice([one for one in VALUES if isinstance(one, str)])
    return chance.choice((text[:at], text[at:], text[:at] + odd + text[at:], text * 3, text[::-1], text.upper()))


def bent(chance: Random, raw: bytes, times: int = 3) -> bytes:
    """The bytes with some of them changed, taken away, put in or cut off."""
    found = bytearray(raw)
    for _ in range(chance.randint(1, times)):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(5):
            case 0 if found:
                found[at % len(found)] ^= 1 << chance.randrange(8)
            case 1:
                del found[at : at + chance.randint(1, 20)]
            case 2:
                found[at:at] = chance.randbytes(chance.randint(1, 20))
            case 3:
                found[at:at] = found[at : at + 50]
            case _:
                del found[at:]
    return bytes(found)


def written(chance: Random, tree: Any) -> bytes:
    """As JSON, with halves of surrogate pairs, doubled names and what is no JSON among it now and then."""
    text = json.dumps(tree, ensure_ascii=chance.random() < 0.5)
    match chance.randrange(30):
        case 0:
            text = text.replace('"', '"\\ud800', 2)
        case 1:
            text = text.replace("{", '{"type": 7, "type": "message", ', 1)
        case 2:
            text = text.replace(":", ': NaN, "x":', 1)
        case 3:
            text = "[" * 20_000 + text
        case 4:
            text = text.replace("{", '{"deep": ' + "[" * 300 + "]" * 300 + ", ", 1)
        case _:
            pass
    return text.encode("utf-8", "surrogatepass")
