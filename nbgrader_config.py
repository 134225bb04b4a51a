"""What differs from nbgrader's defaults, each with its reason."""

from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader provides it)
here = Path(__file__).resolve().parent

c.CourseDirectory.course_id = "true-account"
# Commands work from any folder, and formgrader from wherever JupyterLab was started.
c.CourseDirectory.root = str(here)
# The gradebook holds every key; it lives apart from what is shown or copied.
c.CourseDirectory.db_url = f"sqlite:///{here}/gradebook/gradebook.db"
# One person on one machine needs no shared folder. For a class on one server, name the folder that
# all accounts can reach, as nbgrader's documentation describes.
c.Exchange.root = str(here / "exchange")

# Hand in whole or not at all; collect without following links or believing names and times.
c.ExchangeFactory.submit = "trueaccount.exchange.Submit"
c.ExchangeFactory.collect = "trueaccount.exchange.Collect"

# The learner's notebook is never executed: put the trainer's form back, then grade the answers.
c.Autograde.sanitize_preprocessors = [
    "trueaccount.grading.RestoreForm",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "trueaccount.grading.GradeAnswers",
    "trueaccount.grading.SaveScores",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# Feedback without code, keys or mark schemes, as one readable page.
c.GenerateFeedback.preprocessors = ["trueaccount.grading.GetMarks"]
c.GenerateFeedback.exporter_class = "trueaccount.grading.FeedbackExporter"
