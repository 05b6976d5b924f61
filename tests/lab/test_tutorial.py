"""The configuration that people copy from a tutorial, which means etcd's v2 API."""
import os

from labkit.layout import MEMBERS
from labtest import LabTest, json_rows

TUTORIAL = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'tutorial.yml')


class Tutorial(LabTest):
    def test_as_printed(self):
        if self.lab.api == 'etcd':
            self.assertEqual(self.ask('-c', TUTORIAL, 'list'), self.ask('list'))
            self.assertEqual([row['Member'] for row in json_rows(self.ask('-c', TUTORIAL, 'list', '-f', 'json'))], [*MEMBERS])
        else:
            complaint = self.refuses(TUTORIAL)
            self.assertIn('--enable-v2', complaint)
            self.assertIn('etcd3', complaint)
