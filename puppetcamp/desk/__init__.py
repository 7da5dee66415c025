"""The desk: the organizer's and the instructor's live view of a camp, and their say."""
