import pytest

MANIFEST = """\
manifestVersion: 2.0
generator: shipping
deviceId: DISK-0001
eraseDevice: yes
notificationEmail: john.doe@example.com
bucket: my-import
returnAddress:
  name: Jane Roe
  company: Example Corp.
  street1: 123 Any Street
  city: Anytown
  stateOrProvince: WA
  postalCode: 91011-1111
  phoneNumber: 206-555-1111
  country: USA
"""


@pytest.fixture
def manifest():
    return MANIFEST
