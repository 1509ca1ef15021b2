"""Run by the Python that has linkml-reference-validator: verdicts on JSON lines of [passage, quotation].

The passage alone is given as the reference, which is kinder than its use on whole articles. Its
suggestions for failed quotations, which decide nothing and take most of its time, are left out.
"""

from __future__ import annotations

import importlib
import json
import sys


def main() -> None:
    """Prints 1 for each quotation that is accepted, 0 for the others."""
    models = importlib.import_module("linkml_reference_validator.models")
    module = importlib.import_module("linkml_reference_validator.validation.supporting_text_validator")
    validator = module.SupportingTextValidator(models.ReferenceValidationConfig())
    validator.generate_suggested_fix = lambda *_: (None, None, 0.0)
    for line in sys.stdin:
        passage, words = json.loads(line)
        reference = models.ReferenceContent(reference_id="file:passage.txt", content=passage)
        print(int(validator.find_text_in_reference(words, reference).found))


if __name__ == "__main__":
    main()
