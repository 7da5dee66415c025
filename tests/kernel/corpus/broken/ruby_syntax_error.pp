notice(unreadable())
