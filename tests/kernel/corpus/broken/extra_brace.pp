notify { 'x': }
}
notify { 'y': }
