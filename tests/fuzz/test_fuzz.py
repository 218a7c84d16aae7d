"""A slice of `make fuzz`: odd and forged requests over every route of the whole."""

import logging
from pathlib import Path
from random import Random
from typing import cast

from adapters.app_slack import SlackChat
from adapters.slack.socket import read_envelope
from tests.fuzz.campaign import Ear, campaign
from tests.fuzz.doors import doors
from tests.fuzz.slack_shots import envelope

SHOTS, FRAMES, SEED = 800, 400, 6


async def test_no_request_is_a_fault_and_nothing_forged_comes_in(tmp_path: Path) -> None:
    tally = await campaign(tmp_path, shots=SHOTS, seed=SEED)

    assert tally.faults == []
    assert sum(tally.asked.values()) == SHOTS
    for kind in ("slack, signed", "teams, true token", "try-out chat, acts"):
        assert tally.answered[kind, 200] > 5, "what is right but for its contents reaches the core"


async def test_no_frame_of_socket_mode_is_a_fault(tmp_path: Path) -> None:
    ear, acknowledged = Ear(), 0
    logging.getLogger().addHandler(ear)
    try:
        async with doors(tmp_path, chats=True) as opened:
            front = cast("SlackChat", opened.engine.chats[0]).front
            for number in range(FRAMES):
                payload = read_envelope(envelope(Random(f"{SEED}/{number}"))).get("payload")
                if isinstance(payload, dict):
                    acknowledged += (await front.judge(payload)).ok
    finally:
        logging.getLogger().removeHandler(ear)

    assert ear.heard == []
    assert acknowledged > FRAMES // 2
