"""`sitrep status-export DIR`: the status page as files, made beside a Sitrep that runs or does not."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from adapters.app_status import house_of
from adapters.cli_setup import opened, setup
from adapters.web.status.board import everything
from adapters.web.status.files import export
from config.errors import ConfigError


def status_export(folder: Path) -> int:
    """Write the status page into that folder. Raises ConfigError and StorageError."""
    ready = setup()
    with closing(opened(ready.settings)) as db:
        house = house_of(ready.settings, ready.written, db)
        shown = everything(house, db.published, datetime.now(UTC) + db.clock_ahead())
    try:
        count = export(shown, house.logo, folder)
    except OSError as fault:
        reason = (fault.strerror or "unknown reason").lower()
        raise ConfigError(f"{folder} cannot be written ({reason}): name another folder.") from None
    print(f"{count} files in {folder}.")
    if not house.url:
        print("Feeds and JSON have no full addresses: set `url` in the policy's [status].")
    return 0
