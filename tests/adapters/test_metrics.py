"""A figure that an alert waits for is there before it is counted: from nothing to one is no increase to Prometheus."""

import pytest

from adapters.metrics import Tally, metrics


@pytest.mark.parametrize("outcome", ["not saved", "unsure", "fault"])
def test_what_was_not_saved_begins_at_nothing(outcome: str) -> None:
    figures = metrics().registry

    assert figures.get_sample_value("sitrep_commands_total", {"word": "unknown", "outcome": outcome}) == 0


@pytest.mark.parametrize("name", ["sitrep_deliveries_given_up_total", "sitrep_messages_perhaps_doubled_total"])
def test_what_a_way_may_lose_or_double_begins_at_nothing_once_it_is_served(name: str) -> None:
    figures = metrics()

    Tally(metrics=figures).serves(("slack", "mailto"))

    found = {chat: figures.registry.get_sample_value(name, {"chat": chat}) for chat in ("slack", "mailto", "teams")}
    assert found == {"slack": 0, "mailto": 0, "teams": None}
