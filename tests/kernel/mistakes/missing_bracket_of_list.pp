$names = ['maria', 'ada'
notify { $names: }
