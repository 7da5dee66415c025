notice('日本 ü', $unknown)
