this is not puppet at all
