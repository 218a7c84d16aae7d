"""Slack, joined up from its settings: the way out, the way in over HTTP and Socket Mode, and what runs beside them."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import aiohttp
from aiohttp import web

from adapters.app_chat import Core
from adapters.sinks import SendFailed, Sink
from adapters.slack.addresses import CHAT
from adapters.slack.answers import Answers
from adapters.slack.budget import Budget
from adapters.slack.client import Client, open_session, web_client
from adapters.slack.desk import Desk
from adapters.slack.directory import Directory, directory
from adapters.slack.endpoint import Endpoint
from adapters.slack.front import Front
from adapters.slack.listeners import Receivers, bolt_app
from adapters.slack.reception import Reception, writer
from adapters.slack.sink import SlackSink
from adapters.slack.socket import LINES, Line, Sockets, Unanswered, ask_address
from adapters.slack.watch import Watch
from adapters.tasks import Tasks
from bot.events import RoomOpened
from bot.people import Profile
from bot.policy import Policy
from bot.refs import Address, Identity
from config.errors import ConfigError
from config.settings import SlackSettings
from storage.database import Database

UNNAMED = 50
"""People looked up by name in one go."""
TRIES = 3
"""Times Slack is asked at the start who we are, before we start without knowing."""
LONGEST_PAUSE = 30.0
WATCHING = 60.0
"""Seconds between two looks whether our access is back."""

T = TypeVar("T")

log = logging.getLogger(__name__)
