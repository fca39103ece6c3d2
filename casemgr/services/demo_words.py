"""The made-up people and words of the demo."""

from __future__ import annotations

from typing import NamedTuple

STAFF = (("tchen", "Tam Chen", "RDH"), ("bokafor", "Bisi Okafor", "CHW"))
"""Login, name and credential of the case managers beside the owner."""

BILLER = ("pdiaz", "Paz Diaz")
"""Login and name of who takes the claims through their life."""

SUNRISE, HARBOR = "Sunrise Medicaid Dental", "Harbor Dental PPO"

PATIENTS = (
    ("Garcia", "Ana", "2012-04-09", "Spanish", SUNRISE, "SYN4410231"),
    ("Garcia", "Ana", "1985-04-09", "Spanish", HARBOR, "SYN5706306"),
    ("O'Brien-Núñez", "María José", "1991-05-17", "Spanish", HARBOR, "SYN2549877"),
    ("Nguyễn", "An", "1968-11-30", "Vietnamese", HARBOR, "SYN7074924"),
    ("李", "小龍", "1975-02-14", "Cantonese", SUNRISE, "SYN1302255"),
    ("van der Berg", "Lotte", "1999-12-31", "Dutch", "", ""),
    ("Abdi", "Faduma", "1988-07-07", "Somali", SUNRISE, "SYN9971871"),
    ("Smith", "[Bud] Robert", "1950-01-01", "English", "", ""),
    ("Ortiz", "Luz", "1979-08-22", "Spanish", SUNRISE, "SYN8120045"),
    ("Example", "Theodora", "1944-03-03", "English", HARBOR, "SYN3300142"),
    ("Sample", "Jonah", "2015-06-18", "English", SUNRISE, "SYN6612098"),
    ("Testwell", "Priya", "2003-10-27", "English", HARBOR, "SYN9145520"),
    ("Mustermann", "Erika", "1964-08-12", "German", HARBOR, "SYN2208119"),
    ("Sample-Nowak", "Zofia", "1957-02-03", "Polish", SUNRISE, "SYN7754102"),
    ("Tremblay-Example", "Noé", "2011-05-22", "French", HARBOR, "SYN6031788"),
    ("Doe", "Janet", "1983-03-19", "English", HARBOR, "SYN4419035"),
    ("Sample-Silva", "Tiago", "2017-12-01", "Portuguese", SUNRISE, "SYN5526640"),
    ("Roe", "Richard", "1940-10-10", "English", SUNRISE, "SYN1183972"),
)
"""Last name, first name, birth date, language, payer and member id; without a payer, the patient pays."""

DENTIST = {"treating_dentist": "Dr. Imani Example", "treating_dentist_npi": "1234567893"}

RIDE: dict[str, object] = {
    "consent": "Signed consent to case management on file",
    "complaint": "Pain at tooth 17 for two weeks; missed two of three visits this year",
    "findings": "Deep caries at 17, extraction planned; visits missed for want of a ride",
    "barriers": ("Z59.82", "mother works nights"),
    "supplementary": "Panoramic image and periapical of 17",
    "plan": "Refer to oral surgery and secure transport, since two visits failed for lack of a ride",
    **DENTIST,
}
LITERACY: dict[str, object] = {
    "consent": "Verbal consent, noted at the visit",
    "complaint": "Bleeding gums; new patient with little experience of dental care",
    "findings": "Generalized gingivitis, high caries risk",
    "barriers": ("Z55.6",),
    "supplementary": "Bitewing images and a plaque index",
    "plan": "Oral-care education with teach-back in the preferred language, since advice in English was not "
    "understood; then recall in three months",
    **DENTIST,
}
NO_CASE = ("Ortiz", "van der Berg")
"""For whom no case is opened, so that a claim lacks it; the others have one of the two, by turns."""
NOT_VERIFIED = ("Ortiz", "Roe")
"""Whose benefits nobody asked the payer about."""


SECOND_CALL = "second call after the missed visit"
"""What is to be done once a voicemail was left."""


class Words(NamedTuple):
    """An activity as somebody would write it."""

    note: str
    outcome: str
    reason: str
    contacted: str
    method: str = "phone"
    next_step: str = ""
    fields: tuple[tuple[str, str], ...] = ()


