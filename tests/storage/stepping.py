"""A schema as it was some releases ago."""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from storage import schema
from storage.engines import database_url, schema_engine


def versions() -> tuple[str, ...]:
    """Every version, the first first."""
    return tuple(reversed([step.revision for step in ScriptDirectory.from_config(schema._config()).walk_revisions()]))


def engine_of(url: str) -> Engine:
    return schema_engine(database_url(url), 1000)


def step_to(url: str, version: str) -> None:
    """Run the migrations up to that version."""
    engine = engine_of(url)
    with engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    engine.dispose()
