sudo apt-get install tree
