notice($serverversion, $servername)
