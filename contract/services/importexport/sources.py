"""Where the rules stand: pages of the developer guide, the service model, and AWS's own live tests."""

from __future__ import annotations

_GUIDE = "docs.aws.amazon.com/AWSImportExport/latest/DG/"


def guide(page: str) -> str:
    """Return the address of a page of the developer guide."""
    return f"{_GUIDE}{page}.html"


def model(shape: str) -> str:
    """Return how the text of a shape in the service model is cited."""
    return f"service model importexport 2010-06-01, {shape}"


COMMON = guide("ManifestFileRef_common")
S3_IMPORT = guide("ManifestFileRef_Import")
EBS = guide("ManifestFileRef_EBS_Import")
GLACIER = guide("ManifestFileRef_Glacier_Import")
EXPORT = guide("ManifestFileRef_Export")
EXPORT_EXAMPLES = guide("HowtoCreateanExportManifestFile")
CUSTOMS = guide("ManifestFileRef_international")
LIMITS = guide("CHAP_GuideAndLimit")
UPDATING = guide("UpdatingAJob")
STATUS = guide("GettingStatus")
AUTHENTICATION = guide("HMACAuth")
ERRORS = guide("Errors")
LIST_JOBS = guide("WebListJobs")
EXPIRY = guide("createanimportjob")
TEMPLATES = "AWS's commented manifest templates (AWSImportExport web service tool, 2014-12-18)"
GENERATOR = "the value lists of the AWS manifest generator"
QUERY_ERRORS = "AWS Query API, common errors (no page of this service reached)"
LIVE_JS = "aws-sdk-js features/importexport (ran against the live service)"
LIVE_JAVA = "aws-sdk-java-v2 ImportExportIntegrationTest (ran against the live service)"
LIVE_NET = "aws-sdk-net ImportExport integration test (ran against the live service)"
LIVE_RUBY = "aws-sdk-ruby importexport client.feature (ran against the live service)"
JOB_IDS = "docs.amazonwebservices.com/AWSImportExport/2009-05-20/DG/CHAP_SignatureFileSpecification.html"
