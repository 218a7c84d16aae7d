"""A file that a copy of the record is written into: whoever may read it reads every private incident."""

from pathlib import Path

FOR_ITS_OWNER = 0o600


def partial(path: Path) -> Path:
    """Where it is written until it is whole, and then renamed."""
    return path.with_name(f"{path.name}.part")


def begin(part: Path) -> None:
    """An empty file there that nobody else can read, in place of one that was left over. Raises OSError."""
    part.unlink(missing_ok=True)
    part.touch(mode=FOR_ITS_OWNER, exist_ok=False)
