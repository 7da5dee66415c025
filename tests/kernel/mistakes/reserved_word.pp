$name = class
