"""What happens in a tenant beside words: apps come and go, people too, channels are renamed and deleted."""

from tests.teams import activities
from tests.teams.client import Answer, Teams
from tests.teams.people import BOT


async def installed(teams: Teams, place: str, by: str = "ana") -> tuple[Answer, Answer]:
    """The app is added to a team (its first channel stands for it), a private channel, a chat, or by a person."""
    _is(teams, place, installed=True)
    tenant, person = teams.tenant, teams.tenant.people[by]
    come = await teams.deliver(activities.members(tenant, person, place, added=[BOT]))
    return come, await teams.deliver(activities.installation(tenant, person, place, "add"))


async def uninstalled(teams: Teams, place: str, by: str = "ana") -> tuple[Answer, Answer]:
    """The app is removed from where it was."""
    _is(teams, place, installed=False)
    tenant, person = teams.tenant, teams.tenant.people[by]
    gone = await teams.deliver(activities.members(tenant, person, place, removed=[BOT]))
    return gone, await teams.deliver(activities.installation(tenant, person, place, "remove"))


async def joined(teams: Teams, place: str, *names: str, by: str = "ana") -> Answer:
    """People come to a team or a chat."""
    tenant = teams.tenant
    tenant.conversations[place].members |= set(names)
    ids = [tenant.people[name].id for name in names]
    return await teams.deliver(activities.members(tenant, tenant.people[by], place, added=ids))


async def left(teams: Teams, place: str, *names: str, by: str = "ana") -> Answer:
    """People leave a team or a chat, or are put out of it."""
    tenant = teams.tenant
    tenant.conversations[place].members -= set(names)
    ids = [tenant.people[name].id for name in names]
    return await teams.deliver(activities.members(tenant, tenant.people[by], place, removed=ids))


async def renamed(teams: Teams, channel: str, name: str, by: str = "ana") -> Answer:
    """A channel gets another name."""
    tenant = teams.tenant
    tenant.conversations[channel].name = name
    return await teams.deliver(activities.channel_event(tenant, tenant.people[by], "channelRenamed", channel, name))


async def deleted(teams: Teams, channel: str, by: str = "ana") -> Answer:
    """A channel is deleted, and all that was said in it."""
    tenant = teams.tenant
    gone = tenant.conversations.pop(channel)
    return await teams.deliver(
        activities.channel_event(tenant, tenant.people[by], "channelDeleted", channel, gone.name)
    )


def _is(teams: Teams, place: str, *, installed: bool) -> None:
    """With the team, all its channels that are not private."""
    places = teams.tenant.conversations
    places[place].installed = installed
    if place == teams.tenant.team:
        for one in places.values():
            one.installed = installed if one.kind == "channel" and not one.private else one.installed
