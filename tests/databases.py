"""Databases for tests: made once, copied for each, so that none pays for the migrations."""

import shutil
from pathlib import Path

from storage import schema


def make_template(folder: Path) -> Path:
    """An empty database with the newest schema."""
    path = folder / "template.db"
    schema.upgrade(f"sqlite:///{path}")
    return path


def copy_of(template: Path, folder: Path) -> str:
    """The address of a copy of its own."""
    path = folder / "sitrep.db"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"
