"""Every word there is, once, in the order of the help: what parser, forms, permissions, buttons and documents read."""

from bot.commands import (
    accept,
    approve,
    bridge,
    cancel,
    claim,
    close,
    declare,
    decline,
    detected,
    duplicate,
    handover,
    help_words,
    here,
    impact,
    link,
    list_incidents,
    maintenance,
    me,
    next_update,
    note,
    priority,
    record,
    redact,
    release,
    reopen,
    resolve,
    retitle,
    role,
    roles,
    send_back,
    services,
    snooze,
    status,
    status_words,
    subscribe,
    terms,
    timeline,
    title,
    unsubscribe,
    update,
    urgency,
    visibility,
    waive,
    why,
)
from bot.commands.spec import Spec
from bot.commands.words import does, find_among, nearest_among, usage

COMMANDS: tuple[Spec, ...] = (
    declare.SPEC,
    status.SPEC,
    list_incidents.SPEC,
    timeline.SPEC,
    why.SPEC,
    terms.SPEC,
    subscribe.SPEC,
    unsubscribe.SPEC,
    help_words.SPEC,
    here.SPEC,
    update.SPEC,
    next_update.SPEC,
    snooze.SPEC,
    approve.SPEC,
    send_back.SPEC,
    maintenance.SPEC,
    role.SPEC,
    claim.SPEC,
    release.SPEC,
    roles.SPEC,
    handover.SPEC,
    accept.SPEC,
    decline.SPEC,
    me.SPEC,
    note.SPEC,
    redact.SPEC,
    priority.SPEC,
    title.SPEC,
    impact.SPEC,
    urgency.SPEC,
    services.SPEC,
    detected.SPEC,
    bridge.SPEC,
    visibility.SPEC,
    link.SPEC,
    *status_words.SPECS,
    resolve.SPEC,
    close.SPEC,
    reopen.SPEC,
    cancel.SPEC,
    duplicate.SPEC,
    waive.SPEC,
    retitle.SPEC,
    *record.SPECS,
)
"""People's words first; what only chats and buttons say stands last, hidden."""


def find(word: str) -> Spec | None:
    """The command of that word or alias, hidden ones too; None for a word that is not there."""
    return find_among(word, COMMANDS)


def nearest(word: str) -> str:
    """The word people can type that is most like this one; empty if none is."""
    return nearest_among(word, COMMANDS)


def opening(*, inside: bool) -> Spec:
    """The word meant where none is said: the incident's card in its room (`inside`), else a declaration."""
    return status.SPEC if inside else declare.SPEC


def table() -> str:
    """All words as a table for the documentation, in Markdown."""
    rows = [
        f"| `{_escaped(usage(spec))}`{_aliases(spec)} | {_escaped(does(spec))} |"
        for spec in COMMANDS
        if not spec.hidden
    ]
    return "\n".join(["| words | what happens |", "|---|---|", *rows, ""])


def _aliases(spec: Spec) -> str:
    return f" (also {', '.join(f'`{alias}`' for alias in spec.aliases)})" if spec.aliases else ""


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
