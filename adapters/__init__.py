"""Translates and carries: chats, the outbox, the clock, plain HTTP, the terminal. The only asynchronous code."""
