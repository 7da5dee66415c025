notice("a ${x b")
