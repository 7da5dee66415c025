"""Progress: what attendees' kernels report of lessons, where the camp asks for it."""
