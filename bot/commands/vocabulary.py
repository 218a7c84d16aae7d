"""The few words that answer a question about a role, a priority, a level, a status, an audience or a choice."""

from collections.abc import Iterable, Iterator, Mapping

from bot.commands.fields import CommandField
from bot.events import Status
from bot.messages.phrases import role_word
from bot.policy import INTERNAL, Policy, Priority, Role
from bot.questions import Ask

OPEN_STATUSES = (Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING)


def vocabulary(field: CommandField, policy: Policy) -> Mapping[str, str]:
    """Every way to say an answer, as it is written, to its value; in the order of the policy."""
    match field.param.ask:
        case Ask.ROLE:
            return {said: role.name for role in policy.roles for said in _ways(role, role.title)}
        case Ask.PRIORITY:
            return {said: priority.name for priority in policy.priorities for said in _ways(priority)}
        case Ask.LEVEL:
            return _same(policy.levels)
        case Ask.STATUS:
            return _same(field.param.options or OPEN_STATUSES)
        case Ask.AUDIENCE:
            return _same((*audiences(policy), *field.param.options))
        case _:
            names = field.param.offers(policy) if field.param.offers else ()
            spaced = {name.replace("_", " "): name for name in names}
            return {**_same((*names, *field.param.options)), **spaced}


def audiences(policy: Policy) -> tuple[str, ...]:
    """Every audience the policy speaks of, `internal` first."""
    timed = (name for priority in policy.priorities for name in priority.update_every)
    return tuple(dict.fromkeys((INTERNAL, *timed, *policy.audiences)))


def answers(field: CommandField, policy: Policy) -> tuple[str, ...]:
    """The answers as a sentence lists them: `critical`, `communications officer`."""
    values = dict.fromkeys(vocabulary(field, policy).values())
    if field.param.ask is Ask.ROLE:
        return tuple(role_word(value, policy) for value in values)
    return tuple(values)


def meaning(text: str, words: Mapping[str, str]) -> str | None:
    """The value these words stand for, however they are capitalised; None if they stand for none."""
    folded = " ".join(text.split()).casefold()
    return next((value for said, value in words.items() if said.casefold() == folded), None)


def exactly(text: str, words: Mapping[str, str]) -> str | None:
    """The value of words as the policy writes them, or in capitals: `high` and `P1`, not the `High` of a title."""
    if text.isupper():
        return meaning(text, words)
    return words.get(" ".join(text.split()))


def _ways(named: Priority | Role, title: str = "") -> Iterator[str]:
    for said in (named.name, title, *named.aliases):
        if said:
            yield said
            yield said.replace("_", " ")


def _same(words: Iterable[str]) -> Mapping[str, str]:
    return {str(word): str(word) for word in words}
