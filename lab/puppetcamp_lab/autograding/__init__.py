"""nbgrader's autograding with the camp's sandboxes: parallel, and resumable.

nbgrader's own converter goes through submissions one after the other. Here everything
that waits is sent to the camp's service first, which grades several at a time; nbgrader
then goes through the submissions as ever and finds their results ready.
"""
