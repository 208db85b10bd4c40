"""Runs a generator with published holes over schemas: one JSON list on standard input, one text or null for each out."""

from __future__ import annotations

import json
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

from datamodel_code_generator import DataModelType, InputFileType, generate


def generated(schema: dict[str, Any], output: Path) -> str | None:
    """The module, or nothing when the generator refuses the schema or its own output."""
    try:
        generate(
            json.dumps(schema),
            input_file_type=InputFileType.JsonSchema,
            output=output,
            output_model_type=DataModelType.PydanticV2BaseModel,
            use_schema_description=True,
            disable_timestamp=True,
        )
    except Exception:  # Whatever it dislikes: only what it lets through is judged.
        return None
    return output.read_text()


def main() -> None:
    """All schemas, in order."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps([generated(schema, Path(folder) / "model.py") for schema in json.load(sys.stdin)]))


if __name__ == "__main__":
    main()