WORK: dict[str, tuple[Words, ...]] = {
    "referral": (
        Words(
            "Called oral surgery office about 17, records and pano sent",
            "Consult booked",
            "the extraction needs a specialist",
            "front desk of oral surgery",
            next_step="confirm that the consult took place",
            fields=(("specialty", "oral surgery"), ("provider", "Dr. Patel"), ("loop_status", "scheduled")),
        ),
        Words(
            "Packet faxed to endodontics",
            "Referral packet faxed, awaiting appt",
            "the root canal is beyond this office",
            "intake of endodontics",
            method="fax",
            next_step="ask whether the packet arrived",
            fields=(("specialty", "endodontics"),),
        ),
        Words(
            "Spoke with perio front desk; they need prior authorization first",
            "Specialist office will call back",
            "deep pockets need a periodontist",
            "front desk of periodontics",
            fields=(("specialty", "periodontics"),),
        ),
    ),
    "transport": (
        Words(
            "No car; ride arranged both ways",
            "Ride confirmed",
            "two visits failed for want of a ride",
            "ride broker",
            next_step="confirm pick-up the day before",
            fields=(("vendor", "Example Access Ride"), ("both_ways", "yes")),
        ),
        Words(
            "Bus pass for two visits",
            "Bus pass mailed",
            "no money for the fare",
            "patient",
            method="mail",
            fields=(("vendor", "Sample City Transit"),),
        ),
        Words(
            "Asked for a ride on short notice",
            "No vehicle available, rescheduled",
            "the usual driver fell ill",
            "ride broker",
            fields=(("vendor", "Example Access Ride"),),
        ),
    ),
    "interpreter": (
        Words(
            "Asked for a certified interpreter for the extraction",
            "Interpreter booked",
            "consent has to be given in the preferred language",
            "interpreter agency",
            fields=(("certified", "yes"),),
        ),
        Words(
            "Agency called for the consult",
            "Agency has no one for that day",
            "the family does not speak English",
            "interpreter agency",
            next_step="call the second agency",
        ),
    ),
    "missed_visit": (
        Words(
            "First call after the missed visit",
            "Left voicemail",
            "the visit was missed without a word",
            "voicemail",
            next_step=SECOND_CALL,
        ),
        Words(
            "Reached by phone; work schedule conflict",
            "Reached pt, rebooked",
            "treatment was broken off",
            "patient",
        ),
        Words(
            "Phone and text, no answer",
            "Number disconnected, letter sent",
            "nobody answered twice",
            "patient",
            method="mail",
        ),
    ),
    "education": (
        Words(
            "Brushing and diet with teach-back",
            "Teach-back done",
            "gums bleed at every visit",
            "patient",
            method="in_person",
            fields=(("topics", "brushing, diet"),),
        ),
        Words(
            "Fluoride varnish plan explained",
            "Caregiver understood fluoride varnish plan",
            "high caries risk",
            "caregiver",
            fields=(("topics", "fluoride varnish"),),
        ),
        Words(
            'Reviewed snacking; "got it" [smile]',
            "Handout given",
            "sweet drinks between meals",
            "patient",
            method="in_person",
            fields=(("topics", "snacking"),),
        ),
    ),
}
"""By kind, what the demo logs."""

DETAILS = (
    "The aunt takes the calls on weekdays.",
    "Best reached before nine.",
    "Asked to have it repeated slowly, and did.",
    "The school nurse was told as well.",
    "Wants text messages, no letters.",
    "A neighbor may drive in two weeks.",
    "Pain is less than last week.",
    "The antibiotics were finished.",
    "The insurance card was copied anew.",
    "The new address was taken down.",
    "The pharmacy had closed; another was found.",
    "Afraid of needles; the dentist was told.",
    "Works nights until the end of the month.",
    "The stairs are hard; the side door has a ramp.",
    "The brother comes along and helps.",
    "Wrote the date into the calendar together.",
    "Asked what it costs; nothing for this visit.",
    "The form was read out line by line.",
    "Took the last bus home the last time.",
    "The baby comes along; a chair was set aside.",
    "Chewing on the left only.",
    "The partial denture was left at home.",
    "Diabetes is under control, by the doctor's letter.",
    "Thanked for the call.",
)
"""What else is said in a note, by turns, so that no two of a patient are the same."""
