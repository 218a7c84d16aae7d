"""What may go wrong with a call: rules that the proxy asks before it passes one on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Params = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Fault:
    """One kind of trouble with one method, for some of its calls."""

    method: str
    """`*` for every method."""
    kind: str
    """`429`, `500`, `html` (a 200 that is no JSON), `drop_before`, `drop_after`, `delay`, or Slack's error name."""
    times: int = 1
    """For so many calls; -1 for all."""
    skip: int = 0
    """The first so many calls pass."""
    seconds: float = 1.0
    """Of `Retry-After`, or of the delay."""
    when: Callable[[Params], bool] = field(default=lambda _: True)
    """Which calls are meant."""

    def strikes(self, method: str, params: Params) -> bool:
        """Whether this call is hit; each hit is counted off."""
        if self.times == 0 or self.method not in {"*", method} or not self.when(params):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1 if self.times > 0 else 0
        return True
