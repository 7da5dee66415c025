---
greeting: hello
