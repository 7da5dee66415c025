"""Make an attendee's take-home bundle of what lies in their home: a hostile place."""
