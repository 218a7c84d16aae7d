"""Where a page's links lead. All are relative, so that the page works under any address and as files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Links as one page writes them."""

    up: str = ""
    """From the page to the folder of the whole: empty, or `../` for each folder it lies in."""
    files: bool = False
    """Whether pages are files that end in `.html`."""
    home: str = "./"
    """To the first page."""

    def page(self, name: str) -> str:
        """To a page: `history`, `incidents/3f…`."""
        return f"{self.up}{name}{'.html' if self.files else ''}"

    def file(self, name: str) -> str:
        """To what is no page: a feed, a picture, JSON."""
        return f"{self.up}{name}"


def live(name: str) -> Links:
    """Links of a served page: of `history` as of `incidents/3f…`."""
    up = "../" * name.count("/")
    return Links(up=up, home=up or "./")


def bare(mount: str) -> Links:
    """Links of the first page where its address has no slash at its end: they begin with its own last part."""
    return Links(up=f"{mount}/", home=mount)


def filed(name: str) -> Links:
    """Links of a page that is a file."""
    up = "../" * name.count("/")
    return Links(up=up, files=True, home=f"{up}index.html")
