"""Microsoft Teams: the only place that knows it."""
