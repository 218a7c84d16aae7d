"""Slack: its payloads, views, blocks, limits and transports."""
