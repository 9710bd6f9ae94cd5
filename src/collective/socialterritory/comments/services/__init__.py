"""The JSON doors of comments."""
