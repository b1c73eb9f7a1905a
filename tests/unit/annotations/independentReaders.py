"""Reads what Winnow wrote with readers that are not Winnow's, and prints what they found as JSON.

usage: independentReaders.py coco FILE | coco-results IMAGES RESULTS | yolo FOLDER | voc FOLDER | parquet FILE
"""

import json
import pathlib
import sys


def coco(annotations, results=None):
    import contextlib
    import io

    from pycocotools.coco import COCO

    with contextlib.redirect_stdout(io.StringIO()):
        data = COCO(annotations)
        if results is not None:
            data = data.loadRes(results)
    names = {category["id"]: category["name"] for category in data.loadCats(data.getCatIds())}
    found = {}
    for image in data.loadImgs(data.getImgIds()):
        found[image["file_name"]] = [
            {
                "class": names[one["category_id"]],
                "box": one.get("bbox"),
                "score": one.get("score"),
                "pixels": int(data.annToMask(one).sum()) if one.get("segmentation") else None,
            }
            for one in data.loadAnns(data.getAnnIds(imgIds=[image["id"]]))
        ]
    return found


def yolo(folder):
    import yaml

    folder = pathlib.Path(folder)
    names = yaml.safe_load((folder / "data.yaml").read_text("utf8"))["names"]
    found = {}
    for file in sorted((folder / "labels").rglob("*.txt")):
        lines = [line.split() for line in file.read_text("utf8").splitlines()]
        found[file.relative_to(folder / "labels").with_suffix("").as_posix()] = [
            {"class": names[int(line[0])], "box": [float(value) for value in line[1:5]]} for line in lines
        ]
    return found


def voc(folder):
    import xml.etree.ElementTree as tree

    found = {}
    for file in sorted((pathlib.Path(folder) / "Annotations").rglob("*.xml")):
        root = tree.parse(file).getroot()
        place = [root.findtext("folder"), root.findtext("filename")]
        found["/".join(part for part in place if part)] = [
            {
                "class": one.findtext("name"),
                "box": [float(one.findtext(f"bndbox/{name}")) for name in ("xmin", "ymin", "xmax", "ymax")],
            }
            for one in root.iter("object")
        ]
    return found


def parquet(file):
    import pandas

    table = pandas.read_parquet(file)
    return {"columns": list(table.columns), "rows": table["row"].tolist(), "classes": table["class"].astype(object).where(table["class"].notna(), None).tolist()}


readers = {"coco": coco, "coco-results": coco, "yolo": yolo, "voc": voc, "parquet": parquet}
print(json.dumps(readers[sys.argv[1]](*sys.argv[2:])))
