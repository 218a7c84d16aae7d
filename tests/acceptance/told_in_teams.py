"""Teams' answers to people, as the scenarios read them: dialogs, and what was said where they were or in private."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tests.acceptance.reading import until
from tests.teams import forms
from tests.teams.client import Answer

OPENS = "Open the form"
"""Of the button that stands for a form where typed words cannot open one."""


@dataclass(slots=True)
class TeamsForm:
    """A dialog, or a card with inputs."""

    dialog: forms.Form[Answer]
    findings: str = ""

    @property
    def title(self) -> str:
        return self.dialog.title

    @property
    def words(self) -> str:
        return self.dialog.words

    @property
    def inputs(self) -> Collection[str]:
        return self.dialog.inputs.keys()

    @property
    def required(self) -> Collection[str]:
        return self.dialog.required

    def fill(self, **values: Any) -> "TeamsForm":
        self.dialog.fill(**values)
        return self

    async def submit(self, *, by: str = "") -> "TeamsTold":
        before = self.dialog.card
        self.dialog.by = by
        told = TeamsTold(await self.dialog.submit())
        self.findings = self.dialog.words if self.dialog.card is not before else ""
        return told


@dataclass(frozen=True, slots=True)
class TeamsTold:
    """What came straight back, and what was said since in private and where the person was."""

    answer: Answer

    @property
    def status(self) -> int:
        return self.answer.status

    @property
    def took(self) -> float:
        return self.answer.took

    def heard(self) -> list[str]:
        said = [self.answer.told, *(one.words for one in (*self.answer.privately(), *self.answer.nearby()))]
        return [told for told in said if told]

    def offered(self) -> set[str]:
        return {label for one in (*self.answer.privately(), *self.answer.nearby()) for label in one.buttons}

    async def hears(self, *parts: str, within: float = 3) -> str:
        return await self.answer.hears(*parts, within=within)

    async def form(self) -> TeamsForm:
        if self.answer.task:
            return TeamsForm(await self.answer.form())

        async def look() -> bool:
            said = (*self.answer.privately(), *self.answer.nearby())
            return OPENS in self.offered() or any(one.inputs for one in said)

        await until(look, within=3, what=f"a form, or a button that opens it; told: {self.heard()}")
        pressed = await self.answer.presses(OPENS) if OPENS in self.offered() else self.answer
        return TeamsForm(await pressed.form())

    async def presses(self, label: str) -> "TeamsTold":
        return TeamsTold(await self.answer.presses(label))
