"""Mistakes in a policy file: one sentence each, with file, line, key and what was probably meant."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError
from config.policy_file import load_policy


def _refusal(folder: Path, text: str, words: tuple[str, ...] = ()) -> str:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_policy(path, words)
    return refused.value.sentence


PRIORITY = '[[priorities]]\nname = "critical"\nupdate_every = { internal = "30m" }\n'
OTHER = '[[priorities]]\nname = "low"\nupdate_every = { internal = "1d" }\n'
STEP = '[[reminders.update]]\nat = "5m"\nto = ["room"]\n'
HINT = "write a duration such as 45s, 15m, 2h, 3d or 1h30m"
AHEAD = f"{HINT}, longer than nothing and at most 366 days"

MISTAKES = {
    "unknown key": (
        PRIORITY + 'respond_witin = "15m"',
        "line 4: there is no key `respond_witin`: did you mean `respond_within`?",
    ),
    "a role where there is no incident": (
        '[permissions]\nmaintenance = ["anyone", "slack:@ops",\n"commander"]',
        'line 3: `maintenance` concerns no incident, so "commander" is nobody: name people, groups or anyone.',
    ),
    "a template of two words": (
        '[templates."bad day"]\nwhat = "x"',
        'line 1: "bad day" cannot be a name: write one word, with _ for a space.',
    ),
    "a place to look that acts": (
        '[communication.customers]\nlook_at = "javascript:alert(1)"',
        'line 2: `look_at` cannot be "javascript:alert(1)": write an address or words on one line.',
    ),
    "support on two lines": (
        '[communication.customers]\nsupport = "a\\nb"',
        'line 2: `support` cannot be "a\\nb": write an address or words on one line.',
    ),
    "an empty internal name": (
        '[vocabulary]\ninternal_names = ["db",\n" "]',
        "line 3: `internal_names` holds an empty name: write it, or take it out.",
    ),
    "a service with an empty other name": (
        '[[status.services]]\nname = "Checkout"\nalso = [""]',
        "line 3: `also` holds an empty name: write it, or take it out.",
    ),
    "unknown table": ("\n[audience.internal]", "line 2: there is no key `audience`: did you mean `audiences`?"),
    "unknown key of a step": (STEP + 'wher = "room"', "line 4: there is no key `wher`: did you mean `where`?"),
    "unknown knob at the top": ('grase = "1m"', "line 1: there is no key `grase`: did you mean `grace`?"),
    "unknown key of quiet hours": (
        '[reminders.quiet]\npriorities = ["low"]\nfrm = "20:00"\nto = "08:00"',
        "line 3: there is no key `frm`: did you mean `from`?",
    ),
    "key like no other": (
        "[terms.alert]\nmeans = 'x'\nzzz = 1",
        "line 3: there is no key `zzz`: known here: means, example.",
    ),
    "a repeat of a role step": (
        '[[reminders.role]]\nat = "5m"\nto = ["room"]\nrepeat = "5m"',
        "line 4: there is no key `repeat`: known here: at, to, where.",
    ),
    "missing name": ("\n[[roles]]\ntitle = 'x'", "line 2: `name` is missing: every [[roles]] has one."),
    "missing means": ("[terms.alert]\nexample = 'x'", "line 1: `means` is missing: every [terms.alert] has one."),
    "number for text": ("[organisation]\nname = 3", "line 2: `name` cannot be 3: write text in quotes."),
    "text for a switch": (
        "[organisation]\nguests = 'yes'",
        'line 2: `guests` cannot be "yes": write true or false.',
    ),
    "text for a list": (
        PRIORITY + "roles = 'scribe'",
        'line 4: `roles` cannot be "scribe": write a list, as in ["one", "two"].',
    ),
    "number in a list": (
        PRIORITY + "aliases = [\n'p1',\n2,\n]",
        "line 6: `aliases` cannot be 2: write text in quotes.",
    ),
    "list for a table": ("reminders = []", "line 1: `reminders` cannot be a list: write a table of keys and values."),
    "table for a list": (
        "[roles]\nname = 'x'",
        'line 1: `roles` cannot be a table: write a list, as in ["one", "two"].',
    ),
    "text for a share": (
        "[[reminders.sla]]\nat = '80%'\nto = ['room']",
        'line 2: `at` cannot be "80%": write a number, as in 0.8.',
    ),
    "no share": (
        "[[reminders.sla]]\nat = 0\nto = ['room']",
        "line 2: `at` cannot be 0: write a number above 0.",
    ),
    "a share in per cent": (
        "[[reminders.sla]]\nat = 80\nto = ['room']",
        "line 2: `at` cannot be 80: write a share of the time allowed, as in 0.8; 1.0 is all of it.",
    ),
    "a slip in the name of a term": (
        "[terms.alrt]\nmeans = 'x'",
        "line 1: there is no key `alrt`: did you mean `alert`?",
    ),
    "a slip in the name of an audience": (
        "[audiences.intrnal]\naddresses = ['slack:#incidents']",
        "line 1: there is no key `intrnal`: did you mean `internal`?",
    ),
    "unknown place": (
        STEP + "where = 'public'",
        'line 4: `where` cannot be "public": write private, room or both.',
    ),
    "unknown part of an update": (
        "[communication.internal]\nmust_say = ['what', 'why']",
        'line 2: `must_say` cannot be "why": write what, steps, detected, who, expect or next.',
    ),
    "unknown finding": (
        "[communication.customers]\navoid = ['blame', 'jargn']",
        (
            'line 2: `avoid` cannot be "jargn": write repair_time, too_early, vague, blame, internal_name, trace, '
            "link, customer_name, jargon, no_zone or too_long."
        ),
    ),
    "unknown key of the vocabulary": (
        "[vocabulary]\nvendrs = ['Stripe']",
        "line 2: there is no key `vendrs`: did you mean `vendors`?",
    ),
    "internal kept waiting for approval": (
        "[communication.internal]\napprove = ['critical']",
        "line 2: `approve` cannot stand at internal: the room is told at once.",
    ),
    "nobody who approves": (
        "[communication.customers]\napprove = ['critical']\napprovers = []",
        "line 3: `approvers` of customers is empty: name a role, or leave it out for the commander.",
    ),
    "approval at no priority": (
        "[communication.customers]\napprove = ['critcal']",
        'line 2: there is no priority "critcal": did you mean `critical`?',
    ),
    "approval by no role": (
        "[communication.customers]\napprovers = ['scrbe']",
        'line 2: there is no group or role "scrbe": did you mean `scribe`?',
    ),
    "approval by nobody": (
        "[communication.customers]\napprovers = ['slack:legal']",
        'line 2: "slack:legal" is no person or group: ',
    ),
    "unknown start of the SLA": (
        "sla_from = 'start'",
        'line 1: `sla_from` cannot be "start": write declared or detected.',
    ),
    "bad duration": (
        PRIORITY + 'respond_within = "15 minutes"',
        f'line 4: `respond_within` cannot be "15 minutes": {HINT}.',
    ),
    "number for a duration": ("grace = 60", f"line 1: `grace` cannot be 60: {HINT}."),
    "no duration": ("max_snooze = '0s'", f'line 1: `max_snooze` cannot be "0s": {AHEAD}.'),
    "duration before it starts": ("grace = '-1m'", f'line 1: `grace` cannot be "-1m": {HINT}.'),
    "role step before the vacancy": (
        "[[reminders.role]]\nat = '-5m'\nto = ['room']",
        f'line 2: `at` cannot be "-5m": {HINT}.',
    ),
    "bad offset": (
        "[[reminders.update]]\nat = 'soon'\nto = ['room']",
        f'line 2: `at` cannot be "soon": {HINT}, with a minus before it for what comes earlier, as in -5m.',
    ),
    "no internal": (
        "[[priorities]]\nname = 'p'\nupdate_every = { customers = '1h' }",
        'line 3: `update_every` of p names no `internal`: add it, as in { internal = "30m" }.',
    ),
    "no interval at all": (
        "\n[[priorities]]\nname = 'p'",
        'line 2: `update_every` of p names no `internal`: add it, as in { internal = "30m" }.',
    ),
    "first word to nobody": (
        PRIORITY + "first_word_within = { customers = '5m' }",
        "line 4: `update_every` of critical does not name `customers`: add it there, or take it from here.",
    ),
    "no priorities": ("priorities = []", "line 1: `priorities` is empty: name at least one, or leave it out."),
    "no roles": ("roles = []", "line 1: `roles` is empty: name at least one, or leave it out."),
    "a name twice": (
        PRIORITY + PRIORITY,
        'line 5: "critical" stands twice in `priorities`: keep one.',
    ),
    "an alias twice": (
        PRIORITY + "aliases = ['p1']\n" + OTHER + "aliases = ['x', 'P1']",
        'line 8: "P1" stands twice in `priorities`: keep one.',
    ),
    "two words for a name": (
        "[[roles]]\nname = 'note taker'",
        'line 2: "note taker" cannot be a name: write one word, with _ for a space.',
    ),
    "a priority called private": (
        PRIORITY + "aliases = ['private']",
        'line 4: "private" has a meaning of its own here: choose another name.',
    ),
    "a role called room": (
        "[[roles]]\nname = 'room'",
        'line 2: "room" has a meaning of its own here: choose another name.',
    ),
    "an audience called all": (
        "[audiences.all]",
        'line 1: "all" has a meaning of its own here: choose another name.',
    ),
    "a role called like an audience": (
        "[[roles]]\nname = 'leadership'",
        "line 2: `leadership` is an audience and cannot be a role too: choose another name.",
    ),
    "an audience called like a role": (
        "[audiences.scribe]",
        "line 1: `scribe` is a role and cannot be an audience too: choose another name.",
    ),
    "unknown time zone": (
        "[organisation]\ntime_zone = 'Europe/Berln'",
        'line 2: there is no time zone "Europe/Berln": did you mean `Europe/Berlin`?',
    ),
    "a time zone like no other": (
        "[organisation]\ntime_zone = '../zone'",
        'line 2: there is no time zone "../zone": write one such as Europe/Berlin.',
    ),
    "an empty name": (
        "[organisation]\nname = ' '",
        "line 2: `name` is empty: write the organisation's name.",
    ),
    "a bridge that asks for more": (
        "[organisation]\nbridge = 'https://meet/{number}/{title}'",
        'line 2: `bridge` cannot fill "{title}": it knows only {number}.',
    ),
    "equal steps": (
        STEP + STEP,
        "line 5: two steps have the same `at`: make one of them, or move one.",
    ),
    "a step to nobody": (
        "[[reminders.update]]\nat = '0s'\nto = []",
        "line 3: `to` is empty: name a role, an audience or the room.",
    ),
    "a private room": (
        STEP + "where = 'private'",
        "line 4: the room has no private place: leave `where` out.",
    ),
    "a repeat that is not last": (
        STEP + "repeat = '5m'\n[[reminders.update]]\nat = '10m'\nto = ['room']",
        "line 4: only the last step can `repeat`: move it to the step with the latest `at`.",
    ),
    "several repeats": (
        STEP + "repeat = '5m'\n[[reminders.update]]\nat = '1m'\nto = ['room']\nrepeat = '5m'",
        "line 8: only the last step can `repeat`: move it to the step with the latest `at`.",
    ),
    "quiet hours without an end": (
        "[reminders.quiet]\npriorities = ['low']\nfrom = '20:00'",
        "line 1: `to` is missing in `quiet`: write a time of day such as 20:00.",
    ),
    "quiet hours by day": (
        "quiet = { priorities = ['low'], from = '08:00', to = '20:00' }",
        "line 1: `quiet` begins in the evening and ends in the morning: write a `from` later in the day than `to`.",
    ),
    "quiet days": (
        "quiet = { priorities = ['low'], from = '20:00', to = '08:00', days = 'weekdays' }",
        'line 1: `days` cannot be "weekdays": write days such as mon-fri, sat-mon or mon,wed,fri.',
    ),
    "a hole in the matrix": (
        "[matrix]\nhigh = { high = 'critical', low = 'low' }\nlow = { high = 'low' }",
        "line 3: impact `low` has no priority for urgency `low`: add it to this row.",
    ),
    "a level too many": (
        "[matrix]\nhigh = { high = 'critical', hihg = 'low' }",
        "line 2: urgency `hihg` is no row of `matrix`: did you mean `high`?",
    ),
    "a level of two words": (
        "[matrix]\n'very high' = { 'very high' = 'critical' }",
        'line 2: "very high" cannot be a level: write one word.',
    ),
    "a knob without its table": (
        "grace = '1m'\nreminders = 3",
        "line 2: `reminders` cannot be 3: write a table of keys and values.",
    ),
    "an empty matrix": ("matrix = {}", "line 1: `matrix` is empty: give each impact a row, or leave it out."),
    "an address without its chat": (
        "[audiences.internal]\naddresses = ['#incidents']",
        'line 2: "#incidents" is no address: name its chat, as in slack:#incidents.',
    ),
    "an address without a #": (
        "[audiences.internal]\naddresses = ['slack:incidents']",
        'line 2: "slack:incidents" is no address: a channel\'s name has a #, as in slack:#incidents.',
    ),
    "a misspelt chat": (
        "[audiences.internal]\naddresses = [\n'slack:#a',\n'slak:#b']",
        'line 4: "slak:…" is no address: did you mean `slack:`?',
    ),
    "an address twice": (
        "[audiences.internal]\naddresses = ['slack:#a', 'slack:#a']",
        'line 2: "slack:#a" stands twice in `internal`: keep one.',
    ),
    "a call to nobody": (
        PRIORITY + "call = ['sre']",
        (
            'line 4: `call` cannot reach "sre": write slack:@name, slack:U…, slack:S…, teams:<id> or mailto:<address>, '
            "https://… or an apprise address."
        ),
    ),
    "a public page for insiders": (
        "[audiences.stakeholders]\naddresses = ['status:']",
        'line 2: "status:" can be read by everybody: it is an address of `customers` alone.',
    ),
    "a room nowhere": ("[rooms]\nteans = 'teams:1'", "line 2: there is no chat `teans`: did you mean `teams`?"),
    "a room elsewhere": (
        "[rooms]\nteams = 'slack:#a'",
        'line 2: "slack:#a" is no place in teams: write the address that `here` gives there.',
    ),
    "a list of rooms for one chat": ("[rooms]\nteams = ['teams:19:a']", "line 2: `teams` is one address, not a list."),
    "a link that is no list": (
        "[rooms]\nlink = 'teams:19:a'",
        "line 2: `link` is a list of addresses: put brackets around it.",
    ),
    "a link to nowhere": (
        "[rooms]\nlink = ['slack:#a', 'war-room']",
        'line 2: "war-room" is no place in a chat: write the address that `here` gives there.',
    ),
    "a field nobody has": (
        "[required]\nresolve = ['service']",
        "line 2: there is no field `service` to ask for: did you mean `services`?",
    ),
    "a person by name": (
        "[permissions]\nresolve = ['slack:ben']",
        'line 2: "slack:ben" is no person or group: write slack:@name,',
    ),
    "a knob twice": (
        "grace = '1m'\n[reminders]\ngrace = '2m'",
        "line 3: `grace` stands at the top of the file and in [reminders]: keep one.",
    ),
    "no TOML": ("[organisation]\nname = Larkfield", "line 2: this is not TOML: invalid value."),
    "a key twice": ("a = 1\na = 2", "line 2: this is not TOML: cannot overwrite a value."),
    "cut off": ("[organisation]\n\nname = 'x", "line 3: this is not TOML:"),
}


@pytest.mark.parametrize(("text", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_sentence_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    said = _refusal(tmp_path, text)

    assert said.startswith(f"policy.toml, {sentence}")
    assert said[-1] in ".?"
    assert "\n" not in said


MENTIONS = {
    "default priority": (
        "[organisation]\ndefault_priority = 'hihg'",
        'line 2: there is no priority "hihg": did you mean `high`?',
    ),
    "default priority by alias": (
        "[organisation]\ndefault_priority = 'p1'",
        'line 2: there is no priority "p1": did you mean `critical`?',
    ),
    "default priority of another file": (
        "[organisation]\ndefault_priority = 'high'\n" + PRIORITY,
        'line 2: there is no priority "high": known here: critical.',
    ),
    "required role": (
        PRIORITY + "roles = ['scribe', 'comander']",
        'line 4: there is no role "comander": did you mean `incident_commander`?',
    ),
    "role that is not with another": (
        "[[roles]]\nname = 'lead'\nnot_with = ['scribe']",
        'line 3: there is no role "scribe": known here: lead.',
    ),
    "audience of an interval": (
        PRIORITY.replace("}", ", press = '1h' }"),
        'line 3: there is no audience "press": known here: internal, stakeholders, customers, leadership.',
    ),
    "audience of another file": (
        "[audiences.internal]\n[communication.customers]",
        'line 2: there is no audience "customers": known here: internal.',
    ),
    "recipient": (
        "[[reminders.update]]\nat = '0s'\nto = [\n 'room',\n 'comms' ]",
        'line 5: there is no role or audience "comms": did you mean `communications_officer`?',
    ),
    "recipient of an SLA": (
        "[[reminders.sla]]\nat = 1.0\nto = ['leaders']",
        'line 3: there is no role or audience "leaders": did you mean `leadership`?',
    ),
    "quiet priority": (
        "quiet = { priorities = ['lo'], from = '20:00', to = '08:00' }",
        'line 1: there is no priority "lo": did you mean `low`?',
    ),
    "cell of the matrix": (
        "[matrix]\nhigh = { high = 'critcal' }",
        'line 2: there is no priority "critcal": did you mean `critical`?',
    ),
    "who may": (
        "[permissions]\nresolve = ['comander']",
        'line 2: there is no group or role "comander": did you mean `commander`?',
    ),
}


@pytest.mark.parametrize(("text", "sentence"), MENTIONS.values(), ids=MENTIONS)
def test_a_mention_of_something_unknown_is_a_mistake(tmp_path: Path, text: str, sentence: str) -> None:
    assert _refusal(tmp_path, text) == f"policy.toml, {sentence}"


@pytest.mark.parametrize("table", ["permissions", "required"])
def test_a_word_that_does_not_exist_is_a_mistake(tmp_path: Path, table: str) -> None:
    value = "['services']" if table == "required" else "['commander']"

    said = _refusal(tmp_path, f"[{table}]\nresovle = {value}", ("resolve", "close"))

    assert said == 'policy.toml, line 2: there is no word "resovle": did you mean `resolve`?'


def test_words_are_not_checked_where_none_are_given(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("[permissions]\nresovle = ['commander']", encoding="utf-8")

    assert load_policy(path).policy.permissions == {"resovle": ("commander",)}


def test_of_several_mistakes_the_first_in_the_file_is_told(tmp_path: Path) -> None:
    said = _refusal(tmp_path, "[organisation]\ndefault_priority = 'x'\ntime_zone = 'y'\n" + STEP + STEP)

    assert said.startswith('policy.toml, line 2: there is no priority "x"')


def test_a_secret_in_an_address_is_not_repeated(tmp_path: Path) -> None:
    said = _refusal(tmp_path, "[audiences.internal]\naddresses = ['http://hooks.example.com/hush']")

    assert said.startswith('policy.toml, line 2: "http:…" is no address')


def test_a_long_value_is_cut(tmp_path: Path) -> None:
    said = _refusal(tmp_path, f"grace = '{'x' * 500}'")

    assert len(said) < 200


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing.toml"

    with pytest.raises(ConfigError) as refused:
        load_policy(path)

    assert refused.value.sentence == (
        f"{path} cannot be read (no such file or directory): name another file in SITREP_POLICY."
    )


def test_a_folder_is_no_policy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_policy(tmp_path)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(b"name = '\xff'")

    with pytest.raises(ConfigError, match="is not UTF-8 text: save it as UTF-8"):
        load_policy(path)


def test_a_file_far_too_large_is_refused(tmp_path: Path) -> None:
    assert "has more than 1,000,000 characters" in _refusal(tmp_path, "#" * 1_000_001)


def test_a_file_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    assert "nested too deeply" in _refusal(tmp_path, f"a = {'[' * 100_000}")


VALUES = st.sampled_from(
    [
        "1",
        "-1",
        "0.5",
        "nan",
        "true",
        '""',
        '"x"',
        '"5m"',
        '"room"',
        '"critical"',
        "[]",
        '["x"]',
        "[[1]]",
        "{}",
        "20:00:00",
    ]
)
KEYS = st.sampled_from(
    [
        *("name", "at", "to", "where", "repeat", "update_every", "roles", "priorities", "quiet", "matrix", "reminders"),
        *("grace", "organisation", "audiences", "communication", "required", "rooms", "terms", "from", "guests", "x.y"),
    ]
)
TABLES = st.sampled_from(
    [
        *("[organisation]", "[[priorities]]", "[[roles]]", "[reminders]", "[[reminders.update]]", "[[reminders.sla]]"),
        *("[reminders.quiet]", "[matrix]", "[audiences.x]", "[communication.internal]", "[rooms]", "[permissions]"),
    ]
)
LINES = st.one_of(TABLES, st.builds("{} = {}".format, KEYS, VALUES))


@given(st.lists(LINES, max_size=8))
def test_whatever_a_file_says_it_is_read_or_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("policy") / "policy.toml"
    path.write_text("\n".join(lines), encoding="utf-8")

    assert _answer(path).startswith(("read", "policy.toml, line "))


def _answer(path: Path) -> str:
    try:
        load_policy(path)
    except ConfigError as error:
        return error.sentence
    return "read"
