file { "C:\temp\new.txt":
  ensure => file,
}
