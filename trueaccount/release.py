"""Release an assignment: check it, generate it, put it into the exchange."""

from __future__ import annotations

from trueaccount.check import Finding, check_assignment
from trueaccount.course import Course


def release(course: Course, assignment: str) -> list[Finding]:
    """Release one assignment, unless something has to be repaired first; return what.

    Raises CourseError.
    """
    found = list(check_assignment(course, assignment, release=False))
    if not found:
        course.generate(assignment)
        course.publish(assignment)
    return found
