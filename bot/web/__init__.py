"""The pages: what a browser is shown. They know a `Scene`, never the database."""
