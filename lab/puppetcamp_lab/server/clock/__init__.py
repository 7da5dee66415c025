"""The seat's side of the camp's clock: ask the camp, tell browsers and terminals.

`watch` asks the camp's service, for all pages of a seat together, and keeps the last
answer; `standing` is what a page is told of it; `timefile` is what a shell is told;
`busy` tells the hub of work that shows no sign of life; `progress` reports what the
kernel noted, if the camp wants that.
"""
