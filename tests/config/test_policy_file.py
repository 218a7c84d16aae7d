"""An organisation's own policy file, laid over the built-in one."""

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy import Audience, Policy, Reminders, Step, Where
from config.errors import ConfigError
from config.policy_file import LoadedPolicy, load_policy

Load = Callable[[str], LoadedPolicy]

BUILT_IN = load_policy(None).policy
TEXT = files("config").joinpath("policy.toml").read_text("utf-8")


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def read(text: str) -> LoadedPolicy:
        path = tmp_path / "policy.toml"
        path.write_text(text, encoding="utf-8")
        return load_policy(path)

    return read


def _changed(policy: Policy) -> set[str]:
    return {field.name for field in fields(Policy) if getattr(policy, field.name) != getattr(BUILT_IN, field.name)}


def test_an_empty_file_leaves_everything_built_in(load: Load) -> None:
    loaded = load("")

    assert loaded.policy == BUILT_IN
    assert loaded.left_out == ()
    assert loaded.source.endswith("policy.toml")


def test_a_copy_of_the_built_in_file_is_the_built_in_policy(load: Load) -> None:
    assert load(TEXT).policy == BUILT_IN


def test_a_file_saved_on_windows_is_read_alike(load: Load) -> None:
    assert load("\ufeff" + TEXT.replace("\n", "\r\n")).policy == BUILT_IN


def test_a_value_of_the_organisation_replaces_that_value_only(load: Load) -> None:
    policy = load('[organisation]\nname = "Larkfield"\ntime_zone = "Europe/Berlin"\nguests = true').policy

    assert (policy.organisation, policy.time_zone, policy.guests) == ("Larkfield", "Europe/Berlin", True)
    assert policy.default_priority == "high"


def test_a_knob_of_the_reminders_replaces_that_knob_only(load: Load) -> None:
    reminders = load('[reminders]\ngrace = "2m"\nsilence_after = "2h"').policy.reminders

    assert (reminders.grace, reminders.silence_after) == (timedelta(minutes=2), timedelta(hours=2))
    assert reminders.gather == timedelta(minutes=5)
    assert reminders.update == BUILT_IN.reminders.update


def test_a_knob_may_stand_at_the_top_of_the_file(load: Load) -> None:
    inside = load('[organisation]\nguests = true\n[reminders]\ngather = "1m"\nquiet = { priorities = [] }').policy

    assert load('guests = true\ngather = "1m"\nquiet = { priorities = [] }').policy == inside


def test_a_ladder_replaces_that_ladder_whole(load: Load) -> None:
    reminders = load(
        '[[reminders.update]]\nat = "10s"\nto = ["leadership"]\nrepeat = "1m"\n'
        '[[reminders.update]]\nat = "-10s"\nto = ["scribe", "room"]\nwhere = "both"\n'
    ).policy.reminders

    assert reminders.update == (
        Step(at=timedelta(seconds=-10), to=("scribe", "room"), where=Where.BOTH),
        Step(at=timedelta(seconds=10), to=("leadership",), repeat=timedelta(minutes=1)),
    )
    assert reminders.role == BUILT_IN.reminders.role


def test_a_ladder_can_be_taken_away(load: Load) -> None:
    assert load("[reminders]\nrole = []").policy.reminders.role == ()


def test_quiet_hours_can_be_taken_away(load: Load) -> None:
    assert load("[reminders]\nquiet = { priorities = [] }").policy.reminders.quiet is None


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ('[terms.alert]\nmeans = "A bell."', {"terms"}),
        ('[communication.internal]\nchannel = "chat"', {"standards"}),
        ('[vocabulary]\nvendors = ["Stripe", "Stripe"]\njargon = { ETL = "nightly copy" }', {"vocabulary"}),
        ('[templates.storm]\nwhat = "{service} waits for the storm to pass."', {"templates"}),
        ('[required]\nresolve = ["services"]', {"required"}),
        ('[permissions]\nresolve = ["commander", "slack:@sre"]', {"permissions"}),
        ('[rooms]\nteams = "teams:19:a@thread.tacv2"', {"rooms"}),
        ('[rooms]\nlink = ["teams:19:a@thread.tacv2", "slack:#war-room"]', {"link"}),
        (
            '[matrix]\nbig = { big = "critical", small = "high" }\nsmall = { big = "low", small = "low" }',
            {"matrix", "levels"},
        ),
    ],
)
def test_a_table_replaces_that_table_whole(load: Load, text: str, changed: set[str]) -> None:
    loaded = load(text)

    assert _changed(loaded.policy) == changed
    assert loaded.left_out == ()
    assert len(loaded.policy.terms) == (1 if changed == {"terms"} else 3)


