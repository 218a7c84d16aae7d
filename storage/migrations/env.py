"""Run by Alembic: the connection, its transaction and its lock come from `storage/schema.py`."""

from alembic import context
from sqlalchemy import Connection

from storage.tables import metadata


def migrate(connection: Connection) -> None:
    """Run the steps in the transaction that is open already: all of them or none."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


migrate(context.config.attributes["connection"])
