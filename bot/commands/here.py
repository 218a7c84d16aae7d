"""`here`."""

from dataclasses import dataclass

from bot.cards import Code, line
from bot.commands.spec import Context, Outcome, Spec, Who
from bot.incident import Incident
from bot.policy import Policy
from bot.refs import Address
from bot.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Shows this conversation's address, as the policy wants it."""


def decide(incident: Incident, command: Here, context: Context, policy: Policy) -> Outcome:
    """The address to write into `[audiences]` or `[rooms]`."""
    del incident, command, policy
    if context.place is None:
        raise Refused("This is no conversation: type `here` in the one you mean.")
    return Outcome(
        reply=line("This conversation's address, as the policy wants it: ", Code(as_policy(context.place)), ".")
    )


def as_policy(place: Address) -> str:
    """A place as a policy writes it: without the workspace it is in, and without the thread: `slack:C1`.

    A chat parts a thread from its conversation by `;`, or by a third `/`.
    """
    chat, _, path = place.partition(":")
    within = path.partition(";")[0].split("/", 2)
    return f"{chat}:{within[1] if len(within) > 1 else within[0]}"


SPEC = Spec(
    word="here",
    command=Here,
    decide=decide,
    who=Who.ANYONE,
    group="Look",
    about="none",
    reads=True,
)
