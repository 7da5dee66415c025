%%expect on_red_hat
%as rocky-9
file { '/tmp/hello.txt':
  ensure => file,
}
