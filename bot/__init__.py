"""The core of Sitrep: incidents, roles, promises and what is to be said. It knows no chat, no network and no clock."""
