	notify { "x":
		message => ${wrong},
	}
