@user { 'ada':
  groups => ['backup'],
}
@user { 'bob':
  groups => ['games'],
}
User <| groups == 'backup' or title == 'nobody-at-all' |> {
  comment => 'collected',
}
User <| |> -> notify { 'after all users': }
