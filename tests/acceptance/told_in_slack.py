"""Slack's answers to people, as the scenarios read them: modals, and what was shown to one person."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tests.acceptance.reading import until
from tests.acceptance.slack import Answer
from tests.acceptance.slack import Form as Modal


@dataclass(slots=True)
class SlackForm:
    """A modal."""

    modal: Modal
    findings: str = ""

    @property
    def title(self) -> str:
        return self.modal.title

    @property
    def words(self) -> str:
        return self.modal.words

    @property
    def inputs(self) -> Collection[str]:
        return self.modal.inputs.keys()

    @property
    def required(self) -> Collection[str]:
        return self.modal.required

    def fill(self, **values: Any) -> "SlackForm":
        self.modal.fill(**values)
        return self

    async def submit(self, *, by: str = "") -> "SlackTold":
        self.modal.person = by or self.modal.person
        answer = await self.modal.submit()
        errors = answer.ack.payload.get("errors") or {}
        self.findings = json.dumps(errors) if errors else ""
        return SlackTold(answer, self.findings)


@dataclass(frozen=True, slots=True)
class SlackTold:
    """An acknowledgement, and what was shown to one person."""

    answer: Answer
    findings: str = ""

    @property
    def status(self) -> int:
        return self.answer.ack.status

    @property
    def took(self) -> float:
        return self.answer.ack.took

    def heard(self) -> list[str]:
        told = [f"{said.words}\n{said.text}" for said in self.answer.private()]
        return [self.findings, *told] if self.findings else told

    def offered(self) -> set[str]:
        return {label for said in self.answer.private() for label in said.buttons}

    async def hears(self, *parts: str, within: float = 3) -> str:
        async def look() -> str:
            return next((said for said in self.heard() if all(part in said for part in parts)), "")

        try:
            return await until(look, within=within, what=f"{parts} to {self.answer.person}")
        except AssertionError:
            raise AssertionError(f"{self.answer.person} was not told {parts}, but: {self.heard()}") from None

    async def form(self) -> SlackForm:
        return SlackForm(await self.answer.form())

    async def presses(self, label: str) -> "SlackTold":
        return SlackTold(await self.answer.presses(label))
