"""What Sitrep remembers: tables, the codec, the store, the outbox. Synchronous; no transaction holds a network call."""
