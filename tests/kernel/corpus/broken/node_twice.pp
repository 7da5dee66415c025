node 'camp' { }
node 'camp' { }
