notice($facts['from_ruby'], $facts['from_text'], $facts['from_yaml'], $facts['from_script'])
