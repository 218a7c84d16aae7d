"""Which updates wait for approval, and who gives it, as a policy file says it."""

from dataclasses import replace
from pathlib import Path

from bot.policy import COMMS, CUSTOMERS, Policy, Role
from config.policy_file import load_policy
from config.policy_prune import pruned

TEXT = """
[communication.customers]
approve = ["critical", "high"]
approvers = ["communications_officer", "slack:@legal"]
"""


def loaded(folder: Path, text: str = TEXT) -> Policy:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return load_policy(path).policy


def test_an_audience_says_at_which_priorities_and_by_whom(tmp_path: Path) -> None:
    found = loaded(tmp_path).standards[CUSTOMERS]

    assert found.approve == ("critical", "high")
    assert found.approvers == (COMMS, "slack:@legal")


def test_who_approves_is_looked_up_like_whom_a_permission_names(tmp_path: Path) -> None:
    assert loaded(tmp_path).people() == ("slack:@legal",)


def test_unless_said_the_commander_approves_and_nothing_needs_it(tmp_path: Path) -> None:
    found = loaded(tmp_path, "[communication.customers]\nchannel = 'status page'").standards[CUSTOMERS]

    assert (found.approve, found.approvers) == ((), ("commander",))
    assert all(not standard.approve for standard in load_policy(None).policy.standards.values())


def test_a_priority_or_role_that_is_gone_is_left_out_and_somebody_always_approves(tmp_path: Path) -> None:
    policy = loaded(tmp_path)
    fewer = replace(
        policy,
        priorities=policy.priorities[:1],
        roles=(Role(name="incident_commander", title="Incident commander"),),
        standards={CUSTOMERS: replace(policy.standards[CUSTOMERS], approvers=(COMMS,))},
    )

    left, sentences = pruned(fewer)

    assert (left.standards[CUSTOMERS].approve, left.standards[CUSTOMERS].approvers) == (("critical",), ("commander",))
    assert any("approve of customers" in sentence for sentence in sentences)
    assert any("approvers of customers" in sentence for sentence in sentences)
