%%compiled on_red_hat
%on rocky-9
file { '/tmp/hello.txt':
  ensure => file,
}
