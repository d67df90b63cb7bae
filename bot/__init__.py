"""comentor's machine: platforms, database, clock, delivery, web pages, command line."""
