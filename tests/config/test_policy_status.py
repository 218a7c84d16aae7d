"""`[status]` of a policy file: read as it is written, and every mistake with its line."""

from pathlib import Path

import pytest

from bot.policy import Policy
from bot.status_policy import Service
from config.errors import ConfigError
from config.policy_file import load_policy

SERVICE = '[[status.services]]\nname = "Checkout"\n'


def read(folder: Path, text: str) -> Policy:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return load_policy(path).policy


def test_the_built_in_page_lists_nothing_and_hides_nothing() -> None:
    page = load_policy(None).policy.status

    assert (page.services, page.publish_targets, page.logo, page.url) == ((), (), "", "")
    assert page.show_overdue


def test_what_is_named_replaces_what_is_built_in(tmp_path: Path) -> None:
    page = read(
        tmp_path,
        '[status]\nname = "Larkfield"\nurl = "https://status.example.com"\nlogo = "logo.svg"\n'
        'publish_targets = ["updates", "updates"]\n'
        f'{SERVICE}group = "Shop"\ndescription = "Paying."\nalso = ["checkout-api"]',
    ).status

    assert (page.name, page.url, page.logo) == ("Larkfield", "https://status.example.com", "logo.svg")
    assert (page.publish_targets, page.show_overdue) == (("updates",), True)
    service = Service(name="Checkout", group="Shop", description="Paying.", also=("checkout-api",))
    assert page.services == (service,)


def test_only_services_that_are_listed_are_public_in_the_order_of_the_page(tmp_path: Path) -> None:
    page = read(tmp_path, f'{SERVICE}also = ["checkout-api"]\n[[status.services]]\nname = "Search"').status

    assert page.public(["db-7", "search", "CHECKOUT-API", "Checkout"]) == ("Checkout", "Search")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[status]\nservice = []", "line 2: there is no key `service`: did you mean `services`?"),
        (f"{SERVICE}aka = []", "line 3: there is no key `aka`: known here: name, group, description, also."),
        (
            '[status]\nurl = "status.example.com"',
            'line 2: `url` cannot be "status.example.com": write an address as in https://status.example.com.',
        ),
        (
            '[status]\nurl = "javascript:alert(1)"',
            'line 2: `url` cannot be "javascript:alert(1)": write an address as in https://status.example.com.',
        ),
        (
            '[status]\nlogo = "logo.html"',
            'line 2: `logo` cannot be "logo.html": name a file that ends in .svg, .png, .jpg, .jpeg, .webp.',
        ),
        (
            '[status]\npublish_targets = ["sla"]',
            'line 2: `publish_targets` cannot be "sla": write updates, respond or resolve.',
        ),
        (
            '[[status.services]]\nname = ""',
            'line 2: `name` of a service cannot be "": write 1 to 80 characters on one line.',
        ),
        (f'{SERVICE}also = ["checkout"]', 'line 3: "checkout" names two services: keep one.'),
        (f"{SERVICE}{SERVICE}", 'line 4: "Checkout" names two services: keep one.'),
    ],
)
def test_a_mistake_is_one_sentence_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, text)

    assert refused.value.sentence == f"policy.toml, {sentence}"
