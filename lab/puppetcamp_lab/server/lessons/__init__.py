"""The page *Lessons*: what the course holds, and how far the attendee is in it.

`course` reads the lessons as the camp gives them out; `record` sums up what kernels
noted; `standing` joins both (pure); `handlers` are the addresses; `start` puts them
into a server.
"""
