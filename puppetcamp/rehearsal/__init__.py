"""The organizer's dress rehearsal: real seats at once, at work, before the class."""
