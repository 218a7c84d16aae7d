"""What can go wrong with the database, each a sentence an operator or a caller can act on.

StorageError
├── TooLate       a job was not committed in its time, and is rolled back
├── SchemaError   the schema is not one this release can work on
└── Unusable      the database cannot be opened, read or copied
"""

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class StorageError(Exception):
    """Something is wrong with the database."""


class TooLate(StorageError):  # noqa: N818 - an outcome
    """The work was not committed within its time. It is rolled back and will never be saved."""


class SchemaError(StorageError):
    """The database's schema is not one that this release can work on."""


class Unusable(StorageError):  # noqa: N818 - a state
    """The database cannot be opened, read or copied."""


def is_busy(fault: BaseException) -> bool:
    """Whether a fault means "not now": nothing was saved, and trying again in a minute may help."""
    return isinstance(fault, TooLate | OperationalError | PoolTimeout)


def reason_of(fault: SQLAlchemyError) -> str:
    """The database's own words, without the statement and its values."""
    return str(getattr(fault, "orig", None) or type(fault).__name__)
