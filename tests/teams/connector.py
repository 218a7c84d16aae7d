"""Teams' connector: takes what the bot says, checks it as Teams does, and breaks what it is told to break."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.teams.checks import complaints, too_big
from tests.teams.faults import BLOCKED, Call, Fault, broken, refusal
from tests.teams.login import Login
from tests.teams.people import BOT
from tests.teams.serving import dropped, serve
from tests.teams.tenant import ROOT, Conversation, Message, Tenant, channel_of

PATH = "/teams"
"""Before every path, as at Microsoft."""
WRITES = ("create_thread", "create_personal", "send", "update", "delete")
LIMITS = ((1.0, 7), (2.0, 8), (30.0, 60))
"""Messages that one conversation takes: so many within so many seconds."""
LONGEST_PAGE = 500

Act = Callable[[Call], web.Response]


@dataclass(slots=True, kw_only=True)
class Connector:
    """Its books, and its switches."""

    tenant: Tenant
    login: Login
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    limited: bool = True
    """Whether it holds the bot to Teams' limits."""
    slow: Callable[[], float] | None = None
    """Seconds a call takes before it has its effect, and again before it is answered; None: no moment."""
    page_size: int = LONGEST_PAGE
    """Members of a page, at most."""

    def fail(self, call: str, kind: str, **more: Any) -> Fault:
        """Break calls of a kind from now on."""
        fault = Fault(call=call, kind=kind, **more)
        self.faults.append(fault)
        return fault

    def mend(self) -> None:
        """All faults end."""
        self.faults.clear()

    def since(self, moment: float, kind: str = "") -> list[Call]:
        """Calls that came after a moment."""
        return [call for call in self.calls if call.at >= moment and kind in {"", call.kind}]

    def counted(self, moment: float = 0.0) -> Counter[str]:
        """How often each kind of call came after a moment."""
        return Counter(call.kind for call in self.since(moment))


@asynccontextmanager
async def connector_server(tenant: Tenant, login: Login) -> AsyncIterator[Connector]:
    """The connector, on http. The tenant learns its address."""
    books = Connector(tenant=tenant, login=login)
    desk = _Desk(books=books, tenant=tenant)
    app = web.Application(client_max_size=2**22)
    place = f"{PATH}/v3/conversations/{{place}}"
    app.router.add_post(f"{PATH}/v3/conversations", desk.taken("create", desk.create))
    app.router.add_post(f"{place}/activities", desk.taken("send", desk.send))
    app.router.add_post(f"{place}/activities/{{key}}", desk.taken("send", desk.send))
    app.router.add_put(f"{place}/activities/{{key}}", desk.taken("update", desk.update))
    app.router.add_delete(f"{place}/activities/{{key}}", desk.taken("delete", desk.delete))
    app.router.add_get(f"{place}/members", desk.taken("members", desk.members))
    app.router.add_get(f"{place}/pagedmembers", desk.taken("pagedmembers", desk.paged))
    app.router.add_get(f"{place}/members/{{key}}", desk.taken("member", desk.member))
    app.router.add_get(f"{PATH}/v3/teams/{{place}}/conversations", desk.taken("channels", desk.channels))
    async with serve(app) as url:
        tenant.service_url = f"{url}{PATH}/"
        yield books


