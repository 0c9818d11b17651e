"""Surroundings with geopandas and shapely: `geopandas_features.py PBF CLASSES PLACES OUT RADII MODE SEGMENTS`.

CLASSES is a JSON file of rules by class, as @towerkit/geo has them. PLACES is `buildings`, the mean of the nodes of each way with a
building's tag, or a CSV file of lat and lon. Reads PBF with pyosmium, which also puts areas together; projects to a plane around the
middle of the places; finds pairs with the spatial index, and cuts them with vectorized intersections, all places of a chunk at a
time. MODE `plain` cuts all pairs, `covers` only those that the circle does not cover as a whole. A circle is a
polygon of four times SEGMENTS sides. Writes OUT/places.csv and OUT/features.csv, and prints one JSON object: seconds to read and to measure, processor seconds to
measure, peak memory in MB, shapes by class, classes of what it could not put together.
"""

import csv
import json
import os
import resource
import sys
import time

import geopandas
import numpy as np
import osmium
import pandas
import shapely

CHUNK = 500


def fits(tags, rule):
    return any(
        key in tags and (tags[key] != "no" if values is True else tags[key] in values) for key, values in rule.items()
    )


def read(pbf, classes):
    shapes = {name: [] for name in classes}
    centers, left_out = [], []
    wkb = osmium.geom.WKBFactory()

    def take(thing, kind, geometry):
        tags = {tag.k: tag.v for tag in thing.tags}
        for name, rule in classes.items():
            if rule["kind"] == kind and fits(tags, rule["tags"]) and not fits(tags, rule.get("without", {})):
                try:
                    shapes[name].append(shapely.from_wkb(geometry(thing)))
                except RuntimeError:
                    left_out.append(name)  # a line of one point, an area that crosses itself or lacks a way

    for thing in osmium.FileProcessor(pbf).with_areas():
        if len(thing.tags) == 0:
            continue
        if thing.is_node():
            take(thing, "points", wkb.create_point)
        elif thing.is_way():
            if "building" in thing.tags:
                centers.append(
                    (np.mean([node.lat for node in thing.nodes]), np.mean([node.lon for node in thing.nodes]))
                )
            take(thing, "lines", wkb.create_linestring)
        elif thing.is_area():
            take(thing, "areas", wkb.create_multipolygon)
    return shapes, centers, left_out


def measure(shapes, classes, places, radii, mode, segments):
    middle = places.mean(axis=0)
    plane = f"+proj=aeqd +lat_0={middle[0]} +lon_0={middle[1]} +ellps=WGS84 +units=m"
    project = lambda geometries: geopandas.GeoSeries(geometries, crs=4326).to_crs(plane)
    points = project(shapely.points(places[:, 1], places[:, 0])).values
    known_points = np.asarray(points)
    columns = {}
    for name, geometries in shapes.items():
        layer = project(geometries)
        index, known = layer.sindex, np.asarray(layer.values)
        kind = classes[name]["kind"]
        size = {"points": None, "lines": shapely.length, "areas": shapely.area}[kind]
        whole = None if size is None else size(known)
        for radius in radii:
            counts, amounts = np.zeros(len(places)), np.zeros(len(places))
            for start in range(0, len(places), CHUNK):
                circles = np.asarray(shapely.buffer(known_points[start : start + CHUNK], radius, quad_segs=segments))
                row, shape = index.query(circles, predicate="intersects")
                counts[start : start + CHUNK] += np.bincount(row, minlength=len(circles))
                if size is None:
                    continue
                part = np.empty(len(row))
                inside = np.zeros(len(row), bool)
                if mode == "covers":
                    inside_row, inside_shape = index.query(circles, predicate="covers")
                    inside = np.isin(row * len(known) + shape, inside_row * len(known) + inside_shape)
                    part[inside] = whole[shape[inside]]
                part[~inside] = size(shapely.intersection(known[shape[~inside]], circles[row[~inside]]))
                amounts[start : start + CHUNK] += np.bincount(row, weights=part, minlength=len(circles))
            columns[f"{name}_{radius}m_count"] = counts
            if size is not None:
                columns[f"{name}_{radius}m_{'len' if kind == 'lines' else 'area'}"] = amounts
    return pandas.DataFrame(columns)


def main(pbf, classes, places, out, radii, mode, segments):
    with open(classes) as file:
        classes = json.load(file)
    start = time.perf_counter()
    shapes, centers, left_out = read(pbf, classes)
    reading = time.perf_counter() - start
    if places != "buildings":
        with open(places) as file:
            centers = [(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)]
    centers = np.array(centers)
    pandas.DataFrame(centers, columns=["lat", "lon"]).to_csv(os.path.join(out, "places.csv"), index=False)
    start, processor = time.perf_counter(), time.process_time()
    features = measure(shapes, classes, centers, [int(radius) for radius in radii.split(",")], mode, int(segments))
    measuring, processor = time.perf_counter() - start, time.process_time() - processor
    features.to_csv(os.path.join(out, "features.csv"), index=False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report = {"reading": reading, "measuring": measuring, "processor": processor, "megabytes": peak}
    print(json.dumps({**report, "shapes": {name: len(known) for name, known in shapes.items()}, "left_out": left_out}))


main(*sys.argv[1:8])
