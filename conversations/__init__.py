"""What comentor talks about, when it falls due and what state a pair is in: pure, no clock, no database."""
