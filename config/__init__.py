"""What an operator writes: settings in the environment, and the organisation's policy in a file."""
