# What Ruby code leaves to be done at the end of the run is done.
notice(later())
