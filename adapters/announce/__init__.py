"""Ways of telling people that are no chat: one file each (docs/channels.md)."""
