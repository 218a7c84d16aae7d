"""A PNG with 256 colours at most: half as large, and nobody sees it. Reads what the browser writes: 8 bits, RGB."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TRUECOLOUR = 2
PALETTE = 3
PIXEL = 3
COLOURS = 256

Colour = bytes


def fewer_colours(picture: bytes) -> bytes:
    """The same picture in its most frequent colours; each of the others becomes the nearest of them."""
    chunks = dict(_chunks(picture))
    width, height, depth, kind = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, kind) == (8, TRUECOLOUR), "not what the browser writes"
    rows = list(_rows(zlib.decompress(chunks[b"IDAT"]), width * PIXEL))
    counts = Counter(row[start : start + PIXEL] for row in rows for start in range(0, len(row), PIXEL))
    colours = [colour for colour, _ in counts.most_common(COLOURS)]
    places = _places(counts, colours)
    lines = (bytes(places[row[start : start + PIXEL]] for start in range(0, len(row), PIXEL)) for row in rows)
    packed = zlib.compress(b"".join(b"\x00" + line for line in lines), 9)
    header = struct.pack(">IIBBBBB", width, height, 8, PALETTE, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", b"".join(colours)), (b"IDAT", packed), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def _places(counts: Mapping[Colour, int], colours: list[Colour]) -> Mapping[Colour, int]:
    known = {colour: place for place, colour in enumerate(colours)}
    return {colour: known.get(colour, _nearest(colour, colours)) for colour in counts}


def _nearest(wanted: Colour, colours: list[Colour]) -> int:
    def distance(place: int) -> int:
        return sum((one - other) ** 2 for one, other in zip(colours[place], wanted, strict=True))

    return min(range(len(colours)), key=distance)


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each part; all of the pixels as one."""
    position, pixels = len(SIGNATURE), b""
    while position < len(picture):
        (length,) = struct.unpack(">I", picture[position : position + 4])
        name, data = picture[position + 4 : position + 8], picture[position + 8 : position + 8 + length]
        position += length + 12
        if name == b"IDAT":
            pixels += data
        else:
            yield name, data
    yield b"IDAT", pixels


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(data: bytes, stride: int) -> Iterator[bytes]:
    """The lines of pixels, each filter of the format undone."""
    before = bytes(stride)
    for start in range(0, len(data), stride + 1):
        before = _plain(data[start], data[start + 1 : start + 1 + stride], before)
        yield before


def _plain(kind: int, filtered: bytes, above: bytes) -> bytes:
    """One line; `kind`: none, left, above, their mean, or Paeth's choice."""
    line = bytearray(filtered)
    for place in range(len(line)):
        left = line[place - PIXEL] if place >= PIXEL else 0
        corner = above[place - PIXEL] if place >= PIXEL else 0
        guess = (0, left, above[place], (left + above[place]) // 2, _paeth(left, above[place], corner))[kind]
        line[place] = (line[place] + guess) & 0xFF
    return bytes(line)


def _paeth(left: int, above: int, corner: int) -> int:
    estimate = left + above - corner
    return min((left, above, corner), key=lambda one: abs(estimate - one))
