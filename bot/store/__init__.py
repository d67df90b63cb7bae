"""The database: its tables, how it is opened, and its history of changes."""
