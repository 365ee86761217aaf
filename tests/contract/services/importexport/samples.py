"""Manifests as AWS's guides, templates and live tests write them, retyped: the shapes are kept, with all blemishes."""

from __future__ import annotations

from dataclasses import dataclass

from botoproof.contract.services.importexport.manifest import Kind
from botoproof.contract.services.importexport.world import Era

KEY = "AKIAIOSFODNN7EXAMPLE"
_ADDRESS = """\
returnAddress:
    name: Amazon.com ATTN Joe Random
    company: Amazon.com
    street1: 1200 12th Ave S.
    city: Seattle
    stateOrProvince: WA
    postalCode: 98114
    phoneNumber: 206-266-0000
    country: USA
"""
_SPACELESS_ADDRESS = _ADDRESS.replace(": ", ":")


@dataclass(frozen=True)
class Sample:
    """A manifest, what kind of job it is for, in which eras it is right, and some of what it says."""

    name: str
    text: str
    kind: Kind
    eras: tuple[Era, ...]
    says: dict[str, str]


MINIMAL_IMPORT = f"""\
manifestVersion: 2.0
accessKeyId: {KEY}
returnAddress:
  name: John Doe
  street1: 123 Any Street
  city: Anytown
  stateOrProvince: WA
  postalCode: 91111
  phoneNumber: 206-266-0000
  country: USA
deviceId: 49382
eraseDevice: no
bucket: myBucket
"""
LIVE_JS = f"""\
manifestVersion: 2.0
accessKeyId: {KEY}
bucket: myBucket
deviceId: ABCDE
generator: AWS ImportExport Web Service Tool 1.0
prefix: imported/
eraseDevice: no
{_ADDRESS}serviceLevel: expeditedShipping
"""
LIVE_NET_IMPORT = f"""\
---
bucket: myBucket
accessKeyId: {KEY}
manifestVersion: 1.3
eraseDevice: true
deviceId: 123
notificationEmail: john.doe@example.com
{_ADDRESS.replace("ATTN Joe", "ATTN:Joe")}"""
LIVE_NET_EXPORT = f"""\
manifestVersion: 1.2
accessKeyId: {KEY}
deviceId: 532404500021
logBucket: myBucket
trueCryptPassword: apassword
logPrefix: logs/
fileSystem: NTFS
notificationEmail: john.doe@example.com
operations:
    - exportBucket: myBucket
{_ADDRESS}"""
IMPORT_TEMPLATE = f"""\
manifestVersion:2.0
generator:Text editor
bucket:myBucket
deviceId:ABCDE
# Optional passwords
trueCryptPassword:apassword
eraseDevice:yes
notificationEmail:john.doe@example.com;jane.roe@example.com
acl:private
serviceLevel:standard
{_SPACELESS_ADDRESS}"""
EXPORT_TEMPLATE = f"""\
manifestVersion:2.0
generator:Text editor
deviceId:ABCDE
fileSystem:NTFS
trueCryptPassword:apassword
serviceLevel:standard
targetDirectory:/
recoveryDirectory:EXPORT-RECOVERY
logBucket:myBucket
notificationEmail:john.doe@example.com
operations:
    - exportBucket:myBucket
{_SPACELESS_ADDRESS}"""
EBS_TEMPLATE = f"""\
manifestVersion:3.0
deviceId:ABCDE
eraseDevice:yes
logPrefix:logs/
logBucket:myBucket
notificationEmail:john.doe@example.com
operations:
    - destination:ebs-snapshot
      source:device
      region:us-east-1
      deviceCapacityGreaterThan1TB:no
{_SPACELESS_ADDRESS}"""
GLACIER_TEMPLATE = f"""\
manifestVersion:3.0
deviceId:ABCDE
eraseDevice:yes
logPrefix:logs/
logBucket:myBucket
notificationEmail:john.doe@example.com
operations:
    - destination:glacier
      source:device
      region:us-east-1
      archiveComment:daily_2012-07-24
      vaultName:2012-07_archive
{_SPACELESS_ADDRESS}"""
EXPORT_WITH_CUSTOMS = f"""\
{EXPORT_TEMPLATE.replace(":USA", ":Germany").replace("    stateOrProvince:WA", "")}customs:
    dataDescription:"Medical test results."
    encryptedData:yes
    encryptionClassification:5D992
    exportCertifierName:"John Doe"
    requiresExportLicense:yes
    deviceValue:250.00
    deviceCountryOfOrigin:China
    deviceType:externalStorageDevice
    deviceHTS:8471.70.2000
    typeOfExport:return
"""
FOUR_PARTS = f"""\
manifestVersion: 2.0
accessKeyId: {KEY}
deviceId: ABCDE
fileSystem: EXT4
logBucket: myBucket
logPrefix: mylogs/
operations:
    - exportBucket: myBucket
      prefix: images
      beginMarker: images/starwars/jedi.jpg
      endMarker: images/starwars/masterwindoo.jpg
    - exportBucket: myBucket
      prefix: html
    - exportBucket: lost
    - exportBucket: threescompany
      prefix: images
      endMarker: images/starwars/jarjar.jpg
{_ADDRESS}"""
CLI_CREATE_JOB = """\
manifestVersion: 2.0;
generator: Text editor;
bucket: myBucket
deviceId: "49382"
eraseDevice: yes
notificationEmail: john.doe@example.com;jane.roe@example.com
returnAddress:
name: Joe Random
street1: 123 Any Street
street2:
city: Anytown
stateOrProvince: WA
postalCode: 07030
phoneNumber: 206-555-1111
country: USA
"""
CLI_GET_STATUS = """\
manifestVersion:2.0
generator:Text editor
bucket:myBucket
deviceId:49382
eraseDevice:yes
notificationEmail:john.doe@example.com;jane.roe@example.com
trueCryptPassword:password123
acl:private
serviceLevel:standard
returnAddress:
  name: Jane Doe
  company: Example Corp.
  street1: 123 Any Street
  street2:
  street3:
  city: Anytown
  stateOrProvince: WA
  postalCode: 91011-1111
  country:USA
  phoneNumber:206-555-1111
"""

