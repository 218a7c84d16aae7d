"""What could not run is named, and counts as a failure where CI is set: nothing is skipped in silence."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("sitrep", deadline=None)
settings.load_profile("sitrep")


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    skipped = reporter.stats.get("skipped", [])
    if not skipped:
        return
    with Path(session.config.rootpath, ".skipped").open("a", encoding="utf-8") as names:
        names.writelines(f"{report.nodeid}: {_reason(report)}\n" for report in skipped)
    if os.environ.get("CI") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])
    return str(report.longrepr)
