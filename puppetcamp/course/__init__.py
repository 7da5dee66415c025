"""Prove a course: every exercise is graded as learners would be, before they are.

`pages` and `wrong_answers` read what an instructor wrote, `stored`, `released` and
`graded` each look for one kind of faults, and `proof` runs them all. Faults are
collected, never raised: one run tells everything that is to be mended.
"""
