"""One file per verb: its dataclass, its decision, its description."""
