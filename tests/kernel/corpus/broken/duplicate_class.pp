class same { }
class same { }
include same
