"""The one error of this package: what an operator wrote cannot be used."""


class ConfigError(Exception):
    """What is wrong, a colon, what to do: one sentence that names the setting, or file, line and key."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """Shown to the operator as it is."""