def test_a_standard_says_where_to_look_whom_to_ask_and_what_to_avoid(load: Load) -> None:
    keys = ('look_at = " the status page "', 'support = "help@x.org"', "longest = 0", 'avoid = ["blame"]')
    text = "\n".join(("[communication.customers]", *keys))

    found = load(text).policy.standards["customers"]

    assert (found.look_at, found.support, found.longest, found.avoid) == (
        "the status page",
        "help@x.org",
        0,
        ("blame",),
    )
    assert load("").policy.standards["customers"].avoid is None


def test_a_role_replaces_all_roles_and_what_named_the_others_is_left_out(load: Load) -> None:
    loaded = load('[[roles]]\nname = "incident_commander"')

    assert [role.title for role in loaded.policy.roles] == ["Incident commander"]
    assert loaded.policy.priority("critical").roles == ("incident_commander",)
    assert [step.to for step in loaded.policy.reminders.update] == [("incident_commander",)]
    assert loaded.left_out == (
        "There is no role communications_officer: left out of roles of critical, roles of high, reminders.update.",
        "There is no role scribe: left out of roles of critical.",
    )


def test_a_priority_replaces_all_priorities_and_what_named_the_others_is_left_out(load: Load) -> None:
    loaded = load('[[priorities]]\nname = "sev"\nupdate_every = { internal = "20s" }')

    assert [priority.name for priority in loaded.policy.priorities] == ["sev"]
    assert loaded.policy.default_priority == "sev"
    assert loaded.policy.matrix == {}
    assert loaded.policy.levels == ("high", "medium", "low")
    assert loaded.policy.reminders.quiet is None
    assert loaded.left_out == (
        "There is no priority high: left out of default_priority (sev, the highest, stands in), matrix.",
        "There is no priority critical: left out of matrix.",
        "There is no priority medium: left out of matrix, reminders.quiet.",
        "There is no priority low: left out of matrix, reminders.quiet.",
    )


def test_an_audience_replaces_all_audiences_and_what_named_the_others_is_left_out(load: Load) -> None:
    loaded = load('[audiences.internal]\naddresses = ["local:incidents"]')

    assert loaded.policy.audiences == {"internal": Audience(name="internal", addresses=("local:incidents",))}
    assert all(list(priority.update_every) == ["internal"] for priority in loaded.policy.priorities)
    assert list(loaded.policy.standards) == ["internal"]
    assert [sentence.partition(":")[0] for sentence in loaded.left_out] == [
        "There is no audience stakeholders",
        "There is no audience customers",
    ]


def test_internal_is_an_audience_whatever_the_file_names(load: Load) -> None:
    policy = load('[audiences.customers]\naddresses = ["status:"]').policy

    assert policy.addresses("internal") == ()
    assert policy.interval("critical", "internal") == timedelta(minutes=30)
    assert policy.interval("critical", "customers") == timedelta(minutes=30)


def test_the_quiet_hours_of_a_priority_that_is_gone_are_left_out_alone(load: Load) -> None:
    quiet = load('[[priorities]]\nname = "low"\nupdate_every = { internal = "1d" }').policy.reminders.quiet

    assert quiet
    assert quiet.priorities == ("low",)


