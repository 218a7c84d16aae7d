"""What an operator does to the whole record, beside processes that run: look through it, and delete from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.refs import Person
from storage import checking, forgetting, pruning
from storage.checking import Finding, Rules
from storage.forgetting import Forgotten
from storage.health import PERHAPS_SENT
from storage.sessions import Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """The operator's door: no decision about an incident is made here."""

    sessions: Sessions

    def findings(self, rules: Rules) -> Iterator[Finding]:
        """Everything that is not as it should be, while it is looked for."""
        return checking.findings(self.sessions, rules)

    def endings(self, before: datetime) -> Iterator[int]:
        """The numbers of incidents that ended before that moment and of which nothing is under way, oldest first."""
        return pruning.endings(self.sessions, before)

    def prune(self, number: int, before: datetime) -> bool:
        """Delete that incident with everything kept of it, if it may still be. Writes. Raises Unusable."""
        return pruning.prune(self.sessions, number, before)

    def restored(self) -> int:
        """It is what a copy held: what waits may have been sent since. Gives how many messages. Writes."""
        with self.sessions.writing() as connection:
            return connection.exec_driver_sql(PERHAPS_SENT).rowcount

    def people(self, words: str) -> tuple[Person, ...]:
        """Whom these words name: our id, an identity of a chat, or an e-mail address."""
        return forgetting.find(self.sessions, words)

    def forget(self, person: Person) -> Forgotten:
        """Overwrite what is known of a person and remove what leads to them. Writes. Raises Unusable."""
        return forgetting.forget(self.sessions, person)
