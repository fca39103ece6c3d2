"""Kinds of activity, each declared in a TOML file: fields, outcomes, people's words, sentence, codes.

That file is the one declaration: forms, options, columns, the importer's vocabulary and the narrative use it.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field as Constraint

from casemgr.core.base import Content
from casemgr.core.content import broken, did_you_mean, read_content
from casemgr.core.fields import Field, FieldProblem
from casemgr.core.holes import COMMON_HOLES, NoteTemplate
from casemgr.core.outcomes import Outcome, OutcomeFinder
from casemgr.core.rows import OTHER
from casemgr.core.template import Template, parse_template
from casemgr.core.text import fold, words
from casemgr.core.wording import quoted
from casemgr.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

Code = Annotated[str, Constraint(pattern=r"^D\d{4}$")]
"""A procedure code of the CDT."""


class Kind(Content):
    """A kind of activity. A file is named after the kind that it declares."""

    kind: Annotated[str, Constraint(pattern=r"^[a-z][a-z0-9_]*$")]
    """The id that activities keep."""
    title: Annotated[str, Constraint(min_length=1)]
    aliases: tuple[str, ...] = ()
    """What people write for it, beside id and title."""
    code: Code
    """The procedure code, as the practice bills it unless the payer's file maps it."""
    nomenclature: Code
    """The code that the code set itself names for this work."""
    why: str = ""
    """Why the code set names that one, to go on after a semicolon."""
    sentence: Annotated[str, Constraint(min_length=1)]
    """What `Marisol Rivera spent 20 minutes …` goes on with; see casemgr.core.template."""
    outreach: bool = False
    """Whether such work asks patients back: see casemgr.core.insights for what is measured after it."""
    ladder: str = ""
    """Where such work is one attempt after another to reach a patient who missed a visit: the field with that
    visit's date. See casemgr.core.ladder; empty for any other kind."""
    fields: Annotated[tuple[Field, ...], Constraint(alias="field")] = ()
    outcomes: Annotated[tuple[Outcome, ...], Constraint(alias="outcome")]
    note_templates: Annotated[tuple[NoteTemplate, ...], Constraint(alias="template")] = ()
    """Notes with holes, to begin from; see casemgr.core.holes."""

    @cached_property
    def template(self) -> Template:
        """The sentence in parts."""
        return parse_template(self.sentence)

    @cached_property
    def finder(self) -> OutcomeFinder:
        """Finds outcomes in words."""
        return OutcomeFinder(self.outcomes)

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)

    def outcome(self, outcome_id: str) -> Outcome | None:
        """The outcome with that id."""
        return next((outcome for outcome in self.outcomes if outcome.id == outcome_id), None)

    def note_template(self, name: str) -> NoteTemplate | None:
        """The template of a name, in any case and with or without its punctuation."""
        return next((each for each in self.note_templates if fold(each.name) == fold(name)), None)

    def match_outcome(self, text: str) -> Outcome:
        """The outcome that words mean, else the one with the id `other`; see OutcomeFinder.find."""
        return self.finder.find(text)

    def check_fields(self, values: Mapping[str, str], around: date | None = None) -> list[FieldProblem]:
        """What is wrong with values of the kind's own fields, by name.

        An empty list means that read_fields takes them. Fields that are missing are no problem here: see
        missing_fields.
        """
        problems = []
        for name, value in values.items():
            field = self.field(name)
            if field is None:
                near = did_you_mean(name, [field.name for field in self.fields])
                problems.append(FieldProblem(name, f"{self.title} has no field {quoted(name)}{near}"))
                continue
            try:
                field.read(value, around)
            except ParseError as error:
                problems.append(FieldProblem(name, str(error)))
        return problems

    def read_fields(self, values: Mapping[str, str], around: date | None = None) -> dict[str, str]:
        """Values of the kind's own fields as they are kept, the empty ones left out.

        Args:
            values: as written, by the field's name.
            around: the activity's own date, from which dates without a year count.

        Raises:
            ParseError: a field cannot take its value; check_fields tells of all of them.
        """
        given = {name: values[name] for name in values if self.field(name)}
        read = {f.name: f.read(given[f.name], around) for f in self.fields if f.name in given}
        return {name: value for name, value in read.items() if value}

    def missing_fields(self, values: Mapping[str, str]) -> list[FieldProblem]:
        """The fields that the documentation needs and that are empty: findings, never a reason not to log."""
        return [
            FieldProblem(field.name, f"{field.label} is not stated.")
            for field in self.fields
            if field.required and not values.get(field.name)
        ]

    def details(self, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """(label, value) of the fields that are filled, in the kind's order, as people read them."""
        return tuple(
            (field.label, field.shown(values[field.name])) for field in self.fields if values.get(field.name)
        )

    def words_for_holes(self, values: Mapping[str, str], around: date | None = None) -> dict[str, str]:
        """What the kind's own fields put into the holes of their names, as people read it.

        Args:
            values: as written, by the field's name; what no field can take fills nothing.
            around: the activity's own date, from which dates without a year count.
        """
        own = {name: value for name, value in values.items() if self.field(name)}
        wrong = {problem.field for problem in self.check_fields(own, around)}
        read = self.read_fields({name: own[name] for name in own if name not in wrong}, around)
        return {field.name: field.shown(read[field.name]) for field in self.fields if field.name in read}

    def doing(self, values: Mapping[str, str]) -> str:
        """What was done, to go on after `spent 20 minutes`."""
        return self.template.fill({f.name: f.in_sentence(values.get(f.name, "")) for f in self.fields})

    def holes_to_type(self, template: NoteTemplate) -> tuple[str, ...]:
        """The names of a template's holes that nothing in an activity fills."""
        return tuple(name for name in template.holes if not self.field(name) and name not in COMMON_HOLES)

    def warning_for(self, code: str) -> str:
        """Why a code on a claim differs from what the code set says of this work; empty where it does not."""
        if code == self.nomenclature:
            return ""
        because = f": {self.why}" if self.why else ""
        return f"{self.title} stands under {code}; the code set names {self.nomenclature} for it{because}."

    def faults(self) -> Iterator[str]:
        """What is wrong with the declaration beyond what its types say."""
        if OTHER not in {outcome.id for outcome in self.outcomes}:
            yield f'there is no outcome "{OTHER}", which takes words that fit none of the others'
        named = [f'field "{f.name}"' for f in self.fields] + [f'outcome "{o.id}"' for o in self.outcomes]
        named += [f'template "{fold(t.name)}"' for t in self.note_templates]
        yield from (f"the {name} is declared twice" for name, count in Counter(named).items() if count > 1)
        for text in (*self.aliases, *(phrase for outcome in self.outcomes for phrase in outcome.words)):
            # Folding every phrase would double the time that loading takes.
            if not any(map(str.isalnum, text)):
                yield f'"{text}" has no letters or digits'
        for field in self.fields:
            yield from field.faults()
        for template in self.note_templates:
            yield from template.faults()
        if self.ladder:
            missed = self.field(self.ladder)
            if missed is None:
                near = did_you_mean(self.ladder, [field.name for field in self.fields])
                yield f'ladder: no field "{self.ladder}"{near}'
            elif missed.type != "date":
                yield f'ladder: the field "{self.ladder}" holds no date'
        try:
            sentence = self.template
        except ValueError as error:
            yield f"sentence: {error}"
            return
        known = {field.name: field for field in self.fields}
        for name in sentence.names:
            if name not in known:
                yield f'sentence: no field "{name}"{did_you_mean(name, known)}'
        for name in sentence.needed:
            if name in known and not known[name].unstated:
                yield f'sentence: "{name}" must stand in brackets, or its field needs the key "unstated"'


class Kinds:
    """The kinds of activity, the practice's own included, in order of their files' names."""

    def __init__(self, kinds: Iterable[Kind], aliases: Mapping[tuple[str, ...], str]) -> None:
        """See Kinds.load."""
        self._kinds = {kind.kind: kind for kind in kinds}
        self.aliases = aliases
        """Kind ids by the folded words of every alias, id and title, and the plural of each."""
        self._longest = max(map(len, aliases), default=0)

    @classmethod
    def load(cls, raw: Iterable[tuple[Path, Mapping[str, Any]]]) -> Kinds:
        """Kinds from files and what they hold.

        Raises:
            ContentBroken: a file is not a kind, two share an alias, or a sentence names no field.
        """
        kinds: list[Kind] = []
        aliases: dict[tuple[str, ...], str] = {}
        for path, content in raw:
            kind = read_content(Kind, content, path)
            faults = list(kind.faults())
            if kind.kind != path.stem:
                faults.append(f'the kind "{kind.kind}" belongs in a file {kind.kind}.toml')
            for alias in (kind.kind, kind.title, *kind.aliases):
                owner = aliases.setdefault(words(alias), kind.kind)
                if owner != kind.kind:
                    faults.append(f'the alias "{alias}" belongs to the kind "{owner}" already')
            if faults:
                raise broken(path, faults)
            kinds.append(kind)
        # Plurals never take an alias away from the kind that declares it.
        for said, owner in list(aliases.items()):
            aliases.setdefault((*said[:-1], f"{said[-1]}s"), owner)
        return cls(kinds, aliases)

    def __iter__(self) -> Iterator[Kind]:
        """In order of their files' names."""
        return iter(self._kinds.values())

    def __len__(self) -> int:
        """How many there are."""
        return len(self._kinds)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all kinds."""
        return tuple(self._kinds)

    def get(self, kind_id: str) -> Kind | None:
        """The kind with an id."""
        return self._kinds.get(kind_id)

    def kept(self, kind_id: str) -> Kind:
        """The kind of a kept activity; a plain stand-in where its file has been taken away since."""
        found = self._kinds.get(kind_id)
        if found:
            return found
        name = kind_id.replace("_", " ")
        return Kind.model_validate(
            {
                "kind": kind_id,
                "title": name.capitalize(),
                "code": "D9993",
                "nomenclature": "D9993",
                "sentence": f"on {name}",
                "outcome": [{"id": OTHER, "label": "Other"}],
            }
        )

    def title(self, kind_id: str) -> str:
        """A kind's title."""
        return self.kept(kind_id).title

    def match_outcome(self, kind_id: str, text: str) -> str:
        """The id of the kind's outcome that words mean, else `other`."""
        return self.kept(kind_id).match_outcome(text).id

    def find(self, text: str) -> Kind | None:
        """The kind that somebody's word for it means.

        An alias, id or title in any case, with or without a plural s; else the longest alias that the text
        begins with: `Ref - OS`, `Interp (Spanish)`, `education - diet/caries`.
        """
        said = words(text)
        for length in range(min(len(said), self._longest), 0, -1):
            owner = self.aliases.get(said[:length])
            if owner:
                return self._kinds[owner]
        return None

    def nearest(self, text: str) -> list[str]:
        """Ids of the kinds whose aliases are most like a text, the likest first; all kinds where none is."""
        # Imported here: only mistakes need it.
        from difflib import get_close_matches

        known = {" ".join(alias): owner for alias, owner in self.aliases.items()}
        near = get_close_matches(" ".join(words(text)), known, n=6, cutoff=0.6)
        return list(dict.fromkeys(known[alias] for alias in near)) or list(self._kinds)
