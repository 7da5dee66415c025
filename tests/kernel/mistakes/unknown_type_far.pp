banana { 'tree': }
