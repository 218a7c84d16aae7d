"""What can go wrong with the database, each a sentence an operator or a caller can act on.

StorageError
├── TooLate       a job was not committed in its time, and is rolled back
├── SchemaError   the schema is not one this release can work on
└── Unusable      the database cannot be opened, read or copied
"""

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.refusals import Conflict, Unsure

DEADLOCKS = frozenset({"40P01", "40001"})
FORBIDDEN = "42501"
NO_TEMPORARY = "53400"
"""The server's administrator allows no temporary file of that size."""
NOT_NOW = frozenset({"25006", "25P03"})
"""What a server says that is no longer the one to write to, and one that gave up on a process that was stopped."""


class StorageError(Exception):
    """Something is wrong with the database."""


class TooLate(StorageError):  # noqa: N818 - an outcome
    """The work was not committed within its time. It is rolled back and will never be saved."""


class SchemaError(StorageError):
    """The database's schema is not one that this release can work on."""


class Unusable(StorageError):  # noqa: N818 - a state
    """The database cannot be opened, read or copied."""


def is_busy(fault: BaseException) -> bool:
    """Whether a fault means "not now": trying again in a minute may help. But for Unsure, nothing was saved."""
    if isinstance(fault, TooLate | OperationalError | PoolTimeout | Conflict | Unsure):
        return True
    return isinstance(fault, DBAPIError) and (fault.connection_invalidated or state_of(fault) in NOT_NOW)


def told_by_database(fault: BaseException) -> str:
    """A sentence for what the database refused while nobody expected it to; empty where it was something else."""
    return f"The database cannot be used: {reason_of(fault)}." if isinstance(fault, OperationalError) else ""


def may_do_again(fault: DBAPIError) -> bool:
    """Whether the same at once again may do: two who waited for each other were parted, or the connection was lost.

    Lost within a commit, nobody knows whether it was saved; whoever does it again finds its key there, if it was.
    """
    return fault.connection_invalidated or state_of(fault) in DEADLOCKS


def may_be_saved(fault: DBAPIError) -> bool:
    """Whether what a commit raised leaves it open that it was saved: no word of the server came."""
    return fault.connection_invalidated and state_of(fault) not in NOT_NOW


def is_forbidden(fault: DBAPIError) -> bool:
    """Whether the database's user lacks the right to do that."""
    return state_of(fault) == FORBIDDEN


def state_of(fault: DBAPIError) -> str:
    """PostgreSQL's five letters for what went wrong; empty where there are none."""
    return getattr(fault.orig, "sqlstate", None) or ""


def reason_of(fault: SQLAlchemyError) -> str:
    """The database's own words on one line, without the statement and its values."""
    return " ".join(str(getattr(fault, "orig", None) or type(fault).__name__).split())
