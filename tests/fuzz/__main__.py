"""`make fuzz`: the whole campaign. `python -m tests.fuzz [REQUESTS] [SEED]`."""

import asyncio
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.campaign import campaign

MEMORY = Path("/dev/shm")
"""Where the database need not wait for a disk, where there is such a place."""


def main() -> int:
    shots = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    print(f"{shots:,} requests, seed {seed}")
    began = time.monotonic()
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        tally = asyncio.run(campaign(Path(folder), shots=shots, seed=seed))
    print(tally.table())
    print(f"{time.monotonic() - began:.0f} s")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
