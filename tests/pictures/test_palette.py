"""Fewer colours: the same picture, for whoever looks at it."""

import struct
import zlib

import pytest

from tests.pictures.palette import SIGNATURE, fewer_colours

RED, BLUE, PINK = b"\xff\x00\x00", b"\x00\x00\xff", b"\xff\x01\x01"


def written(rows: list[bytes], width: int) -> bytes:
    """A PNG of these lines, each with its filter before it."""
    header = struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def seen(picture: bytes) -> list[bytes]:
    """The pixels of a picture with a palette, line by line."""
    width, height = struct.unpack(">II", picture[16:24])
    colours = picture[picture.index(b"PLTE") + 4 : picture.index(b"IDAT") - 8]
    data = zlib.decompress(picture[picture.index(b"IDAT") + 4 : -16])
    lines = [data[row * (width + 1) + 1 : (row + 1) * (width + 1)] for row in range(height)]
    return [b"".join(colours[3 * place : 3 * place + 3] for place in line) for line in lines]


@pytest.mark.parametrize(
    ("kind", "second"),
    [
        (0, RED + BLUE),
        (1, RED + bytes([1, 0, 255])),
        (2, b"\x00" * 6),
        (3, bytes([128, 0, 0]) + bytes([129, 0, 128])),
        (4, b"\x00" * 6),
    ],
)
def test_each_filter_is_undone(kind: int, second: bytes) -> None:
    rows = [b"\x00" + RED + BLUE, bytes([kind]) + second]
    assert seen(fewer_colours(written(rows, 2))) == [RED + BLUE, RED + BLUE]


def test_a_rare_colour_becomes_the_nearest() -> None:
    many = b"".join(bytes([0, shade, 40]) * 2 for shade in range(255))
    row = b"\x00" + many + RED * 2 + PINK
    (line,) = seen(fewer_colours(written([row], len(row) // 3)))
    assert line == many + RED * 3
