"""The made-up people and words of the demo."""

from __future__ import annotations

from typing import NamedTuple

STAFF = (("tchen", "Tam Chen", "RDH"), ("bokafor", "Bisi Okafor", "CHW"))
"""Login, name and credential of the staff beside the owner."""

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
)
"""Last name, first name, birth date, language, payer and member id; without a payer, the patient pays."""

CASES: tuple[dict[str, object], ...] = (
    {
        "consent": "Signed consent to case management on file",
        "complaint": "Pain at tooth 17 for two weeks; missed two of three visits this year",
        "findings": "Deep caries at 17, extraction planned; visits missed for want of a ride",
        "barriers": ("Z59.82", "mother works nights"),
        "supplementary": "Panoramic image and periapical of 17",
        "plan": "Refer to oral surgery and secure transport, since two visits failed for lack of a ride",
        "treating_dentist": "Dr. Imani Example",
        "treating_dentist_npi": "0000000000",
    },
    {
        "consent": "Verbal consent, noted at the visit",
        "complaint": "Bleeding gums; new patient with little experience of dental care",
        "findings": "Generalized gingivitis, high caries risk",
        "barriers": ("Z55.6",),
        "plan": "Oral-care education with teach-back in the preferred language, then recall in three months",
        "treating_dentist": "Dr. Imani Example",
    },
    {},
)
"""What the cases say, one after another; an empty one opens no case."""


class Words(NamedTuple):
    """An activity as somebody would write it."""

    note: str
    outcome: str
    method: str = "phone"
    contacted: str = ""
    next_step: str = ""
    fields: tuple[tuple[str, str], ...] = ()


WORK: dict[str, tuple[Words, ...]] = {
    "referral": (
        Words(
            "Called oral surgery office about 17, records and pano sent",
            "Consult booked",
            contacted="front desk of oral surgery",
            next_step="confirm that the consult took place",
            fields=(("specialty", "oral surgery"), ("provider", "Dr. Patel"), ("loop_status", "scheduled")),
        ),
        Words(
            "Packet faxed to endodontics",
            "Referral packet faxed, awaiting appt",
            method="fax",
            next_step="ask whether the packet arrived",
            fields=(("specialty", "endodontics"),),
        ),
        Words(
            "Spoke with perio front desk; they need prior authorization first",
            "Specialist office will call back",
        ),
    ),
    "transport": (
        Words(
            "No car; ride arranged both ways",
            "Ride confirmed",
            contacted="ride broker",
            next_step="confirm pick-up the day before",
            fields=(("vendor", "Example Access Ride"), ("both_ways", "yes")),
        ),
        Words("Bus pass for two visits", "Bus pass mailed", method="mail"),
        Words("Asked for a ride on short notice", "No vehicle available, rescheduled"),
    ),
    "interpreter": (
        Words(
            "Asked for a certified interpreter for the extraction",
            "Interpreter booked",
            contacted="interpreter agency",
            fields=(("language", "Spanish"), ("certified", "yes")),
        ),
        Words(
            "Agency called for Vietnamese",
            "Agency has no one for that day",
            next_step="call the second agency",
        ),
    ),
    "missed_visit": (
        Words(
            "First call after the missed visit",
            "Left voicemail",
            next_step="second call after the missed visit",
        ),
        Words(
            "Reached by phone; work schedule conflict",
            "Reached pt, rebooked",
            contacted="patient",
            fields=(("attempt_number", "2"),),
        ),
        Words("Phone and text, no answer", "Number disconnected, letter sent", method="mail"),
    ),
    "education": (
        Words(
            "Brushing and diet with teach-back", "Teach-back done", method="in_person", contacted="patient"
        ),
        Words(
            "Fluoride varnish plan explained",
            "Caregiver understood fluoride varnish plan",
            contacted="caregiver",
        ),
        Words('Reviewed snacking; "got it" [smile]', "Handout given in Spanish", method="in_person"),
    ),
}
"""By kind, what the demo logs."""
