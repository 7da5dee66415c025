notice(noisy())
