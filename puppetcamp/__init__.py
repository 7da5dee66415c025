"""The hub side of a Puppet camp: sign-in, seats, time, exchange and grading."""
