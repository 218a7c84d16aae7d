"""The console script: words of a terminal to what does them, and every failure to one sentence and an exit code.

0: good. 1: not ready, or not there. 2: wrong usage or configuration.
"""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from adapters import app, cli_grants, cli_keep, logs
from adapters.app_local import check_alone
from adapters.cli_check import check
from adapters.cli_export_all import export_all
from adapters.cli_read import FORMATS, export, list_incidents, show
from adapters.cli_schema import back_up, cannot_listen, current, start_fresh, upgrade
from adapters.cli_setup import secrets_of, setup
from adapters.cli_status import status_export
from adapters.garbage import once_started
from adapters.inbound import where
from adapters.slack.manifest import manifest
from adapters.teams.manifest import package
from adapters.version import release
from bot.catalog import COMMANDS
from bot.commands.words import usage
from config.errors import ConfigError
from config.settings import load
from storage.errors import SchemaError, StorageError, Unusable, told_by_database

log = logging.getLogger("adapters.cli")  # its module may be called `__main__`

GOOD, NOT_READY, WRONG = 0, 1, 2
FRESH = "--fresh is for the try-out chat alone: it would empty the database of your incidents."


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the words say; the exit code. Without words, those of this process."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if not given.word:
        parser.print_help(sys.stderr)
        return WRONG
    logging.getLogger().addHandler(logging.NullHandler())  # a word that prints an answer prints nothing else
    try:
        return WORDS[given.word](given)
    except ConfigError as wrong:
        return _said(wrong.sentence, WRONG)
    except (SchemaError, Unusable) as wrong:
        return _said(str(wrong), WRONG if given.word == "run" else NOT_READY)
    except StorageError as wrong:
        return _said(str(wrong), NOT_READY)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has enough; Python would complain at its end
        return GOOD
    except KeyboardInterrupt:
        return NOT_READY
    except Exception as fault:
        log.debug("its fault", exc_info=fault)
        ours = f"A fault in Sitrep ended this ({type(fault).__name__}): {where(fault)}."
        return _said(told_by_database(fault) or ours, NOT_READY)


def _said(sentence: str, code: int) -> int:
    print(f"sitrep: {sentence}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sitrep", description="Runs incidents in chat and never forgets the update.")
    parser.add_argument("--version", action="version", version=f"sitrep {release()}")
    words = parser.add_subparsers(dest="word", metavar="WORD")
    run = words.add_parser("run", help="run until stopped")
    run.add_argument("--fresh", action="store_true", help="start the try-out chat with nothing in it")
    checking = words.add_parser("check", help="say what is ready, missing and left out")
    checking.add_argument("--policy", type=Path, metavar="FILE", help="check this policy instead of SITREP_POLICY's")
    made = words.add_parser("manifest", help="the app's manifest, to create it in the chat")
    made.add_argument("chat", choices=("slack", "teams"))
    made.add_argument("--out", type=Path, metavar="PATH", help="write it there instead of to standard output")
    _add_schema(words.add_parser("db", help="the database's schema, and a copy of it"))
    words.add_parser("list", help="incidents not yet ended")
    shown = words.add_parser("show", help="one incident as it stands")
    shown.add_argument("ref", metavar="REF", help="INC-42 or 42")
    _add_export(words.add_parser("export", help="everything kept of one incident, or of all"))
    exported = words.add_parser("status-export", help="the status page as files, to stand elsewhere")
    exported.add_argument("folder", type=Path, metavar="DIR", help="made if it is not there")
    return parser


