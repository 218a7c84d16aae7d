"""Measures everything and writes docs/benchmarks.md. `--quick`: less of each, and nothing is written.

Names of sections, as in `python -m tests.bench ack growth`, measure these alone and write nothing.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping

from tests.bench import ack, crowd, footprint, growth, replicas, strain, telling
from tests.bench.report import PAGE, Section, page, written

SECTIONS: Mapping[str, Callable[..., Awaitable[Section]]] = {
    "ack": ack.measure,
    "ack-server": ack.measure_on_server,
    "telling": telling.measure,
    "crowd": crowd.measure,
    "replicas": replicas.measure,
    "strain": strain.measure,
    "growth": growth.measure,
    "footprint": footprint.measure,
}


async def main() -> None:
    """Measure, print, write."""
    asked = [name for name in sys.argv[1:] if not name.startswith("-")]
    quick, found = "--quick" in sys.argv, list[Section]()
    for name, measure in SECTIONS.items():
        if not asked or name in asked:
            found.append(await measure(quick=quick))
            print(f"{written(found[-1])}\n", flush=True)
    if not asked and not quick:
        PAGE.write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
