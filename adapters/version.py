"""Which release this is."""

from importlib.metadata import PackageNotFoundError, version

UNKNOWN = "unreleased"


def release() -> str:
    """The version of the installed distribution: `1.0.0`."""
    try:
        return version("sitrep")
    except PackageNotFoundError:
        return UNKNOWN
