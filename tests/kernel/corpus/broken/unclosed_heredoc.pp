$text = @(END)
  never ended
