# Two files by hand in place of one for each room.
# --- cell: templates_class
%%file modules/guide/manifests/init.pp
# Writes a guide to the rooms of the camp.
#
# @param rooms The rooms by their names: seats, whether there is a screen, who teaches.
class guide (
  Hash[String[1], Hash] $rooms = {
    'blue'  => { 'seats' => 20, 'screen' => true, 'teachers' => ['ada', 'grace'] },
    'green' => { 'seats' => 8, 'screen' => false, 'teachers' => [] },
  },
) {
  file { '/srv/guide':
    ensure => directory,
  }

  file { '/srv/guide/rooms.txt':
    ensure  => file,
    content => epp('guide/rooms.epp', { 'rooms' => $rooms }),
  }

  file { '/srv/guide/blue.txt':
    ensure  => file,
    content => "Teachers in blue: ada, grace\n",
  }

  file { '/srv/guide/green.txt':
    ensure  => file,
    content => "Teachers in green: nobody\n",
  }
}
