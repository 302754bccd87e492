"""Near-duplicates by MinHash, as users of rensa and datasketch write it: pairs, no passages."""

SHINGLE = 5  # letters: Chinese has no blanks between words
PERMUTATIONS = 128
THRESHOLD = 0.5
BANDS = 32  # of four: a pair of Jaccard 0.5 is looked at in 87 of 100 cases


def rensa_pairs(texts: list[str]) -> list[tuple[int, int]]:
    """R-MinHash and its LSH; what comes out of it is checked against the threshold."""
    from rensa import RMinHash, RMinHashLSH

    sketches = RMinHash.from_token_sets(map(_shingles, texts), num_perm=PERMUTATIONS, seed=42)
    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=BANDS)
    index.insert_many(sketches)
    return [
        (one, other)
        for one, others in enumerate(index.query_all(sketches))
        for other in sorted(others)
        if one < other and sketches[one].jaccard(sketches[other]) >= THRESHOLD
    ]


def datasketch_pairs(texts: list[str]) -> list[tuple[int, int]]:
    """MinHash and MinHashLSH; what comes out of it is checked against the threshold."""
    from datasketch import MinHash, MinHashLSH

    shingles = ([shingle.encode() for shingle in _shingles(text)] for text in texts)
    sketches = MinHash.bulk(shingles, num_perm=PERMUTATIONS)
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    pairs = []
    for number, sketch in enumerate(sketches):
        for other in sorted(index.query(sketch)):
            if sketches[other].jaccard(sketch) >= THRESHOLD:
                pairs.append((other, number))
        index.insert(number, sketch)
    return pairs


def _shingles(text: str) -> list[str]:
    return [text[start : start + SHINGLE] for start in range(len(text) - SHINGLE + 1)]
