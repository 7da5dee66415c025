$x = 1
notify { "never ${x} closed: }
