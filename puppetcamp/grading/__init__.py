"""Grading: one throwaway container per submission, and verdicts that fail closed."""