def _add_export(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("ref", metavar="REF", nargs="?", help="INC-42 or 42")
    which.add_argument("--all", type=Path, metavar="DIR", help="everything there is, as files in a new folder")
    parser.add_argument("--format", choices=sorted(FORMATS), default="md", help="of one incident")
    parser.add_argument("--private", action="store_true", help="with --all: private incidents too")


def _add_schema(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="schema_word", metavar="WORD", required=True)
    words.add_parser("upgrade", help="bring the schema up to date")
    words.add_parser("current", help="which schema it has")
    words.add_parser("backup", help="copy the database while it is used").add_argument("path", type=Path)
    cli_keep.add(words)
    cli_grants.add(words)


def _run(given: argparse.Namespace) -> int:
    ready = setup()
    settings = ready.settings
    if given.fresh and not settings.tried_out:
        raise ConfigError(FRESH)
    if settings.tried_out:
        check_alone(settings)
    if given.fresh:
        start_fresh(settings)
    logs.configure(style=settings.log, level=settings.log_level, secrets=secrets_of(settings))
    for sentence in (*settings.warnings, *ready.left_out, *ready.unreachable):
        log.warning(sentence)
    say = once_started(print_now if settings.tried_out else _say)
    try:
        return asyncio.run(app.run(settings, ready.policy, say=say))
    except OSError as fault:
        raise ConfigError(cannot_listen(settings, fault)) from None


def print_now(sentence: str) -> None:
    """To standard output, whoever reads it: the page's address is what somebody waits for."""
    print(sentence, flush=True)


def _say(sentence: str) -> None:
    """To whoever watches a terminal; where lines are read by a program, as one of them."""
    if sys.stdout.isatty():
        print(sentence, flush=True)
    else:
        log.info(sentence)


def _check(given: argparse.Namespace) -> int:
    report = asyncio.run(check(setup(policy=given.policy)))
    print("\n".join(report.lines()))
    return GOOD if report.ready else NOT_READY


def _manifest(given: argparse.Namespace) -> int:
    made = teams_package() if given.chat == "teams" else f"{manifest_text()}\n".encode()
    if given.out is None:
        if given.chat == "teams" and sys.stdout.isatty():
            raise ConfigError("An app package is no text: name a file, as in --out sitrep-teams.zip.")
        sys.stdout.buffer.write(made)
        sys.stdout.flush()
        return GOOD
    try:
        given.out.write_bytes(made)
    except OSError as fault:
        raise ConfigError(f"{given.out} cannot be written: {(fault.strerror or 'unknown reason').lower()}.") from None
    return GOOD


def teams_package() -> bytes:
    """The Teams app's package for these settings. Raises ConfigError."""
    settings = load()
    if settings.teams is None or not settings.teams.app_id:
        raise ConfigError("TEAMS_APP_ID is missing: set it to the id of the bot that you made in Azure.")
    return package(settings.teams.app_id, release(), settings.public_url)


def manifest_text() -> str:
    """Slack's manifest for these settings: over HTTP where an address and no app token is set, else Socket Mode.

    Raises ConfigError.
    """
    settings = load()
    by_socket = not settings.public_url or bool(settings.slack and settings.slack.app_token)
    return json.dumps(manifest(usage(COMMANDS[0]), settings.public_url or None, socket_mode=by_socket), indent=2)


def _schema(given: argparse.Namespace) -> int:
    return SCHEMA_WORDS[given.schema_word](given)


SCHEMA_WORDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "upgrade": lambda _: upgrade(),
    "current": lambda _: current(),
    "backup": lambda given: back_up(given.path),
    "check": lambda _: cli_keep.check(),
    "restored": lambda _: cli_keep.restored(),
    "prune": lambda given: cli_keep.prune(given.older, yes=given.yes),
    "grants": lambda given: cli_grants.grants(given.role, apply=given.apply),
    "forget": lambda given: cli_keep.forget(given.person, given.reason),
}
WORDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "check": _check,
    "manifest": _manifest,
    "db": _schema,
    "list": lambda _: list_incidents(),
    "show": lambda given: show(given.ref),
    "export": lambda given: (
        export_all(given.all, private=given.private) if given.all else export(given.ref, given.format)
    ),
    "status-export": lambda given: status_export(given.folder),
}


if __name__ == "__main__":
    sys.exit(main())
