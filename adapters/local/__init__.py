"""The try-out chat: a small chat in the browser, served by Sitrep itself. It translates and draws; it has no rules."""