def test_a_policy_of_seconds_is_read_for_trying_out(load: Load) -> None:
    policy = load(
        """
        [[priorities]]
        name = "critical"
        major = true
        update_every = { internal = "20s", customers = "20s" }
        first_word_within = { customers = "10s" }
        roles = ["communications_officer"]
        call = ["slack:@sre-oncall"]
        """
    ).policy

    assert policy.interval("critical", "internal") == timedelta(seconds=20)
    assert policy.first_word("critical", "customers") == timedelta(seconds=10)
    assert policy.priorities[0].call == ("slack:@sre-oncall",)


SECTIONS = {
    "organisation": "[organisation]",
    "terms": "[terms.",
    "priorities": "[[priorities]]",
    "matrix": "[matrix]",
    "roles": "[[roles]]",
    "reminders": "[reminders]",
    "update": "[[reminders.update]]",
    "role": "[[reminders.role]]",
    "sla": "[[reminders.sla]]",
    "quiet": "[reminders.quiet]",
    "audiences": "[audiences.",
    "communication": "[communication.",
}


def _blocks() -> list[str]:
    """The built-in file, cut before each table."""
    blocks: list[list[str]] = [[]]
    for line in TEXT.splitlines():
        if line.startswith("["):
            blocks.append([])
        blocks[-1].append(line)
    return ["\n".join(block) for block in blocks[1:]]


@given(st.sets(st.sampled_from(sorted(SECTIONS))))
def test_any_sections_of_the_built_in_file_alone_are_the_built_in_policy(
    tmp_path_factory: pytest.TempPathFactory, chosen: set[str]
) -> None:
    headers = tuple(SECTIONS[name] for name in chosen)
    path = tmp_path_factory.mktemp("policy") / "policy.toml"
    path.write_text("\n".join(block for block in _blocks() if block.startswith(headers)), encoding="utf-8")

    loaded = load_policy(path)

    assert loaded.policy == BUILT_IN
    assert loaded.left_out == ()


@given(st.sets(st.integers(0, len(_blocks()) - 1)))
def test_any_rows_of_the_built_in_file_load_whole_or_are_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, chosen: set[int]
) -> None:
    path = tmp_path_factory.mktemp("policy") / "policy.toml"
    path.write_text("\n".join(block for number, block in enumerate(_blocks()) if number in chosen), encoding="utf-8")

    try:
        policy = load_policy(path).policy
    except ConfigError as error:
        lines = [error.sentence]
    else:
        lines = _dangling(policy)

    assert [line for line in lines if not line.startswith("policy.toml, line ")] == []


def _dangling(policy: Policy) -> list[str]:
    """Mentions of what the policy does not have."""
    priorities = {row.name for row in policy.priorities}
    roles = {row.name for row in policy.roles}
    everyone = roles | set(policy.audiences) | {"room"}
    steps: list[Any] = [*policy.reminders.update, *policy.reminders.role, *policy.reminders.sla]
    mentioned = {
        "priority": {policy.default_priority, *(policy.reminders.quiet.priorities if policy.reminders.quiet else ())}
        | {name for row in policy.matrix.values() for name in row.values()},
        "role": {name for row in policy.priorities for name in row.roles}
        | {name for row in policy.roles for name in row.not_with},
        "audience": {name for row in policy.priorities for name in row.update_every} | set(policy.standards),
        "recipient": {name for step in steps for name in step.to},
    }
    there = {"priority": priorities, "role": roles, "audience": set(policy.audiences), "recipient": everyone}
    return [f"{kind} {name}" for kind, names in mentioned.items() for name in names - there[kind]]


def test_every_knob_of_the_reminders_can_be_written(load: Load) -> None:
    knobs = [
        field.name for field in fields(Reminders) if field.name not in {"update", "role", "sla", "quiet", "sla_from"}
    ]
    text = "\n".join(f'{knob} = "7m"' for knob in knobs)

    reminders = load(f'[reminders]\n{text}\nsla_from = "detected"').policy.reminders

    assert {getattr(reminders, knob) for knob in knobs} == {timedelta(minutes=7)}
    assert reminders.sla_from == "detected"
