include faulty
