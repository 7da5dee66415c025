echo text > /tmp/watched
