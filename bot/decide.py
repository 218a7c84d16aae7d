"""A word with its values, in an incident, at a moment: may it be, what does it lack, and what comes of it.

The same way for typed lines, buttons and forms, so that nobody gets past a rule by another door.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.commands.fields import field_of, is_blank
from bot.commands.spec import Context, Outcome, Preview, Spec
from bot.commands.take import REF
from bot.commands.values import command, missing_words, unread
from bot.forms import CHOSEN, SEEN, choose, form_for, in_form, lacking
from bot.guards import check_required
from bot.incident import Incident
from bot.permissions import require, rule_of, unseen, visible
from bot.policy import Policy
from bot.questions import Form
from bot.refusals import NotAllowed, NotFound, Refused, Unreadable
from bot.typed import clean_text


def decide(
    incident: Incident | None,
    spec: Spec,
    values: Mapping[str, str],
    context: Context,
    policy: Policy,
    *,
    submitted: bool = False,
) -> Outcome:
    """What a command comes to: events and a reply, or a form for what it lacks. `incident` None: there is none.

    A `submitted` form comes back with what is wrong at its fields. Raises Refused, with nothing done.
    """
    _admit(incident, spec, values, context, policy)
    state = incident or Incident(number=context.number)
    again = submitted and CHOSEN not in values
    wrong = unread(spec, values, context, policy)
    if wrong and not (again and all(in_form(spec, name, state, policy) for name in wrong)):
        name, sentence = next(iter(wrong.items()))
        raise Unreadable(sentence, field=name)
    begun = spec.starts(values, state, context, policy) if spec.starts and not wrong else None
    needed = lacking(spec, values, state, policy)
    unseen = spec.previewed is not None and spec.previewed(values, state, policy) and not again
    asked = bool(wrong or needed or (unseen and spec.preview is None))
    if spec.in_vain and (asked or begun is not None):
        spec.in_vain(state, context)
    if begun is not None:
        return Outcome(form=form_for(spec, begun, state, context, policy, {}))
    if asked:
        findings = {**_missing(spec, needed), **wrong} if again else {}
        return Outcome(form=form_for(spec, values, state, context, policy, findings))
    try:
        shown = _shown(spec, values, state, replace(context, submitted=again), policy)
        if shown:
            return Outcome(
                form=form_for(spec, values, state, context, policy, shown.findings, shown, risky=bool(shown.findings))
            )
        return _complete(incident, spec, values, replace(context, submitted=again), policy)
    except Refused as refusal:
        if not again or not in_form(spec, refusal.field, state, policy):
            raise
        return Outcome(form=form_for(spec, values, state, context, policy, refusal.findings, risky=refusal.risky))


def _shown(
    spec: Spec, values: Mapping[str, str], incident: Incident, context: Context, policy: Policy
) -> Preview | None:
    """What is still to be looked at: the words as they would go out, or what stands against them."""
    if spec.preview is None or spec.previewed is None:
        return None
    if SEEN not in values and not spec.previewed(values, incident, policy):
        return None
    made = spec.preview(incident, command(spec, values, context, policy), context, policy)
    seen = context.submitted and values.get(SEEN) == made.stamp and not made.findings
    return None if seen else made


def _complete(
    incident: Incident | None, spec: Spec, values: Mapping[str, str], context: Context, policy: Policy
) -> Outcome:
    """What the verb makes of it. Raises Refused for a step before which the policy asks for more (`[required]`)."""
    state = incident or Incident(number=context.number)
    outcome = spec.decide(state, command(spec, values, context, policy), context, policy)
    if incident is not None and outcome.events:
        given = [name for name, said in values.items() if not is_blank(clean_text(said))]
        check_required(incident, spec.word, policy, given={spec.word, *given})
    return outcome


def target(
    spec: Spec, *, number: int | None, place: int | None, mine: tuple[Incident, ...], values: Mapping[str, str]
) -> int | Form | None:
    """Which incident a word is about: the one named, the one of this room, or the one the person works on.

    `number`: named in the line, by a button or a form. `place`: whose room it was said in. `mine`: those not ended in
    which the person holds a role. Gives its number, a form to choose one, or None where the word needs none. Raises
    NotFound where nothing tells.
    """
    if spec.about == "none":
        return None
    chosen = REF.fullmatch(values.get(CHOSEN, ""))
    found = number if number is not None else (int(chosen["number"]) if chosen else place)
    if found is not None or spec.about == "any":
        return found
    likely = tuple(each for each in mine if each.is_open) or mine
    if not likely:
        raise _nowhere(spec)
    return likely[0].number if len(likely) == 1 else choose(spec, values, likely)


def _nowhere(spec: Spec) -> NotFound:
    return NotFound(f"This is not an incident's room: add the reference, as in `{spec.word} INC-42`, or see `list`.")


def _admit(incident: Incident | None, spec: Spec, values: Mapping[str, str], context: Context, policy: Policy) -> None:
    """Raises Refused for who may not. A private incident is as good as missing to those it does not concern."""
    if incident is None and spec.about == "incident":
        raise _nowhere(spec)
    if incident is not None and not visible(incident, context):
        raise unseen(incident.number)
    if context.guest and not policy.guests:
        raise NotAllowed(f"Sitrep answers members of {policy.organisation} only: ask one of them.")
    require(incident, rule_of(spec, values, policy), context, policy, doing=spec.doing, word=spec.word)


def _missing(spec: Spec, names: tuple[str, ...]) -> Mapping[str, str]:
    found = {name: field_of(spec, name) for name in names}
    return {name: missing_words(field) for name, field in found.items() if field}
