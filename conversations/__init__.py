"""What comentor talks about, when it falls due and what state a pair is in.

Pure, no clock, no database.
"""
