"""Rights on PostgreSQL for a user that Sitrep works as, who is not the owner of its tables.

That user may do all of Sitrep's work, but not change or take away what is in the log (`events`), nor an incident. One
exception: words may be overwritten on somebody's demand (`redact`), so `data` may be changed, and nothing else of an
entry, by a transaction that itself adds the entry saying who demanded it. So the log cannot be changed without a trace,
not even by whoever has that user's password. Migrations, and deleting old incidents, are the owner's.
"""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from storage.engines import database_url, is_sqlite, schema_engine
from storage.errors import Unusable, reason_of
from storage.local_tables import metadata
from storage.schema import WAIT
from storage.tables import events, incidents

NO_SERVER = "Rights are PostgreSQL's: an SQLite file is whoever's may open it."

ONLY_REDACTED = """
CREATE OR REPLACE FUNCTION sitrep_only_redacted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM events
    WHERE incident = NEW.incident AND kind = 'Redacted' AND xmin = pg_current_xact_id()::xid
  ) THEN
    RAISE EXCEPTION 'the log is append-only: words are overwritten by `redact` alone' USING ERRCODE = '42501';
  END IF;
  RETURN NULL;
END
$$
""".strip()
"""At the end of the transaction, so that the order within it does not matter."""


def statements(role: str) -> Iterator[str]:
    """What gives a user these rights, and takes from it what it has beyond. To be run as the owner of the tables."""
    user = postgresql.dialect().identifier_preparer.quote(role)  # type: ignore[no-untyped-call]
    names = [table.name for table in metadata.sorted_tables]
    kept = {events.name, incidents.name}
    yield f"GRANT USAGE ON SCHEMA public TO {user}"
    yield f"REVOKE ALL ON {', '.join(names)} FROM {user}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(name for name in names if name not in kept)} TO {user}"
    yield f"GRANT SELECT, INSERT, UPDATE ON incidents TO {user}"
    yield f"GRANT SELECT, INSERT, UPDATE (data) ON events TO {user}"
    yield f"GRANT SELECT ON alembic_version TO {user}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {user}"  # SELECT: for `sitrep db backup`
    yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {user}"
    yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {user}"
    yield ONLY_REDACTED
    yield "DROP TRIGGER IF EXISTS sitrep_only_redacted ON events"
    yield (
        "CREATE CONSTRAINT TRIGGER sitrep_only_redacted AFTER UPDATE ON events DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION sitrep_only_redacted()"
    )


def script(role: str) -> str:
    """The same for `psql`, all or nothing."""
    return "".join(f"{statement};\n" for statement in ("BEGIN", *statements(role), "COMMIT"))


def give(url: str, role: str) -> None:
    """Run them on that database. Raises Unusable where it is no server, or refuses."""
    place = database_url(url)
    if is_sqlite(place):
        raise Unusable(NO_SERVER)
    engine = schema_engine(place, WAIT)
    try:
        with engine.begin() as connection:
            if connection.scalar(select(func.current_user())) == role:
                raise Unusable(f"{role} owns the tables, and may do anything: name the user that Sitrep works as.")
            for statement in statements(role):
                connection.exec_driver_sql(statement)
    except DBAPIError as fault:
        raise Unusable(f"The rights cannot be given ({reason_of(fault)}).") from fault
    finally:
        engine.dispose()