_A, _B, _BOTH = (Era.A,), (Era.B,), (Era.A, Era.B)
SAMPLES = (
    Sample("M1", MINIMAL_IMPORT, Kind.S3_IMPORT, _A, {"deviceId": "49382", "eraseDevice": "no"}),
    Sample("M2", LIVE_JS, Kind.S3_IMPORT, _A, {"prefix": "imported/", "serviceLevel": "expeditedShipping"}),
    Sample("M3", LIVE_NET_IMPORT, Kind.S3_IMPORT, _BOTH, {"eraseDevice": "true", "manifestVersion": "1.3"}),
    Sample("M4", LIVE_NET_EXPORT, Kind.S3_EXPORT, _BOTH, {"deviceId": "532404500021", "logPrefix": "logs/"}),
    Sample("M5", IMPORT_TEMPLATE, Kind.S3_IMPORT, _B, {"manifestVersion": "2.0", "acl": "private"}),
    Sample("M6", EXPORT_TEMPLATE, Kind.S3_EXPORT, _B, {"targetDirectory": "/", "fileSystem": "NTFS"}),
    Sample("M7", EBS_TEMPLATE, Kind.EBS, _B, {"manifestVersion": "3.0", "logBucket": "myBucket"}),
    Sample("M8", GLACIER_TEMPLATE, Kind.GLACIER, _B, {"manifestVersion": "3.0", "logPrefix": "logs/"}),
    Sample("M9", EXPORT_WITH_CUSTOMS, Kind.S3_EXPORT, _B, {"trueCryptPassword": "apassword"}),
    Sample("M10", FOUR_PARTS, Kind.S3_EXPORT, _A, {"fileSystem": "EXT4", "logPrefix": "mylogs/"}),
    Sample("create-job", CLI_CREATE_JOB, Kind.S3_IMPORT, _B, {"manifestVersion": "2.0", "generator": "Text editor"}),
    Sample("STATUS", CLI_GET_STATUS, Kind.S3_IMPORT, _B, {"trueCryptPassword": "password123"}),
)
