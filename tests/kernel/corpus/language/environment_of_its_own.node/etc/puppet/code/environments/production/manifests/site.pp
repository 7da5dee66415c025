notice('site.pp is not read by apply')