@dataclass(slots=True, kw_only=True)
class _Desk:
    books: Connector
    tenant: Tenant

    def taken(self, kind: str, act: Act) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The route of a kind of call: noted, checked for its token, perhaps broken, then acted on."""

        async def route(request: web.Request) -> web.StreamResponse:
            call = await _call(kind, request)
            self.books.calls.append(call)
            answer = await self._answer(request, call, act)
            call.status = 0 if call.fault.startswith("drop") else answer.status
            return answer

        return route

    async def _answer(self, request: web.Request, call: Call, act: Act) -> web.Response:
        fault = next((fault for fault in self.books.faults if fault.strikes(call)), None)
        call.fault = fault.kind if fault else ""
        if fault is not None and fault.kind == "drop_before":
            return dropped(request)
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        elif fault is not None and fault.kind != "drop_after" and not fault.acts:
            return broken(fault)
        if not self.books.login.knows(request.headers.get("Authorization", "")):
            return web.json_response({"message": "Authorization has been denied for this request."}, status=401)
        if self._throttled(call):
            return refusal(429, headers={"Retry-After": "1"})
        await self._a_moment()
        answer = act(call)
        call.acted = answer.status < 300
        await self._a_moment()
        if fault is not None and fault.kind == "drop_after":
            return dropped(request)
        return broken(fault) if fault is not None and fault.acts else answer

    async def _a_moment(self) -> None:
        if self.books.slow is not None:
            await asyncio.sleep(self.books.slow())

    def _throttled(self, call: Call) -> bool:
        if not self.books.limited or call.kind not in {"send", "create_thread"}:
            return False
        mine = [one.at for one in self.books.calls if one.acted and one.kind == call.kind and one.place == call.place]
        return any(sum(call.at - at < seconds for at in mine) >= most for seconds, most in LIMITS)

    def create(self, call: Call) -> web.Response:
        """A new post in a channel, or the chat with a person."""
        return self._new_thread(call) if call.kind == "create_thread" else self._new_chat(call)

    def _new_thread(self, call: Call) -> web.Response:
        activity = call.body.get("activity")
        if call.body.get("isGroup") is not True or not isinstance(activity, dict):
            return self._bad(call, "a new thread needs isGroup and an activity")
        posted = self._posted(call, call.place, activity)
        if isinstance(posted, web.Response):
            return posted
        return web.json_response({"id": posted.conversation, "activityId": posted.id}, status=201)

    def _new_chat(self, call: Call) -> web.Response:
        person = self.tenant.whose(call.place)
        tenant = call.body.get("tenantId") or ((call.body.get("channelData") or {}).get("tenant") or {}).get("id")
        if person is None or not tenant or len(call.body.get("members") or ()) != 1 or call.body.get("isGroup"):
            return self._bad(call, "a chat needs one member of the tenant, and the tenant")
        chat = self.tenant.conversations[self.tenant.personal(person.name)]
        if not chat.installed:
            return refusal(403, "ForbiddenOperationException")
        return web.json_response({"id": chat.id}, status=201)

    def send(self, call: Call) -> web.Response:
        """A message: in a chat, in a thread, or in a channel, where it begins a thread."""
        posted = self._posted(call, call.place, call.body)
        return posted if isinstance(posted, web.Response) else web.json_response({"id": posted.id}, status=201)

    def update(self, call: Call) -> web.Response:
        """Other words in a message's place."""
        found = self._own(call)
        if isinstance(found, web.Response):
            return found
        if too_big(call.body):
            return refusal(413)
        self._complain(call, call.body)
        found.activity, found.edits, found.views = call.body, found.edits + 1, {}
        return web.json_response({"id": found.id})

    def delete(self, call: Call) -> web.Response:
        """A message taken back."""
        found = self._own(call)
        if isinstance(found, web.Response):
            return found
        found.gone = True
        return web.Response(status=200)

    def members(self, call: Call) -> web.Response:
        """Everybody, at once."""
        place = self._readable(call.place)
        return place if isinstance(place, web.Response) else web.json_response(self._listed(place))

    def paged(self, call: Call) -> web.Response:
        """Everybody, page by page."""
        place = self._readable(call.place)
        if isinstance(place, web.Response):
            return place
        listed, start = self._listed(place), int(call.body.get("continuationToken") or 0)
        end = start + min(int(call.body.get("pageSize") or LONGEST_PAGE), self.books.page_size)
        more = {"continuationToken": str(end)} if end < len(listed) else {}
        return web.json_response({**more, "members": listed[start:end]})

    def member(self, call: Call) -> web.Response:
        """One of them."""
        place = self._readable(call.place)
        if isinstance(place, web.Response):
            return place
        person = self.tenant.whose(call.key)
        if person is None or person.name not in place.members:
            return refusal(404, "MemberNotFoundInConversation")
        return web.json_response({**person.member, "aadObjectId": person.object_id})

    def channels(self, call: Call) -> web.Response:
        """The team's channels; its first has no name."""
        places = [one for one in self.tenant.conversations.values() if one.kind == "channel"]
        listed = [{"id": one.id, "name": None if one.id == self.tenant.team else one.name} for one in places]
        return web.json_response({"conversations": listed}) if call.place == self.tenant.team else refusal(404)

    def _posted(self, call: Call, where: str, activity: dict[str, Any]) -> Message | web.Response:
        place = self._readable(where)
        if isinstance(place, web.Response):
            return place
        if place.blocked:
            return refusal(403, BLOCKED)
        if ROOT in where and self.tenant.find(where, where.partition(ROOT)[2]) is None:
            return refusal(404)
        if too_big(activity):
            return refusal(413)
        self._complain(call, activity)
        return self.tenant.post(where, "", activity)

    def _readable(self, where: str) -> Conversation | web.Response:
        place = self.tenant.at(where)
        if place is None:
            return refusal(404)
        return place if place.installed else refusal(403)

    def _own(self, call: Call) -> Message | web.Response:
        place = self._readable(call.place)
        if isinstance(place, web.Response):
            return place
        found = self.tenant.find(call.place, call.key)
        if found is None:
            return refusal(404, "ActivityNotFoundInConversation")
        return refusal(403, "BotIsNotTheAuthor") if found.author else found

    def _listed(self, place: Conversation) -> list[dict[str, str]]:
        return [self.tenant.people[name].member for name in sorted(place.members)]

    def _complain(self, call: Call, activity: dict[str, Any]) -> None:
        found = complaints(activity, self.tenant.mentionable())
        self.tenant.complaints += [f"{call.kind}: {complaint}" for complaint in found]
        sender = (activity.get("from") or {}).get("id", BOT)
        if sender != BOT:
            self.tenant.complaints.append(f"{call.kind}: from {sender}")

    def _bad(self, call: Call, why: str) -> web.Response:
        self.tenant.complaints.append(f"{call.kind}: {why}")
        return refusal(400)


async def _call(kind: str, request: web.Request) -> Call:
    """The call, as it came. What a query asks for stands in the body of one that has none."""
    body: dict[str, Any] = await request.json() if request.can_read_body else dict(request.query)
    place = request.match_info.get("place", "")
    if kind == "create":
        channel = ((body.get("channelData") or {}).get("channel") or {}).get("id", "")
        kind = "create_thread" if channel else "create_personal"
        place = channel_of(channel) or str(next(iter(body.get("members") or [{}])).get("id", ""))
    key, headers = request.match_info.get("key", ""), request.headers
    return Call(kind=kind, place=place, key=key, body=body, at=time.time(), headers=headers)
