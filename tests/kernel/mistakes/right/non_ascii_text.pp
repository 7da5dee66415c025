notify { 'Grüße – “hello” ‘you’ … →': }
# “quotes” and – dashes in a comment
