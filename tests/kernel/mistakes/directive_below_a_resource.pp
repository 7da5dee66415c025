%%compiled on_red_hat
file { '/tmp/hello.txt':
  ensure => file,
}
%as rocky-9
