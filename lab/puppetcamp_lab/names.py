"""What nbgrader calls attendees: by their account, which is all the camp knows."""

from nbgrader.api import Gradebook


def name_after_account(gradebook: Gradebook, attendee: str) -> None:
    """Give an attendee without a name the one of their account.

    nbgrader's pages would call them "None, None". Names that somebody has entered stay.
    """
    student = gradebook.update_or_create_student(attendee)
    if student.first_name is None and student.last_name is None:
        student.last_name, student.first_name = attendee, ""
        gradebook.db.commit()
