class Capital { }
