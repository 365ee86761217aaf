"""What botocore's parser is known to make of replies beyond the strict reading: listed, described, compared. Pure."""
