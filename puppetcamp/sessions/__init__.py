"""Camp sessions: how long an attendee may work, and what happens when time is up."""
