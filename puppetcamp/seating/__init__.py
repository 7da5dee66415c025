"""Seats: who waits for one, in which order, and which are made ready beforehand."""
