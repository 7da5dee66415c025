$names = ['maria']
$names += ['ada']
