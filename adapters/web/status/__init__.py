"""Our own status page: what the public may read (`bot.public`), as pages, feeds, JSON and static files."""
