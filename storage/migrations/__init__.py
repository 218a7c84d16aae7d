"""How the schema came to be what it is, one step for each release that changed it."""
