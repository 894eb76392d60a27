"""Addresses of units, people, lists from Excel and calendars."""

from __future__ import annotations

from django.urls import path

from wenyou.org.views import calendars, groups, imports, people, units

app_name = "org"
urlpatterns = [
    path("units/", units.units, name="units"),
    path("units/new/", units.open_unit, name="open_unit"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/rename/", units.rename, name="rename"),
    path("units/<int:pk>/reclass/", units.reclass, name="reclass"),
    path("units/<int:pk>/move/", units.move, name="move"),
    path("units/<int:pk>/merge/", units.merge, name="merge"),
    path("units/<int:pk>/close/", units.close, name="close"),
    path("units/<int:pk>/take-back/", units.take_back, name="take_back"),
    path("units/<int:pk>/contact/", units.contact, name="contact"),
    path("units/<int:pk>/hours/", units.hours, name="hours"),
    path("units/<int:pk>/roster/", units.roster, name="roster"),
    path("units/<int:pk>/groups/new/", groups.form_group, name="form_group"),
    path("units/<int:pk>/letters/new/", groups.issue_letter, name="issue_letter"),
    path("groups/<int:pk>/", groups.group, name="group"),
    path("groups/<int:pk>/add/", groups.add_member, name="add_member"),
    path("groups/members/<int:pk>/end/", groups.end_member, name="end_member"),
    path("letters/<int:pk>/", groups.letter, name="letter"),
    path("letters/<int:pk>/sign/", groups.sign_letter, name="sign_letter"),
    path("letters/<int:pk>/note/", groups.note_signature, name="note_signature"),
    path("people/", people.people, name="people"),
    path("people/new/", people.add, name="add_person"),
    path("people/<int:pk>/", people.one, name="person"),
    path("people/<int:pk>/change/", people.change, name="change_person"),
    path("people/<int:pk>/appoint/", people.appoint, name="appoint"),
    path("people/<int:pk>/leave/", people.leave_house, name="leave_house"),
    path("people/<int:pk>/absence/", people.absence, name="absence"),
    path("people/<int:pk>/unmask/<slug:field>/", people.unmask, name="unmask"),
    path("postings/<int:pk>/end/", people.end_posting, name="end_posting"),
    path("absences/<int:pk>/end/", people.end_absence, name="end_absence"),
    path("org/import/", imports.upload, name="import"),
    path("org/import/apply/", imports.apply, name="import_apply"),
    path("org/import/template/", imports.template, name="import_template"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/new/", calendars.enter_calendar, name="enter_calendar"),
    path("calendars/<int:year>/", calendars.calendar, name="calendar"),
]
