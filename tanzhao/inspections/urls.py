"""Addresses of inspections."""

from django.urls import include, path

from tanzhao.inspections.views import alerts, authorisations, declarations, one_round, rounds, teams

app_name = "inspections"
urlpatterns = [
    path("", rounds.rounds, name="rounds"),
    path("export/", rounds.export_rounds, name="export_rounds"),
    path("new/", rounds.new_round, name="new_round"),
    path("terms/new/", rounds.new_term, name="new_term"),
    path("plans/", include("tanzhao.inspections.urls_plans")),
    path("<uuid:round_id>/", one_round.show, name="round"),
    path("<uuid:round_id>/change/", rounds.change, name="change_round"),
    path("<uuid:round_id>/approve/", one_round.approve, name="approve_round"),
    path("<uuid:round_id>/staffed/", one_round.staffed, name="mark_staffed"),
    path("<uuid:round_id>/reopen/", one_round.reopen, name="reopen_staffing"),
    path("<uuid:round_id>/enter-field/", one_round.enter, name="enter_field"),
    path("<uuid:round_id>/teams/", one_round.add_team, name="form_team"),
    path("alerts/members/<uuid:member_id>/out/", alerts.take_out, name="alert_take_out"),
    path("alerts/teams/<uuid:team_id>/waivers/", alerts.ask_waiver, name="alert_waiver"),
    path("recusals/", declarations.own, name="own_recusals"),
    path("recusals/units/", declarations.unit_names, name="recusal_units"),
    path("recusals/<uuid:inspector_id>/", declarations.of_person, name="recusals_of"),
    path("recusals/<uuid:recusal_id>/withdraw/", declarations.withdraw, name="withdraw_recusal"),
    path("", include("tanzhao.inspections.urls_proposals")),
    path("teams/<uuid:team_id>/", teams.members, name="team"),
    path("teams/<uuid:team_id>/units/", teams.units, name="team_units"),
    path("teams/<uuid:team_id>/disband/", one_round.disband, name="disband_team"),
    path("teams/<uuid:team_id>/add/", teams.add, name="add_member"),
    path("teams/<uuid:team_id>/assign/", teams.assign, name="assign_unit"),
    path("teams/<uuid:team_id>/waivers/", teams.ask_waiver, name="request_waiver"),
    path("members/<uuid:member_id>/role/", teams.role, name="change_role"),
    path("members/<uuid:member_id>/remove/", teams.remove, name="remove_member"),
    path("engagements/<uuid:engagement_id>/withdraw/", teams.withdraw, name="withdraw_unit"),
    path("waivers/<uuid:waiver_id>/decide/", one_round.decide, name="decide_waiver"),
    path("<uuid:round_id>/authorisation/", authorisations.show, name="authorisation"),
    path("<uuid:round_id>/authorisation/file/", authorisations.download, name="authorisation_file"),
    path("<uuid:round_id>/authorisation/draft/", authorisations.draft, name="draft_authorisation"),
    path(
        "<uuid:round_id>/authorisation/approve/",
        authorisations.approve,
        name="approve_authorisation",
    ),
    path(
        "<uuid:round_id>/authorisation/return/",
        authorisations.give_back,
        name="return_authorisation",
    ),
    path(
        "<uuid:round_id>/authorisation/revoke/",
        authorisations.revoke,
        name="revoke_authorisation",
    ),
]
