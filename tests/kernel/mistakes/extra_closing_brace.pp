notify { 'one': }
}
