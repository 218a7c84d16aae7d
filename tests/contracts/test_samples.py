"""Stored events stay readable for ever: one sample of each kind, as some release wrote it. Samples are never edited."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.events import Unknown
from storage.codec import KINDS, Stored, decode_event, encode_event

SAMPLES = Path(__file__).parent / "samples"


def load(path: Path) -> tuple[Stored, dict[str, Any]]:
    sample = json.loads(path.read_text(encoding="utf-8"))
    return Stored(kind=sample["kind"], v=sample["v"], data=json.dumps(sample["data"])), sample["data"]


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_a_stored_event_is_read_with_everything_it_says(path: Path) -> None:
    stored, data = load(path)

    event = decode_event(stored)

    assert not isinstance(event, Unknown)
    assert type(event).__name__ == stored.kind
    assert json.loads(encode_event(event).data).items() >= data.items()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_event_has_a_stored_sample(kind: str) -> None:
    assert (SAMPLES / f"{kind}.v1.json").exists()


def test_every_sample_is_of_a_kind_that_is_still_known() -> None:
    assert {path.name.partition(".")[0] for path in SAMPLES.glob("*.json")} <= set(KINDS)
