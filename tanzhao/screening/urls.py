"""Addresses of screening."""

from django.urls import path

from tanzhao.screening.views import comparisons, datasets, editor, hits, rules, verifying

app_name = "screening"
urlpatterns = [
    path("", hits.hits, name="hits"),
    path("export/", hits.export, name="export_hits"),
    path("assign/", hits.assign, name="assign_hits"),
    path("hits/<uuid:hit_id>/", verifying.hit, name="hit"),
    path("hits/<uuid:hit_id>/unmask/", verifying.unmask, name="unmask"),
    path("hits/<uuid:hit_id>/propose/", verifying.propose, name="propose_outcome"),
    path("hits/<uuid:hit_id>/confirm/", verifying.confirm, name="confirm_outcome"),
    path("hits/<uuid:hit_id>/return/", verifying.send_back, name="return_outcome"),
    path("hits/<uuid:hit_id>/reopen/", verifying.reopen, name="reopen_hit"),
    path(
        "hits/<uuid:hit_id>/evidence/<uuid:verification_id>/",
        verifying.evidence_file,
        name="evidence_file",
    ),
    path("data-sets/", datasets.data_sets, name="data_sets"),
    path("data-sets/add/", datasets.add, name="add_data_set"),
    path("data-sets/<uuid:data_set_id>/", datasets.data_set, name="data_set"),
    path("data-sets/<uuid:data_set_id>/load/", datasets.load, name="load_data_set"),
    path("data-sets/<uuid:data_set_id>/stop/", datasets.stop, name="stop_loading"),
    path("comparisons/", comparisons.comparisons, name="comparisons"),
    path("comparisons/request/", comparisons.request_, name="request_comparison"),
    path("comparisons/<uuid:comparison_id>/", comparisons.comparison, name="comparison"),
    path("comparisons/<uuid:comparison_id>/approve/", comparisons.approve, name="approve"),
    path("comparisons/<uuid:comparison_id>/refuse/", comparisons.refuse, name="refuse"),
    path("comparisons/<uuid:comparison_id>/again/", comparisons.again, name="compare_again"),
    path("comparisons/<uuid:comparison_id>/stop/", comparisons.stop, name="stop_comparing"),
    path("rules/", rules.rules, name="rules"),
    path("rules/begin/", editor.begin, name="begin_rule"),
    path("rules/own/<uuid:rule_id>/", editor.office_rule, name="office_rule"),
    path("rules/own/<uuid:rule_id>/edit/", editor.edit, name="edit_rule"),
    path("rules/own/<uuid:rule_id>/lint/", editor.lint, name="lint_rule"),
    path("rules/own/<uuid:rule_id>/try/", editor.try_, name="try_rule"),
    path("rules/own/<uuid:rule_id>/stop/", editor.stop, name="stop_trial"),
    path("rules/own/<uuid:rule_id>/propose/", editor.propose, name="propose_rule"),
    path("rules/own/<uuid:rule_id>/approve/", editor.approve, name="approve_rule"),
    path("rules/own/<uuid:rule_id>/return/", editor.send_back, name="return_rule"),
    path("rules/own/<uuid:rule_id>/withdraw/", editor.withdraw, name="withdraw_rule"),
    path("rules/own/<uuid:rule_id>/discard/", editor.discard, name="discard_rule"),
    path("rules/<slug:name>/begin/", editor.begin_version, name="begin_version"),
    path("rules/<slug:name>/", rules.rule, name="rule"),
]
