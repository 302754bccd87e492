"""A cluster finds what one machine finds: the same pairs, the same common passages."""

import shutil

import pytest

from tanzhao.engines.likeness import scan
from tanzhao.engines.likeness.keeping.adding import By
from tanzhao.engines.likeness.keeping.texts_file import write_texts
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.spark import scan_on_spark
from tanzhao.engines.likeness.texts import Extracted
from tests.engines.likeness.generator import make_corpus

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java on this machine"),
    # PySpark's own doings.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def test_two_workers_find_the_pairs_and_the_common_passages_of_a_scan(spark, tmp_path):
    settings = Settings(cap=8, few=3)
    corpus = make_corpus(11, 100, cap=8)
    write_texts(
        tmp_path / "texts.parquet",
        ((key, Extracted(text, (), "text", 1.0)) for key, text in corpus.documents.items()),
    )
    here = scan(corpus.documents, settings, allowed=corpus.allowed, templates=corpus.templates)

    by = By(settings, corpus.allowed, corpus.templates)
    there = scan_on_spark(tmp_path / "texts.parquet", by, master=spark.sparkContext.master)

    assert len(here.pairs) > 20
    assert any(one.template for one in here.common)
    assert there == here
