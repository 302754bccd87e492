"""Addresses of the plans of a term, all under “plans/”."""

from django.urls import path

from tanzhao.inspections.views import (
    plans,
    plans_compare,
    plans_moves,
    plans_one,
    plans_rounds,
    plans_units,
)

urlpatterns = [
    path("", plans.terms, name="terms"),
    path("terms/<uuid:term_id>/", plans.term, name="term"),
    path("terms/<uuid:term_id>/begin/", plans.begin, name="begin_plan"),
    path("<uuid:plan_id>/", plans_one.show, name="plan"),
    path("<uuid:plan_id>/compute/", plans_one.compute, name="compute_plan"),
    path("<uuid:plan_id>/progress/", plans_one.progress, name="plan_progress"),
    path("<uuid:plan_id>/stop/", plans_one.stop, name="stop_plan"),
    path("<uuid:plan_id>/cancel/", plans_one.cancel, name="cancel_computing"),
    path("<uuid:plan_id>/refresh/", plans_one.refresh, name="refresh_plan"),
    path("<uuid:plan_id>/propose/", plans_one.propose, name="propose_plan"),
    path("<uuid:plan_id>/approve/", plans_one.approve, name="approve_plan"),
    path("<uuid:plan_id>/return/", plans_one.give_back, name="return_plan"),
    path("<uuid:plan_id>/discard/", plans_one.discard, name="discard_plan"),
    path("<uuid:plan_id>/compare/", plans_compare.compare, name="compare_plans"),
    path("<uuid:plan_id>/units/", plans_units.units, name="plan_units"),
    path("<uuid:plan_id>/units/export/", plans_units.export, name="export_plan"),
    path("<uuid:plan_id>/file/", plans_units.file, name="plan_file"),
    path("<uuid:plan_id>/rename/", plans_one.rename, name="rename_plan"),
    path("<uuid:plan_id>/units/<uuid:unit_id>/", plans_units.unit, name="planned_unit"),
    path("<uuid:plan_id>/units/<uuid:unit_id>/moves/", plans_moves.ask, name="ask_what_moves"),
    path(
        "<uuid:plan_id>/units/<uuid:unit_id>/moves/progress/",
        plans_moves.progress,
        name="moves_progress",
    ),
    path("<uuid:plan_id>/pin/", plans_units.pin, name="pin"),
    path("<uuid:plan_id>/unpin/", plans_units.unpin, name="unpin"),
    path("<uuid:plan_id>/pins/noted/", plans_one.note_pins, name="note_gone_pins"),
    path("<uuid:plan_id>/rounds/", plans_rounds.rounds, name="plan_rounds"),
    path("<uuid:plan_id>/rounds/add/", plans_rounds.add, name="add_planned_round"),
    path("<uuid:plan_id>/rounds/<int:number>/", plans_rounds.change, name="change_planned_round"),
    path(
        "<uuid:plan_id>/rounds/<int:number>/remove/",
        plans_rounds.remove,
        name="remove_planned_round",
    ),
    path(
        "<uuid:plan_id>/rounds/<int:number>/open/",
        plans_rounds.open_round,
        name="open_planned_round",
    ),
]
