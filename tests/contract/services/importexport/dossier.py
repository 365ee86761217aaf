"""The dossier's baseline manifests, and ways to change one thing in them."""

from __future__ import annotations

BASE_IMPORT = """\
manifestVersion: 2.0
generator: contract-kit
bucket: ck-import-use1
deviceId: CK-0001
eraseDevice: yes
notificationEmail: john.doe@example.com
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
ADDRESS = """\
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
BASE_EXPORT = f"""\
manifestVersion: 2.0
deviceId: CK-0001
fileSystem: NTFS
trueCryptPassword: apassword
logBucket: ck-log-use1
notificationEmail: john.doe@example.com
operations:
  - exportBucket: ck-export-use1
{ADDRESS}"""
BASE_EBS = f"""\
manifestVersion: 3.0
deviceId: CK-0001
eraseDevice: yes
logBucket: ck-log-use1
notificationEmail: john.doe@example.com
operations:
  - source: device
    destination: ebs-snapshot
    region: us-east-1
    deviceCapacityGreaterThan1TB: no
{ADDRESS}"""
BASE_GLACIER = f"""\
manifestVersion: 3.0
deviceId: CK-0001
eraseDevice: yes
logBucket: ck-log-use1
notificationEmail: john.doe@example.com
operations:
  - source: device
    destination: glacier
    region: us-east-1
    archiveComment: daily_2012-07-24
    vaultName: 2012-07_archive
{ADDRESS}"""
CANADIAN = BASE_IMPORT.replace("  country: USA", "  country: Canada").replace("Province: WA", "Province: BC")
CUSTOMS = """\
customs:
  dataDescription: Medical test results.
  encryptedData: yes
  encryptionClassification: 5D992
  exportCertifierName: John Doe
  requiresExportLicense: yes
  deviceValue: 250.00
  deviceCountryOfOrigin: China
  deviceType: externalStorageDevice
"""
WITH_CUSTOMS = CANADIAN + CUSTOMS


def edited(text: str, *changes: tuple[str, str]) -> str:
    """Return `text` with each first part, which stands in it exactly once, replaced by the second."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def without(text: str, name: str) -> str:
    """Return `text` without the line of an option; an address goes as a whole."""
    if name == "returnAddress":
        return edited(text, (ADDRESS, ""))
    lines = [
        line for line in text.splitlines(keepends=True) if not line.strip().removeprefix("- ").startswith(f"{name}:")
    ]
    assert len(lines) == len(text.splitlines()) - 1
    return "".join(lines)
