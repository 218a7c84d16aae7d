"""Plain HTTP: health, readiness, metrics, the public status page."""
