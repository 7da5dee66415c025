package 'tree'
