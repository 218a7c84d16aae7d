"""Everything Sitrep says: one small function for each message, facts in, card out (docs/words.md)."""
