"""The README says what is true: its table of words is the catalog's, its settings are the settings.

`python -m tests.test_readme` writes the table anew.
"""

import re
from pathlib import Path

from bot.catalog import table
from config.settings import Settings

README = Path(__file__).parent.parent / "README.md"
BEGIN = "<!-- words: made by `python -m tests.test_readme`, checked by tests/test_readme.py -->\n"
END = "<!-- /words -->"


def rewritten(text: str) -> str:
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


def test_the_table_of_words_is_the_catalogs() -> None:
    text = README.read_text(encoding="utf-8")
    assert BEGIN in text
    assert rewritten(text) == text


def test_every_picture_and_page_the_readme_links_to_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    assert linked
    assert [name for name in linked if not (README.parent / name).exists()] == []


def test_every_setting_the_readme_names_exists() -> None:
    named = re.findall(r"`(SITREP_[A-Z_]+)`", README.read_text(encoding="utf-8"))
    known = {f"SITREP_{name.upper()}" for name in Settings.__dataclass_fields__} | {"SITREP_LOG"}
    assert sorted(set(named) - known) == []


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
