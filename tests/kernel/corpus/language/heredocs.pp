$who = 'world'
$plain = @(END)
  Hello ${who}
  $not
  | END
$interpolated = @("END")
  Hello ${who}\tno escape
    indented
  | END
$escaped = @("END"/tn$)
  Tab:\there \${kept}
  | END
$chomped = @(END)
  no newline
  |- END
$json = @("DATA":json)
  {"a": [1, 2, "${who}"]}
  | DATA
notice($plain, $interpolated, $escaped, $chomped, $json)
