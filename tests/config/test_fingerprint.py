"""The fingerprint of the rules that deadlines follow."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

from config.fingerprint import CODE, rules_fingerprint
from config.policy_file import load_policy

POLICY = load_policy(None).policy


def test_the_same_rules_have_the_same_fingerprint_in_every_process() -> None:
    program = (
        "from config.fingerprint import rules_fingerprint\n"
        "from config.policy_file import load_policy\n"
        "print(rules_fingerprint(load_policy(None).policy))"
    )

    other = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )

    assert other.stdout.strip() == rules_fingerprint(POLICY)


def test_a_changed_knob_changes_it() -> None:
    later = replace(POLICY, reminders=replace(POLICY.reminders, grace=timedelta(seconds=61)))

    assert rules_fingerprint(later) != rules_fingerprint(POLICY)


def test_a_changed_address_changes_it() -> None:
    assert rules_fingerprint(replace(POLICY, audiences={})) != rules_fingerprint(POLICY)


def test_other_code_changes_it() -> None:
    assert rules_fingerprint(POLICY, code=("policy.py",)) != rules_fingerprint(POLICY, code=("refs.py",))


def test_code_that_is_not_there_does_no_harm() -> None:
    assert rules_fingerprint(POLICY, code=("no_such_file.py",)) == rules_fingerprint(POLICY, code=("no_such_file.py",))


def test_every_file_of_the_deadline_code_is_there() -> None:
    assert [name for name in CODE if not files("bot").joinpath(name).is_file()] == []
