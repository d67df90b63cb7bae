"""Slack: what it shows, by its Block Kit."""
