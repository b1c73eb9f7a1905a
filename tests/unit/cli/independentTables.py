"""Reads what Winnow writes for TensorBoard and Embedding Atlas with other people's readers; prints what it found as JSON."""

import json
import sys
from pathlib import Path

kind, folder = sys.argv[1], Path(sys.argv[2])

if kind == "projector":
    import pandas
    from PIL import Image

    config = json.loads((folder / "projector_config.json").read_text())["embeddings"][0]
    tensors = pandas.read_csv(folder / config["tensorPath"], sep="\t", header=None)
    metadata = pandas.read_csv(folder / config["metadataPath"], sep="\t", keep_default_na=False)
    side = config["sprite"]["singleImageDim"][0]
    with Image.open(folder / config["sprite"]["imagePath"]) as sprite:
        columns = sprite.width // side
        middles = [
            sprite.getpixel(((i % columns) * side + side // 2, (i // columns) * side + side // 2))
            for i in range(len(tensors))
        ]
        size = sprite.size
    found = {
        "shape": list(tensors.shape),
        "declared": config["tensorShape"],
        "first": tensors.iloc[0].tolist(),
        "columns": list(metadata.columns),
        "paths": metadata["path"].tolist(),
        "size": list(size),
        "middles": [list(pixel) for pixel in middles],
    }
else:
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(folder / "atlas.parquet")
    found = {"types": {field.name: str(field.type) for field in table.schema}, "rows": table.to_pylist()}

print(json.dumps(found))
