"""Like papers by TF-IDF of letter n-grams and the ten nearest of each: pairs, no passages."""

NEAREST = 10
THRESHOLD = 0.3


def tfidf_pairs(texts: list[str]) -> list[tuple[int, int]]:
    """scikit-learn's n-grams of four letters, and sparse-dot-topn's product."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    words = TfidfVectorizer(analyzer="char", ngram_range=(4, 4), min_df=2)
    matrix = words.fit_transform(texts)
    nearest = sp_matmul_topn(matrix, matrix.T.tocsr(), top_n=NEAREST + 1, threshold=THRESHOLD)
    rows, columns = nearest.nonzero()
    return sorted({(min(r, c), max(r, c)) for r, c in zip(rows, columns, strict=True) if r != c})
