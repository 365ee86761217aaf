"""What runs in the process of another SDK: the standard library and that SDK only, on Python 3.8 and newer.

Nothing here may import the rest of botoproof, which that interpreter does not have; `__main__` loads this folder as a
package of its own. Asks come as JSON lines on standard input, and answers leave as JSON lines.
"""

GONE = "there is no such operation"
"""Why a call is not accepted whose operation the SDK does not have."""
