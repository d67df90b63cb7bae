"""The rehearsal.

Invented people live through a programme with the real engine, and it is told how that went.
"""
